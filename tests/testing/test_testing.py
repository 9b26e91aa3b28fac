"""What we offer other test suites; and by it, mistakes planted in our own engine are found."""

import contextlib
import importlib
import inspect
import io
import math
import re
import sys
import textwrap
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

import microbp
from microbp import DomainError, Value, relu, sigmoid, sqrt
from microbp.core import engine, floats, ops
from microbp.core.custom_op import operation
from microbp.core.ops import table
from microbp.core.python import backward, value
from microbp.nn.layers import ACTIVATIONS, Net
from microbp.testing.api import assert_grad_ok, expressions, networks, values
from microbp.testing.expression import OURS, Expression
from microbp.testing.strategies import FAR_ENDS

BOTH = Expression((0.5, 3.0), ((ops.MUL, (1, 2)), (ops.TANH, (1,))))
repeatable = settings(derandomize=True, database=None, deadline=None)


def drawn(strategy, examples=200):
    """Some examples of a strategy, the same in every run."""
    found = []

    @settings(repeatable, max_examples=examples, phases=[Phase.generate])
    @given(strategy)
    def collect(example):
        found.append(example)

    collect()
    return found


def reported(test, capsys):
    """The error of a Hypothesis test that fails, and what Hypothesis reports with it."""
    with pytest.raises(AssertionError) as error:
        test()
    notes = getattr(error.value, "__notes__", [])  # Python 3.10 has none, and prints
    return str(error.value), "\n".join([capsys.readouterr().out, *notes])


