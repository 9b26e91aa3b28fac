"""Programs as text: the text runs, says the same, and holds no label's tricks."""

import ast
import builtins
import keyword
import math
import random
import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import floats, ops
from microbp.nn import Net
from microbp.replay.export.python_source import HELPERS
from microbp.replay.export.python_templates import FROM_NUMPY
from microbp.replay.numpy_interpreter import Replay
from microbp.replay.program import record
from microbp.testing.strategies import FAR_ENDS
from tests.helpers.recorded import programs
from tests.helpers.strategies import OPS, operands_of

OURS = [op for op in OPS if op.value.__module__ == "microbp.core.ops"]


def module(text):
    """What the text defines, in a world with nothing but builtins."""
    world = {"__builtins__": vars(builtins)}
    exec(compile(text, "<source>", "exec"), world)
    return world


def inputs_of(world):
    """How many of the arguments have no default, and the names of all."""
    code = world["forward"].__code__
    names = code.co_varnames[: code.co_argcount]
    return names[: code.co_argcount - len(world["forward"].__defaults__ or ())], names


@pytest.fixture(autouse=True)
def quiet():
    """NumPy's warnings of what is not finite are not the matter here."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def test_the_source_of_a_unit():
    x, w, b, d = Value(0.0, "x"), Value(0.5, "w"), Value(-1.0, "b"), Value(0.0, "d")
    h = w * x + b
    h.label = "h"
    y = microbp.sigmoid(h)
    y.label = "y"
    error = (y - d) ** 2
    error.label = "E"
    assert (
        record(error, inputs=[x, d], parameters=[w, b]).source()
        == '''\
"""A graph that microbp recorded, as a forward and a backward pass: each line is an operation.

Both take floats, or NumPy arrays with a number for each case. Where an operation has no value or
overflows, NumPy warns; a division of floats by zero is Python's ZeroDivisionError.
"""

from numpy import exp, square, where


def sigmoid(x):
    """1 / (1 + exp(-x)), without overflow and to full precision at both ends."""
    tail = exp(-abs(x))
    return where(x < 0.0, tail, 1.0) / (1.0 + tail)


def forward(x, d, w=0.5, b=-1.0):
    """The output."""
    y1 = w * x
    h = y1 + b
    y = sigmoid(h)
    y2 = y - d
    E = square(y2)
    return E


def backward(x, d, w=0.5, b=-1.0):
    """The output, and its derivatives with respect to every input and parameter."""
    y1 = w * x
    h = y1 + b
    y = sigmoid(h)
    y2 = y - d
    E = square(y2)

    # Backward pass. The adjoint d_v is the derivative of the output with respect to v:
    # the sum of what the operations on v pass back, each its adjoint times its partial.
    # The output's own adjoint is 1.
    d_E = E**0
    d_y2 = d_E * (2.0 * y2)
    d_y = d_y2
    d_h = d_y * (y * sigmoid(-h))
    d_y1 = d_h
    d_x = d_y1 * w
    d_d = -d_y2
    d_w = d_y1 * x
    d_b = d_h
    return E, {"x": d_x, "d": d_d, "w": d_w, "b": d_b}
'''
    )


def test_the_source_of_the_symmetry_net():
    net = Net(6, rng=random.Random(8), init=0.3).add("hidden", 2).add("output", 1)
    xs = [Value(0.0, f"x{i}") for i in range(1, 7)]
    program = record(net(xs), inputs=xs)
    text = program.source()
    assert (
        """
    h1 = (
        w_hidden1_x1 * x1 + w_hidden1_x2 * x2 + w_hidden1_x3 * x3 + w_hidden1_x4 * x4
        + w_hidden1_x5 * x5 + w_hidden1_x6 * x6 + b_hidden1
    )
    hidden1 = sigmoid(h1)
"""
        in text
    )
    assert (
        """
    h3 = w_output1_hidden1 * hidden1 + w_output1_hidden2 * hidden2 + b_output1
    output1 = sigmoid(h3)
    return (output1,)
"""
        in text
    )
    assert (
        """
    d_output1 = seeds[0] * output1**0
    d_h3 = d_output1 * (output1 * sigmoid(-h3))
    d_hidden2 = d_h3 * w_output1_hidden2
    d_h2 = d_hidden2 * (hidden2 * sigmoid(-h2))
    d_hidden1 = d_h3 * w_output1_hidden1
    d_h1 = d_hidden1 * (hidden1 * sigmoid(-h1))
    d_x1 = d_h2 * w_hidden2_x1 + d_h1 * w_hidden1_x1
"""
        in text
    )
    world = module(text)
    cases = np.array([[i >> j & 1 for j in range(6)] for i in range(64)], dtype=float)
    (out,), found = world["backward"](*cases.T)
    assert out == pytest.approx(program.forward(cases)[:, 0], rel=1e-14)
    program.backward(cases)
    by_parameter = [float(np.sum(x)) for x in list(found.values())[6:]]
    assert by_parameter == pytest.approx([p.grad for p in program.parameters], rel=1e-11)


def expected(program, cases, target):
    """Each node's derivative, by the formulas over NumPy's arrays; None where not finite."""
    of = program._recording
    replay = Replay(of, cases, [p.data for p in program.parameters])
    leaves = of.inputs + len(of.parameters)
    values = [replay.column(output) for output in of.outputs]
    adjoints = replay.adjoints(of.outputs[target])
    finite = all(np.isfinite(x).all() for x in [*map(replay.column, range(leaves)), *values])
    finite = finite and all(np.isfinite(x).all() for x in adjoints)
    return values, adjoints[:leaves], finite


@given(programs(smooth=True), st.data())
def test_the_text_finds_what_the_program_does(drawn, data):
    program, cases = drawn
    own = cases[:1]  # where no partial is steep
    target = data.draw(st.integers(0, len(program._recording.outputs) - 1))
    world = module(program.source())
    found_values = program.forward(own)[0]
    by_input = program.input_gradient(own)[0]
    for p in program.parameters:
        p.grad = 0.0
    program.backward(own)
    seeds = {}
    if program._several:
        seeds["seeds"] = [float(i == target) for i in range(len(program._recording.outputs))]
        by_input = by_input[target]
    for at in own[0].tolist(), [np.array([x, x]) for x in own[0]]:
        values, found = world["backward"](*at, **seeds)
        again = world["forward"](*at)
        values, again = (values, again) if program._several else ([values], [again])
        assert [np.ravel(y).tolist() for y in again] == [np.ravel(y).tolist() for y in values]
        values = [float(np.ravel(y)[-1]) for y in values]
        assert values == pytest.approx(np.ravel(found_values), rel=1e-9, abs=1e-12)
        derivatives = [float(np.ravel(x)[-1]) for x in found.values()]
        assert derivatives[: len(by_input)] == pytest.approx(by_input, rel=1e-9, abs=1e-9)
        if target == 0:
            by_parameter = [p.grad for p in program.parameters]
            assert derivatives[len(by_input) :] == pytest.approx(by_parameter, rel=1e-9, abs=1e-9)


@given(programs())
def test_the_text_is_as_good_as_replay_at_far_ends(drawn):
    program, cases = drawn
    cases = cases[:1]
    values, adjoints, finite = expected(program, cases, 0)
    assume(finite)
    assume(partials_finite(program, cases))
    world = module(program.source())
    found_values, found = world["backward"](*cases.T)
    found_values = found_values if program._several else [found_values]
    for number, (got, exact) in enumerate(zip(found_values, values, strict=True)):
        rounding = 1e-300 + 8.0 * 2.0**-53 * rounded_away(program, cases, number)
        assert np.ravel(got) == pytest.approx(np.ravel(exact), rel=1e-13, abs=rounding)
    sizes, _ = sizes_of_terms(program, cases, 0)
    for got, exact, size in zip(found.values(), adjoints, sizes[: len(adjoints)], strict=True):
        got = np.broadcast_to(got, exact.shape)
        assert np.allclose(got, exact, rtol=1e-10, atol=1e-300 + 1e-12 * size)


def partials_finite(program, cases):
    """Whether all partials are finite, and nothing overflowed on the way."""
    replay = Replay(program._recording, cases, [p.data for p in program.parameters])
    for number, op, operands in program._recording.operations():
        xs = [float(np.ravel(replay.values[x])[0]) for x in operands]
        y = float(np.ravel(replay.values[number])[0])
        if not all(1e-280 < abs(p) < 1e280 or p == 0.0 for p in op.partials(floats, y, *xs)):
            return False
    return True


def sizes_of_terms(program, cases, output):
    """The sizes of all paths' products from an output to each node, and each node's data.

    Rounding errors of the derivatives are relative to these sizes.
    """
    of = program._recording
    replay = Replay(of, cases, [p.data for p in program.parameters])
    data = [float(np.ravel(x)[0]) for x in replay.values]
    sizes = [0.0] * len(data)
    sizes[of.outputs[output]] = 1.0
    for number, op, operands in reversed(list(of.operations())):
        partials = op.partials(floats, data[number], *(data[x] for x in operands))
        for operand, p in zip(operands, partials, strict=True):
            sizes[operand] += sizes[number] * abs(p)
    return sizes, data


def rounded_away(program, cases, output):
    """How far an output moves if every node is off by its own size: steep graphs enlarge it."""
    sizes, data = sizes_of_terms(program, cases, output)
    return sum(size * abs(x) for size, x in zip(sizes, data, strict=True) if x != 0.0)


@pytest.mark.parametrize("op", OURS, ids=lambda op: op.name)
@given(data=st.data())
def test_each_operation_is_right_at_far_ends(op, data):
    xs = data.draw(operands_of(op))
    y = op.value(floats, *xs)
    partials = op.partials(floats, y, *xs)
    assume(math.isfinite(y))
    leaves = [Value(x) for x in xs]
    fixed = data.draw(st.booleans()) and op.name == "pow"
    program = record(
        microbp.engine.call(op, *leaves), inputs=leaves[:1] if fixed else leaves, parameters=[]
    )
    world = module(program.source())
    xs, partials = (xs[:1], partials[:1]) if fixed else (xs, partials)
    for at in xs, [np.array([x, x, 1.0]) for x in xs]:
        got, found = world["backward"](*at)
        if at is not xs:
            got, found = got[:2], {k: np.broadcast_to(v, 3)[1:2] for k, v in found.items()}
        assert np.ravel(got) == pytest.approx(y, rel=1e-14, abs=5e-324)
        for d, exact in zip(found.values(), partials, strict=True):
            if 1e-300 < abs(exact) < 1e300 or exact == 0.0:
                assert np.ravel(d) == pytest.approx(exact, rel=1e-13, abs=1e-300)
            else:
                assert np.ravel(d) == pytest.approx(exact, rel=1e-3, abs=1e-300)


def test_every_operation_of_the_table_has_a_spelling():
    for op in OURS:
        xs = [Value(0.5), Value(0.25), Value(0.75)][: op.arity]
        record(microbp.engine.call(op, *xs), inputs=xs).source()


@pytest.mark.parametrize("root", [microbp.sqrt, microbp.asin, lambda x: (x + 1.0) ** 0.5])
def test_a_zero_adjoint_passes_on_zero(root):
    x = Value({microbp.sqrt: 0.0, microbp.asin: 1.0}.get(root, -1.0))
    gone = record(root(x) * 0.0, inputs=[x], parameters=[])
    _, found = module(gone.source())["backward"](x.data)
    assert list(found.values()) == [0.0]
    there = record(root(x), inputs=[x], parameters=[])
    _, found = module(there.source())["backward"](x.data)
    assert list(found.values()) == [math.inf]


def test_derivatives_that_are_alike_in_all_cases_are_given_for_each():
    x, b = Value(0.0, "x"), Value(0.0, "b")
    _, found = module(record(x + b, inputs=[x]).source())["backward"](np.zeros(64))
    assert found["b"].shape == (64,)
    assert np.sum(found["b"]) == 64.0


def test_outputs_may_be_leaves_and_may_be_the_same():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = w * x
    program = record([y, x, y, Value(7.0)], inputs=[x], parameters=[w])
    outputs, found = module(program.source())["backward"](5.0, seeds=(1.0, 10.0, 100.0, 1000.0))
    assert outputs == (15.0, 5.0, 15.0, 7.0)
    assert found == {"x": 313.0, "w": 505.0}


def test_sums_of_any_length_compile_and_lines_stay_short():
    x = Value(0.5, "x")
    ws = [Value(float(i), f"w{i}") for i in range(3000)]
    y = microbp.dot(ws, [x] * 3000) + microbp.total(ws) + microbp.logsumexp(ws)
    program = record(y, inputs=[x])
    text = program.source()
    assert max(map(len, text.splitlines())) <= 100
    value, found = module(text)["backward"](0.5)
    assert value == pytest.approx(program.forward([[0.5]])[0], rel=1e-13)
    assert found["x"] == pytest.approx(2999 * 1500.0)


def test_an_operation_of_ones_own_has_no_text(monkeypatch):
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    own = microbp.operation("own", value=lambda m, x: x, partials=lambda m, y, x: (1.0,))
    try:
        x = Value(0.0)
        with pytest.raises(ValueError, match="source: own is an operation of your own"):
            record(own(x), inputs=[x]).source()
    finally:
        del ops.table["own"]


ATTACKS = [
    "x): import os  #", "x\n    import os", '"""', "'''", "\\", "{y}", "{d.__class__}",
    "__import__", "__builtins__", "exec", "lambda", "None", "match", "import", "self",
    "numpy", "np", "where", "sigmoid", "seeds", "backward", "d_x", "x\u2028y",
    "x\u202ey", "\ud800", "ﬁ", "fi", "x²", "ª",
    "\u0301a", "a\u0301", "1", "1e5", "nan", "inf", "_", "__", "x" * 1000, "µ", "μ", "𝐱", "x",
]  # fmt: skip
HOSTILE = st.sampled_from(ATTACKS) | st.text() | st.text("abx_d1 ()\n\"'#\\{}\u0301ﬁ", max_size=12)