def printed(program):
    """What a program prints, on its own."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(program, {})
    return out.getvalue()


@pytest.fixture
def own(monkeypatch):
    """Make an operation that is gone after the test."""
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    before = dict(table)
    for op in before.values():
        if op not in OURS:  # made by another test, or an example of the manual
            del table[op.name]
    yield operation
    table.clear()
    table.update(before)


# --- values


def test_values_are_leaves_of_any_float():
    leaves = drawn(values())
    assert all(type(x) is Value and x.op is None and x.grad == 0.0 for x in leaves)
    data = [x.data for x in leaves]
    assert any(map(math.isnan, data))
    assert any(map(math.isinf, data))


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        ({"min_value": 0.0, "max_value": 1.0}, lambda x: 0.0 <= x <= 1.0),
        ({"allow_nan": False}, lambda x: not math.isnan(x)),
        ({"allow_nan": False, "allow_infinity": False}, math.isfinite),
        (
            {"min_value": 0.0, "max_value": 1.0, "exclude_min": True, "exclude_max": True},
            lambda x: 0.0 < x < 1.0,
        ),
    ],
)
def test_values_have_the_options_of_floats(options, holds):
    data = [x.data for x in drawn(values(**options))]
    assert len(set(data)) > 20
    assert all(map(holds, data))


# --- expressions


def test_expressions_are_finite_and_leave_nothing_aside():
    for expression in drawn(expressions(max_nodes=9)):
        nodes = expression.nodes(map(Value, expression.leaves))
        assert len(expression.leaves) < len(nodes) <= 9
        assert all(math.isfinite(node.data) for node in nodes)
        used = {operand for node in nodes for operand in node.operands}
        assert used.issuperset(nodes[len(expression.leaves) : -1])


def test_expressions_share_nodes_and_meet_what_formulas_stumble_over():
    found = drawn(expressions(ops=OURS), 500)
    leaves = {x for expression in found for x in expression.leaves}
    assert leaves.issuperset([-1.0, 0.0, 1.0])
    assert len(leaves.intersection(x for end in FAR_ENDS for x in (end, -end))) > 15
    assert {op for expression in found for op, _ in expression.steps} == set(OURS)
    assert sum(len(e.steps) > 5 for e in found) > 50
    repeats = [len(backs) > len(set(backs)) for e in found for _, backs in e.steps]
    assert sum(repeats) > 100


@pytest.mark.parametrize("ops", [["mul", "log"], [ops.MUL, ops.LOG], [ops.MUL, microbp.log]])
def test_operations_are_given_by_name_as_functions_or_as_they_stand_in_the_table(ops):
    found = {op.name for expression in drawn(expressions(ops=ops)) for op, _ in expression.steps}
    assert found == {"mul", "log"}


@pytest.mark.parametrize("name", [op.name for op in OURS if op.domain is not None])
@pytest.mark.parametrize("smooth", [False, True])
def test_leaves_suit_the_domain_of_a_single_operation(name, smooth):
    @settings(repeatable, max_examples=50)  # with the health check against too many misses
    @given(expressions(ops=[name], smooth=smooth))
    def computes(expression):
        expression(*map(Value, expression.leaves))

    computes()


def test_every_leaf_is_a_number_at_which_some_operation_has_a_value():
    found = drawn(expressions(ops=["log", "acos"], inputs=3))
    assert all(x >= -1.0 for expression in found for x in expression.leaves)


def test_what_overflows_is_left_out():
    for expression in drawn(expressions(ops=["exp", "mul"])):
        assert math.isfinite(expression.over(floats, expression.leaves))


def test_leaves_suit_a_domain_of_ones_own(own):
    far = ops.Domain("far is of numbers above 100", lambda x: x > 100.0)
    cube = own("far", value=lambda m, x: x**3, partials=lambda m, y, x: (3 * x**2,), domain=far)
    found = drawn(expressions(ops=[cube], inputs=1))
    assert all(expression.leaves[0] > 100.0 for expression in found)
    assert any(expression.leaves[0] not in FAR_ENDS for expression in found)


@pytest.mark.parametrize("inputs", [1, 2, 5])
def test_there_are_as_many_inputs_as_asked_for(inputs):
    found = drawn(expressions(inputs=inputs, max_nodes=inputs + 1), 50)
    assert {(len(e.leaves), len(e.steps)) for e in found} == {(inputs, 1)}


def test_leaves_are_drawn_from_the_numbers_given():
    found = drawn(expressions(numbers=st.sampled_from([0.25, 0.75])), 50)
    assert {x for expression in found for x in expression.leaves} == {0.25, 0.75}


def test_operations_of_ones_own_are_drawn_like_ours(own):
    strategy = expressions()  # made before the operations are
    own("cube", value=lambda m, x: x * x * x, partials=lambda m, y, x: (3 * x * x,))
    own("inverse", value=lambda m, x: 1 / x, partials=lambda m, y, x: (-1 / x / x,))  # no domain
    own(
        "mean",
        value=lambda m, *xs: sum(xs[1:], xs[0]) / len(xs),
        partials=lambda m, y, *xs: (1 / len(xs),) * len(xs),
    )
    found = {op.name for expression in drawn(strategy, 500) for op, _ in expression.steps}
    assert found == set(table)
    assert {"cube", "inverse", "mean"} < found


@pytest.mark.parametrize("name", ["mul", "acos", "dot", "logsumexp"])
def test_a_graph_shrinks_to_the_one_operation_that_matters(name):
    shortest = find(
        expressions(),
        lambda expression: any(op.name == name for op, _ in expression.steps),
        settings=settings(repeatable, max_examples=2_000),
    )
    assert [op.name for op, _ in shortest.steps] == [name]
    assert len(shortest.leaves) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ops": ["sine"]}, "expressions: no operation 'sine'; there are add, sub, "),
        ({"ops": []}, "expressions: expected at least one operation, got none"),
        (
            {"inputs": 3, "max_nodes": 3},
            "expressions: expected an input or more and room for an operation, got inputs=3 and "
            "max_nodes=3",
        ),
        ({"inputs": 0}, "expressions: expected an input or more and room for an operation, got "),
    ],
)
def test_what_cannot_be_drawn_is_refused(options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        drawn(expressions(**options))


# --- Expression


@settings(max_examples=50)
@given(expressions(ops=OURS))
def test_an_expression_prints_as_a_program_that_runs(expression):
    scope = {}
    exec(repr(expression), scope)
    nodes = expression.nodes(map(Value, expression.leaves))
    nodes[-1].backward()
    for leaf, name in zip(nodes, expression.names, strict=False):
        assert repr((scope[name].data, scope[name].grad)) == repr((leaf.data, leaf.grad))


@settings(max_examples=20)
@given(expressions(ops=OURS, max_nodes=6, numbers=st.floats(0.5, 2.0)))
def test_an_expression_prints_as_a_check_that_runs(expression):
    report = microbp.gradcheck(expression, *map(Value, expression.leaves, expression.names))
    assert printed(expression.check(expression.leaves)) == f"{report}\n"


def test_an_expression_is_called_with_values_or_numbers():
    x = Value(2.0)
    y = BOTH(x, 0.25)
    assert BOTH(2.0, 0.25) == y.data == math.tanh(0.5)
    assert y.operands[0].operands[1] is x
    with pytest.raises(ValueError, match=r"^expected 2 inputs, got 1$"):
        BOTH(x)


def test_numbers_that_are_no_literals_are_spelled_as_code():
    expression = Expression((math.nan, -math.inf), ((ops.ADD, (1, 2)),))
    assert "x0 = Value(float('nan'))\nx1 = Value(float('-inf'))\ny0 = x1 + x0\n" in repr(expression)


# --- networks


def test_networks_have_all_shapes():
    nets = drawn(networks(), 300)
    layers = [list(net.layers.values()) for net in nets]
    assert {len(each) for each in layers} == {1, 2, 3}
    assert {net.inputs["x"] for net in nets} == {1, 2, 3, 4}
    assert {len(each[-1].neurons) for each in layers} == {1, 2, 3, 4}
    assert {layer.neurons[0].activation for each in layers for layer in each} == set(ACTIVATIONS)
    assert len({net.parameters()[0].data for net in nets}) > 50
    fed = [of for net in nets for of in net.fed_by.values()]
    assert ["x", "hidden1"] in fed
    assert ["hidden1", "hidden2"] in fed
    for net in nets:
        names = ["x", *net.layers]
        assert [of[-1] for of in net.fed_by.values()] == names[:-1]


def test_networks_keep_to_what_is_asked_for():
    strategy = networks(
        inputs=3, outputs=2, max_layers=2, max_units=5, activations=["tanh"], skips=False
    )
    for net in drawn(strategy, 100):
        assert net.inputs == {"x": 3}
        assert len(net([0.5, 0.5, 0.5])) == 2
        assert len(net.layers) <= 2
        assert all(len(of) == 1 for of in net.fed_by.values())
        assert {layer.neurons[0].activation for layer in net.layers.values()} == {"tanh"}


def test_a_failing_network_is_reported_as_the_code_that_makes_it(capsys):
    failing = []

    @repeatable
    @given(networks())
    def no_skips(net):
        failing.append(net)
        assert all(len(of) == 1 for of in net.fed_by.values())

    _, report = reported(no_skips, capsys)
    code = next(line for line in report.split("\n") if line.startswith("net = "))
    scope = {}
    exec(f"import random\nfrom microbp.nn.layers import Net\n{code}", scope)
    assert scope["net"].state_dict() == failing[-1].state_dict()


@settings(max_examples=20)
@given(networks(max_units=3, activations=["tanh", "sigmoid", "softplus"]))
def test_derivatives_of_networks_are_right(net):
    inputs = [0.5] * net.inputs["x"]
    assert_grad_ok(lambda: microbp.total(net(inputs)), parameters=net.parameters())


# --- assert_grad_ok


def off_by(factor):
    """An identity whose partial is not 1."""
    op = ops.Op("off", "off", lambda m, x: 1.0 * x, lambda m, y, x: (factor,))
    return lambda x: microbp.core.functions.call(op, x)


def test_a_right_derivative_gives_the_report():
    assert assert_grad_ok(lambda x, y: x * sigmoid(y), 2.0, Value(0.5)).verdict == "pass"
    assert assert_grad_ok(lambda x: x**3, 2.0, order=2).verdict == "pass"
    assert assert_grad_ok(BOTH).verdict == "pass"
    assert [entry.name for entry in assert_grad_ok(BOTH, 0.1, 0.2).entries] == ["x0", "x1"]


def test_a_wrong_derivative_raises_with_the_report():
    with pytest.raises(AssertionError) as error:
        assert_grad_ok(off_by(1.001), 2.0)
    assert str(error.value) == str(microbp.gradcheck(off_by(1.001), 2.0))
    assert str(error.value).startswith("gradcheck: fail\n")


UNJUDGED = {
    "kink": (relu, 0.0),
    "domain-edge": (sqrt, 0.0),
    "inconclusive": (lambda x: x * 1e200 * 1e200, 1.0),
}


@pytest.mark.parametrize("verdict", UNJUDGED)
def test_outside_hypothesis_only_a_pass_passes(verdict):
    f, x = UNJUDGED[verdict]
    with pytest.raises(AssertionError, match=f"^gradcheck: {verdict}\n"):
        assert_grad_ok(f, x)
    assert assert_grad_ok(f, x, allow={verdict}).verdict == verdict


@pytest.mark.parametrize("verdict", UNJUDGED)
def test_in_hypothesis_what_cannot_be_judged_counts_for_nothing(verdict):
    f, x = UNJUDGED[verdict]
    passed = []

    @settings(repeatable, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from([x, 0.75]))
    def some(at):
        assert_grad_ok(f if at == x else sigmoid, at)
        passed.append(at)

    some()
    assert set(passed) == {0.75}

    @settings(repeatable, suppress_health_check=list(HealthCheck))
    @given(st.just(x))
    def none(at):
        assert_grad_ok(f, at)

    with pytest.raises(Unsatisfiable):
        none()


def test_what_f_raises_comes_through():
    with pytest.raises(DomainError, match=r"^sqrt\(x = -1\.0\): "):
        assert_grad_ok(sqrt, Value(-1.0, "x"))
    with pytest.raises(ValueError, match="argument"):
        assert_grad_ok(BOTH, 1.0)


# --- What Hypothesis knows


ORDERS = ["import hypothesis, microbp", "import microbp, hypothesis", "import microbp.testing.api"]


@pytest.mark.parametrize("imports", ORDERS)
def test_hypothesis_knows_our_types_whichever_is_imported_first(python, imports):
    code = f"""
{imports}
from hypothesis import strategies as st
from microbp.nn.layers import Net
print(st.from_type(microbp.Value), st.from_type(Net))
"""
    ran = python(code)
    assert (ran.stdout, ran.stderr) == ("builds(Value, floats()) networks()\n", "")


def test_neither_imports_the_other(python):
    ran = python("import sys, hypothesis; print('microbp' in sys.modules)")
    assert (ran.stdout, ran.stderr) == ("False\n", "")
    ran = python("import sys, microbp; print('hypothesis' in sys.modules)")
    assert (ran.stdout, ran.stderr) == ("False\n", "")
    ran = python("import sys, hypothesis, microbp; print('microbp.testing.api' in sys.modules)")
    assert (ran.stdout, ran.stderr) == ("False\n", "")


def test_arguments_annotated_as_values_are_drawn():
    @settings(repeatable, max_examples=20)
    @given(...)
    def annotated(x: Value, net: Net):
        assert type(x) is Value
        assert type(net) is Net

    annotated()


@pytest.fixture
def write(monkeypatch):
    """`hypothesis write`."""
    # The ghostwriter formats its work with black, which is not needed to see it.
    black = SimpleNamespace(format_str=lambda code, mode: code, Mode=dict, FileMode=dict)
    monkeypatch.setitem(sys.modules, "black", black)
    from hypothesis.extra import ghostwriter

    return ghostwriter.fuzz


def test_hypothesis_writes_tests_with_values(write, monkeypatch, tmp_path):
    (tmp_path / "units.py").write_text(
        "from microbp import Value, sigmoid\n"
        "def swish(x: Value, slope: Value) -> Value:\n"
        "    return x * sigmoid(slope * x)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    code = write(importlib.import_module("units").swish)
    assert "@given(x=st.builds(Value, st.floats()), slope=st.builds(Value, st.floats()))" in code
    scope = {}
    exec(code, scope)
    scope["test_fuzz_swish"]()


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "maximum"])
def test_hypothesis_writes_tests_of_our_functions(write, name):
    code = write(getattr(microbp, name))
    assert "st.one_of(st.floats(), st.builds(Value, st.floats()))" in code
    scope = {}
    exec(code, scope)
    scope[f"test_fuzz_{name}"]()


def test_profiles_are_registered_when_asked_for_and_none_is_loaded(python):
    ran = python("""