@given(programs(labels=HOSTILE))
def test_no_label_gets_into_the_code_but_as_a_name(drawn):
    program, _ = drawn
    tree = ast.parse(program.source())
    functions = {f.name: f for f in tree.body if isinstance(f, ast.FunctionDef)}
    allowed = {*FROM_NUMPY, *HELPERS, *functions, "abs", "seeds"}
    assert set(functions) <= {*HELPERS, "forward", "backward"}
    kinds = (
        ast.Assign, ast.Return, ast.Expr, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant,
        ast.Tuple, ast.Dict, ast.Subscript, ast.FunctionDef, ast.arguments, ast.arg, ast.keyword,
        ast.operator, ast.unaryop, ast.expr_context,
    )  # fmt: skip
    strings = set()
    for name in ("forward", "backward"):
        function = functions[name]
        arguments = [a.arg for a in function.args.args]
        assigned = [
            node.targets[0].id for node in ast.walk(function) if isinstance(node, ast.Assign)
        ]
        assert len(set(arguments)) == len(arguments)
        own = {*arguments, *assigned}
        assert not {*own} - {"seeds"} & {*allowed, *dir(builtins), *keyword.kwlist}
        for node in ast.walk(function):
            assert isinstance(node, kinds)
            if isinstance(node, ast.Name):
                assert node.id in own | allowed
            if isinstance(node, ast.Call):
                assert node.func.id in allowed
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
        docstring = ast.get_docstring(function, clean=False)
        assert strings <= {docstring, *arguments}
        strings.clear()
    module(program.source())