import microbp.testing.api
from hypothesis import settings
before = settings.get_profile("default")
for name in ("dev", "thorough"):
    try:
        settings.get_profile(name)
    except Exception as error:
        print(error)
microbp.testing.api.register_profiles()
print(settings.get_profile("default") is before)
for name in ("dev", "ci", "thorough"):
    profile = settings.get_profile(name)
    print(name, profile.deadline, profile.max_examples, profile.derandomize)
""")
    assert ran.stderr == ""
    assert ran.stdout.split("\n") == [
        "Profile 'dev' is not registered",
        "Profile 'thorough' is not registered",
        "True",
        "dev None 100 False",
        "ci None 100 True",
        "thorough None 2000 False",
        "",
    ]


# --- Mistakes planted in our own engine


def mutant(function, *changes):
    """The function, with changes to its text."""
    text = textwrap.dedent(inspect.getsource(function))
    for old, new in changes:
        assert text.count(old) == 1, f"{function.__name__} no longer has its {old!r}"
        text = text.replace(old, new)
    scope = {}
    exec(f"from __future__ import annotations\n{text}", function.__globals__, scope)
    return scope[function.__name__]


REFERENCE = value.Value
planted = pytest.mark.skipif(
    engine.name == "compiled", reason="mistakes are planted in the reference engine"
)
YOUNGEST_FIRST = 'found.sort(key=attrgetter("_born"), reverse=True)'
MISTAKES = {  # where, what for what, and how many operations at most it takes to show it
    "= for += in the first operand": (
        backward, "_sweep", [("a._grad += adjoint", "a._grad = adjoint")], 2,
    ),
    "= for += in the second operand": (
        backward, "_sweep", [("b._grad += adjoint", "b._grad = adjoint")], 2,
    ),
    "= for += in a wide node": (
        backward, "_sweep", [("operand._grad += adjoint", "operand._grad = adjoint")], 2,
    ),
    "a product's partials exchanged": (
        REFERENCE, "__mul__", [("self, b, other, a", "self, a, other, b")], 2,
    ),
    "a quotient's partials exchanged": (
        REFERENCE, "__truediv__", [("1.0 / b, other, -y / b", "-y / b, other, 1.0 / b")],
        2,
    ),
    "nodes swept twice": (
        backward, "_youngest_first",
        [("if a._mark != mark", "if True"), ("if b._mark != mark", "if True")], 2,
    ),
    "breadth first": (
        backward, "_youngest_first", [(YOUNGEST_FIRST, "pass"), ("stack.pop()", "stack.pop(0)")], 4,
    ),
    "depth first": (backward, "_youngest_first", [(YOUNGEST_FIRST, "pass")], 4),
    "oldest first": (backward, "_youngest_first", [("reverse=True", "reverse=False")], 2),
    "gradients not reset": (backward, "_start", [("node._grad = 0.0", "pass")], 2),
}  # fmt: skip


@settings(repeatable, max_examples=500, phases=[Phase.generate, Phase.shrink])
@given(expression=expressions(ops=OURS, smooth=True))
def derivatives_are_right(expression):
    derivatives_are_right.latest = expression
    assert_grad_ok(expression)


def assert_found(at_most, capsys):
    """The property finds the mistake, and shrinks it to a program that shows it."""
    message, report = reported(derivatives_are_right, capsys)
    shortest = derivatives_are_right.latest
    assert 1 <= len(shortest.steps) <= at_most, shortest
    assert message.startswith("gradcheck: fail\n")
    program = shortest.check(shortest.leaves)
    assert program in report
    assert printed(program) == f"{message}\n"
    return shortest, message


def test_without_a_mistake_the_derivatives_are_right():
    derivatives_are_right()


@planted
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found_and_shrunk(mistake, monkeypatch, capsys):
    owner, name, changes, at_most = MISTAKES[mistake]
    monkeypatch.setattr(owner, name, mutant(getattr(owner, name), *changes))
    assert_found(at_most, capsys)


@planted
def test_a_wrong_sigmoid_is_found_and_shrunk_to_itself(monkeypatch, capsys):
    right = ops.SIGMOID.partials
    object.__setattr__(ops.SIGMOID, "partials", lambda m, y, x: (y * (1.0 - x),))
    try:
        shortest, message = assert_found(1, capsys)
    finally:
        object.__setattr__(ops.SIGMOID, "partials", right)
    assert [op.name for op, _ in shortest.steps] == ["sigmoid"]
    assert (
        "the first wrong partial is that of sigmoid(x0) with respect to its operand x0" in message
    )


def test_a_wrong_operation_of_ones_own_is_found_by_its_name(own, capsys):
    square = own("square", value=lambda m, x: x * x, partials=lambda m, y, x: (2.001 * x,))

    @repeatable
    @given(expressions(ops=[square, "sin", "mul"]))
    def squares_are_right(expression):
        assert_grad_ok(expression)

    message, report = reported(squares_are_right, capsys)
    assert "the first wrong partial is that of square(x0)" in message
    assert "y0 = square(x0)\n    return y0\n" in report