def test_labels_that_look_alike_become_different_names():
    labels = ["x", "x", "ﬁ", "fi", "w[a]", "w(a)", "d_x", "class", "exp"]
    xs = [Value(float(i + 1), label) for i, label in enumerate(labels)]
    program = record(microbp.total(xs), inputs=xs)
    inputs, _ = inputs_of(module(program.source()))
    assert inputs == ("x", "x_2", "fi", "fi_2", "w_a", "w_a_2", "d_x_3", "class_2", "exp_2")


def test_a_label_that_is_the_name_of_an_adjoint_does_not_get_in_its_way():
    a, x = Value(2.0, "d_x"), Value(3.0, "x")
    _, found = module(record(a * x * x, inputs=[a, x]).source())["backward"](2.0, 3.0)
    assert list(found.items()) == [("d_x", 9.0), ("x_2", 12.0)]


def test_many_equal_labels_are_told_apart_in_no_time():
    xs = [Value(1.0, "x") for _ in range(5000)]
    assert record(microbp.total(xs), inputs=xs).source().count("x_5000") >= 2


@pytest.mark.parametrize("x", [*FAR_ENDS, math.inf, math.nan, -0.0, -2.0, -math.inf])
def test_numbers_are_spelled_so_that_they_come_back(x):
    w, c, z = Value(x, "w"), Value(x), Value(1.0, "z")
    program = record([w * z, c * z, -c], inputs=[z], parameters=[w])
    found = module(program.source())["forward"](1.0)
    assert [float(y).hex() for y in found] == [x.hex(), x.hex(), (-x).hex()]


def test_the_text_needs_nothing_of_microbp(tmp_path, python):
    net = Net(2, rng=random.Random(0)).add("hidden", 2).add("output", 1)
    xs = [Value(0.0), Value(0.0)]
    (y,) = net(xs)
    (tmp_path / "unit.py").write_text(record(y, inputs=xs).source())
    ran = python(
        "import sys; sys.path.insert(0, sys.argv[1]); import unit; unit.backward(1.0, 2.0);"
        "assert 'microbp' not in sys.modules",
        tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
