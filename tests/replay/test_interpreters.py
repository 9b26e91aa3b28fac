"""A replayed graph gives, in every case, what the eager engine gives when the graph is built anew.

How near that is, is shown in three steps. Graphs over small whole numbers know no rounding, in
whatever order sums are made, so that each number must be equal: all the wiring is held to that.
Values of operations that IEEE 754 rounds correctly have the eager engine's own bits, at infinities,
NaN and zeros of either sign too. All else is as good as the elementary functions that are used: an
operation by itself is held to a few ulps, and graphs of everyday numbers to what these may grow to.
"""

import itertools
import math
import struct
import threading
import warnings
from operator import attrgetter

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import microbp
from microbp import Value, detect_anomaly
from microbp.core import engine
from microbp.core.custom_op import operation
from microbp.core.ops import Domain, DomainError, table
from microbp.core.toposort import operands_first
from microbp.replay.program import record
from microbp.testing import expressions
from microbp.testing.expression import called
from tests.helpers.oracles import mp, mpf, precise, ulps_off
from tests.helpers.strategies import OPS, numbers, operands_of, operands_outside

COUNTS = [0, 1, 2, 3, 8, 9, 63, 64, 65, 200, 1025, 2100]
EPS = 2.0**-52

compiled = pytest.mark.skipif(engine.name == "python", reason="kernels are of the compiled engine")


def bits(x):
    """A float's own bits; one NaN is as good as another."""
    return "nan" if math.isnan(x) else struct.pack("<d", x)


def all_bits(xs):
    return [bits(x) for x in np.asarray(xs).ravel().tolist()]


class Eager:
    """A function of Values, built for one case: its value and derivatives, or what it raised."""

    def __init__(self, f, row, is_input):
        self.leaves = [Value(x) for x in row]
        self.error = None
        try:
            self.root = f(*self.leaves)
            self.root.backward()
        except Exception as error:
            self.error = error
            return
        self.y = self.root.data
        grads = list(zip(self.leaves, is_input, strict=True))
        self.by_input = [leaf.grad for leaf, of_case in grads if of_case]
        self.by_parameter = [leaf.grad for leaf, of_case in grads if not of_case]

    def sizes(self):
        """For the root and each leaf: the sum over all paths of the absolute products."""
        order = operands_first(self.root)
        size = dict.fromkeys(order, 0.0)
        size[self.root] = 1.0
        for node in reversed(order):
            for operand, partial in zip(node.operands, node.partials, strict=True):
                size[operand] += size[node] * abs(partial)
        return size


class Replayed:
    """The same function recorded once, some of its leaves as inputs, and replayed over all rows."""

    def __init__(self, f, leaves, is_input):
        self.leaves = [Value(x) for x in leaves]
        self.is_input = is_input
        split = list(zip(self.leaves, is_input, strict=True))
        self.inputs = [leaf for leaf, of_case in split if of_case]
        self.parameters = [leaf for leaf, of_case in split if not of_case]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # inputs on which nothing depends
            self.program = record(f(*self.leaves), self.inputs, self.parameters)

    def cases(self, rows):
        table = [[x for x, i in zip(row, self.is_input, strict=True) if i] for row in rows]
        return np.array(table, dtype=float).reshape(len(rows), len(self.inputs))

    def run(self, cases, **options):
        """Values and their derivatives by the inputs; their sum and its by the parameters."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # that something is not finite
            values = self.program.forward(cases, **options)
            by_input = self.program.input_gradient(cases, **options)
            for p in self.parameters:
                p.grad = 0.0
            error = self.program.backward(cases, **options)
        return values, by_input, error, [p.grad for p in self.parameters]


def tiled(rows, count):
    return [rows[i % len(rows)] for i in range(count)]


@st.composite
def problems(draw, graphs, number):
    """A graph, which of its leaves are inputs, and some rows of numbers for all its leaves.

    Parameters have the same number in all rows, and the first row may be the graph's own.
    """
    f = draw(graphs)
    is_input = draw(st.lists(st.booleans(), min_size=len(f.leaves), max_size=len(f.leaves)))
    rows = [
        [draw(number) if of_case else x for x, of_case in zip(f.leaves, is_input, strict=True)]
        for _ in range(draw(st.integers(1, 5)))
    ]
    return f, is_input, draw(st.permutations([list(f.leaves), *rows]))


# --- Whole numbers: everything is exact

EXACT = ["add", "sub", "mul", "neg", "abs", "relu", "maximum", "minimum", "where", "dot", "total"]
WHOLE = st.integers(-4, 4).map(float)


@pytest.mark.parametrize("count", COUNTS)
@settings(max_examples=25)
@given(data=st.data(), threads=st.sampled_from([1, 2, 3]))
def test_over_whole_numbers_all_is_equal(count, data, threads):
    graphs = expressions(
        ops=EXACT, max_nodes=14, numbers=WHOLE, inputs=data.draw(st.integers(1, 5))
    )
    f, is_input, rows = data.draw(problems(graphs, WHOLE))
    eager = [Eager(f, row, is_input) for row in rows]
    for each in eager:
        size = each.sizes()
        assume(max(size[node] * (1.0 + abs(node.data)) for node in size) < 2.0**36)
    replayed = Replayed(f, f.leaves, is_input)
    seen = tiled(eager, count)
    values, by_input, error, by_parameter = replayed.run(
        replayed.cases(tiled(rows, count)), threads=threads
    )
    assert values.tolist() == [each.y for each in seen]
    assert by_input.tolist() == [each.by_input for each in seen]
    assert error == sum(each.y for each in seen)
    sums = [sum(column) for column in zip(*(each.by_parameter for each in seen), strict=True)]
    assert by_parameter == (sums or [0.0] * len(replayed.parameters))


@given(problems(expressions(ops=EXACT, max_nodes=10, numbers=WHOLE), WHOLE), st.data())
def test_several_outputs_each_have_their_own_derivatives(problem, data):
    f, is_input, rows = problem
    leaves = [Value(x) for x in f.leaves]
    nodes = f.nodes(leaves)
    places = data.draw(st.lists(st.integers(0, len(nodes) - 1), min_size=1, max_size=4))
    replayed = Replayed(f, f.leaves, is_input)
    inputs = [leaf for leaf, of_case in zip(leaves, is_input, strict=True) if of_case]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        program = record([nodes[place] for place in places], inputs)
    cases = replayed.cases(rows)
    values, gradient = program.forward(cases), program.input_gradient(cases)
    assert values.shape == (len(rows), len(places))
    assert gradient.shape == (len(rows), len(places), len(inputs))
    for k, place in enumerate(places):
        alone = [Eager(lambda *xs, at=place: f.nodes(xs)[at], row, is_input) for row in rows]
        assume(all(sum(each.sizes().values()) < 2.0**36 for each in alone))
        assert values[:, k].tolist() == [each.y for each in alone]
        assert gradient[:, k].tolist() == [each.by_input for each in alone]


# --- Correctly rounded operations: the same bits, whatever the numbers

ROUNDED = [*EXACT, "div", "sqrt"]


def same_fate(replayed, eager, cases):
    """DomainError from replay just where some case has no value when built; whether none had."""
    failed = [each for each in eager if each.error is not None]
    if not failed:
        return True
    assert all(isinstance(each.error, DomainError) for each in failed)
    for run in (
        replayed.program.forward,
        replayed.program.input_gradient,
        replayed.program.backward,
    ):
        with pytest.raises(DomainError, match=r": .* (is|are) defined for|: the|: log"):
            run(cases)
    assert all(p.grad == 0.0 for p in replayed.parameters)
    return False


@settings(max_examples=300)
@given(
    problems(expressions(ops=ROUNDED, max_nodes=8), numbers(infinite=True, nan=True)),
    st.sampled_from([1, 3, 8, 70]),
)
def test_rounded_operations_give_the_same_bits(problem, times):
    f, is_input, rows = problem
    eager = [Eager(f, row, is_input) for row in rows]
    replayed = Replayed(f, f.leaves, is_input)
    cases = replayed.cases(tiled(rows, times * len(rows)))
    if same_fate(replayed, eager, cases):
        values, by_input, _, _ = replayed.run(cases)
        assert all_bits(values) == [bits(each.y) for each in eager] * times
        expected = [each.by_input for each in eager] * times
        for got, want in zip(by_input.ravel(), itertools.chain(*expected), strict=True):
            assert near(got, want, 1e-12, 1e-300) or near_over_paths(got, want, eager)


@pytest.mark.parametrize(
    "name", ["maximum", "minimum", "add", "mul", "dot", "total", "relu", "abs"]
)
@pytest.mark.parametrize("count", [1, 2, 9, 64])
def test_zeros_keep_their_signs(name, count):
    for row in itertools.product([0.0, -0.0], repeat=table[name].arity or 3):
        leaves = [Value(x) for x in row]
        program = record(table_call(name, *leaves), leaves)
        eager = table_call(name, *leaves).data
        assert all_bits(program.forward([row] * count)) == [bits(eager)] * count


def near(got, want, rel, tiny):
    """Equal, both NaN, or apart by rounding."""
    if math.isnan(want) or math.isinf(want):
        return bits(got) == bits(want)
    return abs(got - want) <= rel * abs(want) + tiny


def near_over_paths(got, want, eager):
    """Apart by rounding of what canceled, or, where that overflows, not to be told."""
    sizes = [size for each in eager for size in each.sizes().values()]
    largest = max((size for size in sizes if not math.isnan(size)), default=0.0)
    return largest > 1e290 or abs(got - want) <= 1e-12 * largest


# --- One operation by itself, to a few ulps


def close(name, got, want, xs):
    """Within 16 ulps: 4 for each elementary function of a formula, the eager engine's included.

    A logarithm of a sum near 1 is what the largest operand leaves, and as good as that one is.
    """
    if not math.isfinite(want):
        return bits(got) == bits(want)
    slack = 0.0
    if name in ("logaddexp", "logsumexp"):
        slack = 8 * EPS * abs(max(xs))
    return abs(got - want) <= 16 * math.ulp(want) + slack


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@settings(max_examples=60)
@given(data=st.data())
def test_an_operation_is_as_in_the_eager_engine_at_the_far_ends(op, data):
    rows = [
        data.draw(st.one_of(operands_of(op, infinite=True, nan=True), operands_of(op, smooth=True)))
        for _ in range(2)
    ]
    rows[1] = (rows[1] * len(rows[0]))[: len(rows[0])]  # where there may be any number
    is_input = [True] * len(rows[0])
    is_input[-1] = len(rows[0]) == 1 or data.draw(st.booleans())
    if not is_input[-1]:
        rows[1] = (*rows[1][:-1], rows[0][-1])
    assume(op.domain is None or all(op.domain.holds(*row) for row in rows))
    f = lambda *xs: called(op, *xs)  # noqa: E731
    replayed = Replayed(f, rows[0], is_input)
    eager = [Eager(f, row, is_input) for row in rows]
    values, by_input, _, _ = replayed.run(replayed.cases(rows))
    for y, slopes, each, xs in zip(values, by_input, eager, rows, strict=True):
        assert close(op.name, y, each.y, xs)
        for got, want in zip(slopes, each.by_input, strict=True):
            assert close("", got, want, xs), (op, xs)


@pytest.mark.parametrize("op", [op for op in OPS if op.domain], ids=attrgetter("name"))
@given(data=st.data(), place=st.integers(0, 70))
def test_outside_a_domain_the_error_names_operands_and_case(op, data, place):
    bad = data.draw(operands_outside(op))
    good = data.draw(operands_of(op, smooth=True))
    assume(len(bad) == len(good))
    leaves = [Value(x, f"x{i}") for i, x in enumerate(good)]
    w = Value(2.0, "w")
    program = record(w * called(op, *leaves), leaves)
    cases = [good] * place + [bad] + [good] * 3
    shown = ", ".join(f"x{i} = {x!r}" for i, x in enumerate(bad))
    message = f"{op.name}({shown}), in case {place}: {op.domain.sentence}"
    for run in (program.forward, program.input_gradient, program.backward):
        with pytest.raises(DomainError) as error:
            run(cases)
        assert str(error.value) == message
    assert (w.grad, [leaf.grad for leaf in leaves]) == (0.0, [0.0] * len(leaves))


def test_no_value_in_any_case_because_of_a_parameter():
    x, w = Value(1.0, "x"), Value(1.0, "w")
    program = record(w.log() * x, [x])
    w.data = -1.0
    for cases in ([[1.0]], np.empty((0, 1))):
        with pytest.raises(DomainError, match=r"^log\(w = -1.0\): the logarithm"):
            program.backward(cases)
    assert (x.grad, w.grad) == (0.0, 0.0)


# --- The kernels' own exponential, and what stands on it

TURNS = [0.0, -0.0, 709.782712893384, 709.7827128933841, 709.79, 710.0, 710.1, -708.39, -708.4,
         -744.44, -745.13, -745.1332191019411, -745.1332191019412, -745.2, -746.0, -747.0, 1e-300,
         -1e-300, 5e-324, 1e-17, -1e-17, 0.34657359027997264, 0.34657359027997270, 1e5, -1e5, 1e308,
         -1e308, math.inf, -math.inf]  # fmt: skip


@pytest.fixture(scope="module")
def one_operation():
    x = Value(0.5)
    return {name: record(table_call(name, x), [x]) for name in ("exp", "sigmoid")}


def table_call(name, *xs):
    return called(table[name], *xs)


def exact(name, x):
    precise.dps = 60
    if math.isinf(x):
        return mpf(0) if x < 0 else (mpf(1) if name == "sigmoid" else mpf(2) ** 1024)
    return getattr(mp, name)(mpf(x))


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
@settings(max_examples=300)
@given(xs=st.lists(st.one_of(st.sampled_from(TURNS), st.floats(-750.0, 712.0)), min_size=1))
@example(xs=TURNS)
def test_the_kernels_exponential_is_within_four_ulps(name, xs, one_operation):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        values = one_operation[name].forward([[x] for x in xs]).tolist()
    for x, y in zip(xs, values, strict=True):
        assert ulps_off(y, exact(name, x)) <= 4, (x, y)
        assert y >= 0.0


@settings(max_examples=200)
@given(st.lists(st.floats(-750.0, 709.7), min_size=1, max_size=80))
def test_a_case_alone_gives_the_same_bits(one_operation, xs):
    for program in one_operation.values():
        assert program.forward([[x] for x in xs]).tolist() == [
            program.forward([[x]])[0] for x in xs
        ]


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
def test_the_exponential_on_a_fine_grid(name, one_operation):
    """Every part of the range, each power of two's own polynomial, subnormal results included."""
    grid = np.linspace(-750.0, 709.78, 20_011)
    values = one_operation[name].forward(grid[:, None])
    worst = max(ulps_off(y, exact(name, x)) for x, y in zip(grid.tolist(), values, strict=True))
    assert worst <= {"exp": 2, "sigmoid": 3}[name]  # 1.08 and 2.25 have been seen
    assert (np.diff(values) >= 0.0).all()


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
def test_the_exponential_of_nan_is_nan(name, one_operation):
    with pytest.warns(RuntimeWarning, match=f"{name}.*nan.* in case 1"):
        values = one_operation[name].forward([[0.0], [math.nan], [1.0]])
    assert np.isnan(values).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("logsumexp", [(0.0, -40.0), (-40.0, 0.0), (0.0, -800.0), (1000.0, 1000.0), (-1e308, 1e308),
                       (-1000.0, -1000.0), (0.0, 0.0), (0.0, -30.0)]),
        ("logaddexp", [(0.0, -40.0), (-40.0, 0.0), (1000.0, 1000.0), (-1e308, 1e308), (0.0, 0.0)]),
        ("softplus", [(-40.0,), (-745.0,), (-800.0,), (800.0,), (37.0,), (1e308,), (-0.0,)]),
        ("tanh", [(20.0,), (-20.0,), (1e-300,), (350.0,), (1e308,)]),
        ("sigmoid", [(-1000.0,), (1000.0,), (-740.0,), (40.0,), (-40.0,)]),
        ("pow", [(0.0, 0.0), (-2.0, 3.0), (1e-300, 0.5), (-0.0, 3.0), (1e308, 1.0)]),
    ],
)  # fmt: skip
def test_saturated_ends_keep_their_digits(name, rows):
    f = lambda *xs: table_call(name, *xs)  # noqa: E731
    is_input = [True] * len(rows[0])
    replayed = Replayed(f, rows[0], is_input)
    for some in (rows, *([row] for row in rows), rows * 9):
        values, by_input, _, _ = replayed.run(replayed.cases(some))
        for y, slopes, xs in zip(values, by_input, some, strict=True):
            eager = Eager(f, xs, is_input)
            assert close("", y, eager.y, xs), xs
            assert all(map(lambda a, b, xs=xs: close("", a, b, xs), slopes, eager.by_input)), xs


# --- Graphs over every operation


@settings(max_examples=200)
@given(
    st.data(),
    expressions(smooth=True),
    st.sampled_from([1, 2, 9, 65, 200]),
)
def test_over_every_operation_graphs_agree_to_rounding(data, f, count):
    """To first order, a node's rounding moves the result by its own adjoint.

    These graphs are steady: no operand moves a result by more than 8 times its own way. Each node
    brings 16 ulps of its own; a derivative is moved through second derivatives too, which are
    bounded only by how the graphs were drawn, and gets 1e-9 of the sum over all paths.
    """
    is_input = data.draw(st.lists(st.booleans(), min_size=len(f.leaves), max_size=len(f.leaves)))
    shift = st.floats(-0.04, 0.04)
    rows = [list(f.leaves)] + [
        [
            x + data.draw(shift) if of_case else x
            for x, of_case in zip(f.leaves, is_input, strict=True)
        ]
        for _ in range(2)
    ]
    eager = [Eager(f, row, is_input) for row in rows]
    assume(all(each.error is None for each in eager))
    replayed = Replayed(f, f.leaves, is_input)
    seen = tiled(eager, count)
    values, by_input, error, by_parameter = replayed.run(replayed.cases(tiled(rows, count)))
    bounds = []
    for each, y, slopes in zip(seen, values, by_input, strict=True):
        size = each.sizes()
        moved = sum(size[node] * abs(node.data) for node in size)
        assert abs(y - each.y) <= 16 * EPS * moved + 1e-300
        bounds.append(1e-9 * (1e-6 + sum(size.values())))
        for got, want in zip(slopes, each.by_input, strict=True):
            assert abs(got - want) <= bounds[-1]
    assert error == pytest.approx(math.fsum(each.y for each in seen), rel=1e-9, abs=sum(bounds))
    for i, got in enumerate(by_parameter):
        want = math.fsum(each.by_parameter[i] for each in seen)
        assert abs(got - want) <= sum(bounds)


# --- Operations of one's own


@pytest.fixture
def own(monkeypatch):
    """Operations made in a test are forgotten after it."""
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    monkeypatch.setattr("microbp.core.custom_op.table", dict(table))
    return operation


def kinked(m, x):
    if x > 2.0:
        return 2.0
    return x * x if x > 0.0 else 0.0


def kinked_partials(m, y, x):
    return (0.0 if x > 2.0 or x <= 0.0 else 2.0 * x,)


@pytest.mark.parametrize("count", [0, 1, 2, 9, 64, 65, 1025])
@pytest.mark.parametrize("threads", [1, 2])
def test_an_operation_of_ones_own_may_decide_in_python(own, count, threads):
    f = own("kinked", value=kinked, partials=kinked_partials)
    many = own(
        "many",
        value=lambda m, *xs: max(xs) - 2.0 * min(xs),
        partials=lambda m, y, *xs: [(x == max(xs)) - 2.0 * (x == min(xs)) for x in xs],
    )
    x, w, b = Value(1.0), Value(2.0), Value(0.5)
    g = lambda x, w, b: many(f(x), w, x - 10.0, f(w) * b)  # noqa: E731
    program = record(g(x, w, b), [x])
    xs = [float(i % 9 - 4) for i in range(count)]
    eager = [Eager(g, (x, 2.0, 0.5), (True, False, False)) for x in xs]
    assert program.forward([[x] for x in xs] or np.empty((0, 1)), threads=threads).tolist() == [
        each.y for each in eager
    ]
    cases = np.array(xs).reshape(-1, 1)
    assert program.input_gradient(cases, threads=threads).tolist() == [
        each.by_input for each in eager
    ]
    program.backward(cases, threads=threads)
    expected = [sum(each.by_parameter[i] for each in eager) for i in range(2)]
    assert [w.grad, b.grad] == expected


class Mine(Exception):
    pass


@pytest.mark.parametrize("which", ["value", "partials"])
@pytest.mark.parametrize("problem", [Mine, ZeroDivisionError, KeyboardInterrupt])
@pytest.mark.parametrize("threads", [1, 2])
def test_what_an_operation_of_ones_own_raises_comes_out(own, which, problem, threads):
    armed = False

    def strike(x):
        if armed and x == 3.0:
            raise problem("mine")

    def value(m, x):
        if which == "value":
            strike(x)
        return x * x

    def partials(m, y, x):
        if which == "partials":
            strike(x)
        return (2.0 * x,)

    striking = own("striking", value=value, partials=partials)
    x, w = Value(1.0), Value(1.0)
    program = record(w * striking(x), [x])
    cases = np.arange(2000.0).reshape(-1, 1)
    program.forward(cases)
    armed = True
    with pytest.raises(problem, match="mine"):
        program.backward(cases, threads=threads)
    assert w.grad == 0.0
    armed = False
    assert program.backward(cases, threads=threads) == sum(i * i for i in range(2000))


def test_an_operation_of_ones_own_has_a_domain(own):
    half = own(
        "half",
        value=lambda m, x: x / 2.0,
        partials=lambda m, y, x: (0.5,),
        domain=Domain("halves are of numbers above 0", lambda x: x > 0.0),
    )
    x = Value(1.0, "x")
    program = record(half(x), [x])
    assert program.forward([[1.0], [3.0]]).tolist() == [0.5, 1.5]
    with pytest.raises(DomainError, match=r"^half\(x = -2.0\), in case 2: halves are of numbers"):
        program.forward([[1.0], [3.0], [-2.0], [-3.0]])


def test_an_operation_by_the_name_of_one_of_ours_is_itself():
    """The kernels know ours by name; who makes an Op by hand may call it anything."""
    mine = microbp.core.ops.Op(
        "mul", "mul", lambda m, a, b: a + 3 * b, lambda m, y, a, b: (1.0, 3.0)
    )
    x, w = Value(1.0), Value(2.0)
    program = record(engine.call(mine, x, w), [x])
    assert program.forward([[5.0], [6.0]]).tolist() == [11.0, 12.0]
    assert program.input_gradient([[5.0]]).tolist() == [[1.0]]
    assert (program.backward([[5.0], [6.0]]), w.grad) == (23.0, 6.0)


@pytest.mark.parametrize(
    ("value", "partials"),
    [
        (lambda m, a, b: a * b, lambda m, y, a, b: (b,)),
        (lambda m, a, b: "x", lambda m, y, a, b: (b, a)),
        (lambda m, a, b: a * b, lambda m, y, a, b: None),
        (lambda m, a, b: a * b, lambda m, y, a, b: ("x", None)),
    ],
)
def test_a_broken_operation_raises_when_replayed(value, partials):
    sound = True
    op = microbp.core.ops.Op(
        "broken",
        "broken",
        lambda m, a, b: a * b if sound else value(m, a, b),
        lambda m, y, a, b: (b, a) if sound else partials(m, y, a, b),
    )
    x, w = Value(1.0), Value(2.0)
    program = record(engine.call(op, x, w), [x])
    sound = False
    with pytest.raises((TypeError, ValueError, IndexError)):
        program.backward([[1.0], [2.0]])
    assert w.grad == 0.0


# --- The same bits


def everyday_program():
    """A net whose weights occur more than once: by themselves, in dots, and below others."""
    xs, ws = [Value(0.1 * i) for i in range(4)], [Value(0.3 - 0.07 * i) for i in range(9)]
    hidden = [
        microbp.sigmoid(microbp.dot(ws[:4], xs, ws[4])),
        microbp.dot(xs, ws[3:7], ws[4]).tanh(),
    ]
    twice = microbp.dot([ws[0], ws[0]], [hidden[0], xs[1]], ws[0])
    free = microbp.dot(hidden, [xs[0], xs[3]], hidden[1])
    y = microbp.logsumexp([twice, free * ws[1], ws[1] * xs[2]]) + (ws[7] * ws[8]).exp() * hidden[0]
    return record([y, twice], xs, ws)


def some_cases(count, columns=4, seed=1):
    return np.random.default_rng(seed).normal(size=(count, columns))


def results(program, cases, **options):
    for p in program.parameters:
        p.grad = 0.0
    found = [program.forward(cases, **options), program.input_gradient(cases, **options)]
    error = program.backward(cases, **options)
    return [a.tobytes() for a in found], error.hex(), [p.grad.hex() for p in program.parameters]


@pytest.mark.parametrize("count", [1, 3, 65, 1024, 1025, 3000, 5000])
def test_any_number_of_threads_gives_the_same_bits(count):
    program, cases = everyday_program(), some_cases(count)
    first = results(program, cases)
    for threads in (1, 2, 3, 8):
        assert results(program, cases, threads=threads) == first
        assert results(everyday_program(), cases, threads=threads) == first


@compiled
@settings(max_examples=200)
@given(
    problems(expressions(max_nodes=15), st.floats(-2.0, 2.0)),
    st.booleans(),
    st.sampled_from(["nothing", "the output", "an input of no use"]),
)
def test_the_first_pass_in_c_finds_what_the_one_in_python_does(problem, named, compared):
    from microbp.replay.compiled.flatten import flattened
    from microbp.replay.recording import _flattened

    f, is_input, _ = problem
    leaves = [Value(x, f"x{i}" if i % 2 else "") for i, x in enumerate(f.leaves)]
    split = list(zip(leaves, is_input, strict=True))
    spare = Value(1.0)
    inputs = [*(leaf for leaf, of_case in split if of_case), spare]
    parameters = [leaf for leaf, of_case in split if not of_case][::-1] if named else None
    y = f(*leaves)
    again = [y * leaves[0], y * leaves[0]]  # the same twice, under two names
    again[0].label, again[1].label = "one", "other"
    roots = [again[0] + again[1] * 2.0, y + 2.0, y + -0.0, y + 0.0, leaves[-1], y, y]
    if compared != "nothing":
        bool(y if compared == "the output" else spare)
    expected = _flattened(roots, inputs, parameters)
    found = flattened(roots, inputs, parameters)
    assert found == expected
    assert list(found[7].items()) == list(expected[7].items())


@compiled
@pytest.mark.parametrize("count", [1, 7, 8, 9, 64, 65, 1025, 2500])
@pytest.mark.parametrize("of_inputs", [False, True])
def test_any_way_to_cut_the_cases_gives_the_same_bits(count, of_inputs):
    from array import array

    from microbp.replay.compiled import interpreter

    program, cases = everyday_program(), some_cases(count)
    kernel = interpreter.Kernel(program._recording, of_inputs)
    weights = array("d", [p.data for p in program.parameters])
    found = set()
    for width, threads in itertools.product((1, 8, 32, 64), (1, 2)):
        out = np.full((2, count), np.nan)
        gradient, by_input = np.full(len(weights), np.nan), np.full(cases.shape, np.nan)
        error, well = kernel.replay(
            interpreter.Cases(cases, width),
            weights,
            out,
            None if of_inputs else gradient,
            by_input if of_inputs else None,
            threads,
        )
        assert well
        found.add((error, out.tobytes(), gradient.tobytes(), by_input.tobytes()))
    assert len(found) == 1


@compiled
@settings(max_examples=100)
@given(
    problems(expressions(max_nodes=12, smooth=True), st.floats(-2.0, 2.0)),
    st.sampled_from([3, 9, 70]),
)
def test_any_way_to_cut_the_cases_of_any_graph_gives_the_same_bits(problem, count):
    from array import array

    from microbp.replay.compiled import interpreter

    f, is_input, rows = problem
    replayed = Replayed(f, f.leaves, is_input)
    kernel = interpreter.Kernel(replayed.program._recording, False)
    cases = replayed.cases(tiled(rows, count))
    weights = array("d", [p.data for p in replayed.program.parameters])
    found = set()
    for width in (1, 8, 32, 64):
        out, gradient = np.zeros((1, count)), np.zeros(len(weights))
        error, well = kernel.replay(interpreter.Cases(cases, width), weights, out, gradient)
        assume(well)
        found.add((error, out.tobytes(), gradient.tobytes()))
    assert len(found) == 1


ELSEWHERE = """
import sys
sys.path.insert(0, sys.argv[1])
from test_interpreters import everyday_program, results, some_cases
print(results(everyday_program(), some_cases(1500)))
"""


def test_another_process_gives_the_same_bits(python):
    from pathlib import Path

    ran = python(ELSEWHERE, Path(__file__).parent, PYTHONHASHSEED="7")
    assert (ran.stderr, ran.returncode) == ("", 0)
    assert ran.stdout.strip() == str(results(everyday_program(), some_cases(1500)))


def test_a_program_serves_several_threads_at_once():
    program = everyday_program()
    tables = [some_cases(count, seed=count) for count in (3, 70, 700, 1500)]
    expected = [(program.forward(t).tobytes(), program.input_gradient(t).tobytes()) for t in tables]
    wrong = []

    def work():
        for _ in range(5):
            for t, (values, gradient) in zip(tables, expected, strict=True):
                if program.forward(t).tobytes() != values:
                    wrong.append("values")
                if program.input_gradient(t, threads=2).tobytes() != gradient:
                    wrong.append("gradient")

    crew = [threading.Thread(target=work) for _ in range(4)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("room", [1, 50, 400])
def test_the_way_through_numpy_takes_as_many_cases_at_a_time_as_have_room(monkeypatch, room):
    x, w = Value(1.0, "x"), Value(3.0, "w")
    program = record(w * x + 1.0 / x, [x], [w])
    cases = np.array([1.0, 2.0, 4.0, 8.0, 16.0] * 4)[:, None]
    expected = (program.forward(cases) + 0.0).tolist(), program.input_gradient(cases).tolist()
    monkeypatch.setattr("microbp.replay.executor.ROOM", room)
    with detect_anomaly():  # which is that way on either engine
        assert (program.forward(cases).tolist(), program.input_gradient(cases).tolist()) == expected
        assert program.backward(cases) == sum(expected[0])
    assert w.grad == cases.sum()
    for name, bad, kind in (("div", 0.0, DomainError), ("mul", 1e308, microbp.AnomalyError)):
        cases[17] = cases[19] = bad
        with detect_anomaly(), pytest.raises(kind, match=rf"^{name}\(.* in case 17"):
            program.backward(cases)
    assert w.grad == 4 * 31.0


# --- Infinities and NaN


def test_a_sum_over_the_cases_that_overflows_is_told():
    x, w, v = Value(1.0), Value(1.0), Value(1.0)
    program = record(w * x, [x], [w])
    with pytest.warns(RuntimeWarning, match=r"^replay: the sum over the cases is not finite$"):
        assert program.backward([[1e308]] * 3) == math.inf
    assert w.grad == math.inf
    program = record(v + x, [x], [v])
    with pytest.warns(RuntimeWarning, match=r"^replay: the sum over the cases is not finite$"):
        program.backward([[1e308]] * 3)
    assert v.grad == 3.0
    assert program.forward([[1e308]] * 3).tolist() == [1e308] * 3


def test_a_zero_adjoint_passes_on_zero_even_to_an_infinite_partial():
    x, w = Value(1.0), Value(4.0)
    program = record(microbp.sqrt(x) * 0.0 * w + x, [x], [w])
    assert program.input_gradient([[0.0], [4.0]]).tolist() == [[1.0], [1.0]]
    w.data = 0.0
    program = record(microbp.sqrt(w) * (x - 1.0), [x], [w])
    assert (program.backward([[1.0], [1.0]]), w.grad) == (0.0, 0.0)
    with pytest.warns(RuntimeWarning, match="d output / d"):
        program.backward([[1.0], [2.0]])
    assert w.grad == math.inf


def test_what_is_not_finite_is_named_with_its_label_and_case():
    x, w = Value(1.0, "x"), Value(1e200, "w")
    big = w * x
    big.label = "big"
    program = record(big * 3.0 - x, [x])
    cases = [[1.0], [2.0], [1e200], [1e250]]
    with pytest.warns(RuntimeWarning) as caught:
        values = program.forward(cases)
    assert values.tolist() == [3e200, 6e200, math.inf, math.inf]
    message = "replay: mul(w = 1e+200, x = 1e+200) = inf (big), in case 2"
    assert [str(w.message) for w in caught] == [message]
    assert caught[0].filename == __file__
    with pytest.warns(RuntimeWarning) as caught:
        assert program.backward(cases) == math.inf
    assert [str(w.message) for w in caught] == [message]
    with pytest.warns(RuntimeWarning) as caught:
        program.input_gradient(cases)
    assert [w.filename for w in caught] == [__file__]


@pytest.mark.parametrize("run", ["forward", "input_gradient", "backward"])
def test_an_infinity_on_the_way_to_finite_results_is_no_news(run):
    x, w = Value(1.0, "x"), Value(1.0)
    program = record(w / (1.0 + (-x).exp()), [x], [w])
    getattr(program, run)([[-1000.0]])  # a warning is an error here
    assert w.grad == 0.0
    with (
        detect_anomaly(),
        pytest.raises(microbp.AnomalyError, match=r"^exp\(1000.0\) = inf, in ca"),
    ):
        getattr(program, run)([[1.0], [-1000.0]])


@pytest.mark.parametrize("run", ["forward", "input_gradient", "backward"])
def test_under_detect_anomaly_it_raises(run):
    x, w = Value(1.0, "x"), Value(1.0, "w")
    program = record(w * x.exp(), [x])
    with detect_anomaly():
        getattr(program, run)([[1.0]])
        before = w.grad
        with pytest.raises(microbp.AnomalyError, match=r"^exp\(x = 1000.0\) = inf, in case 1$"):
            getattr(program, run)([[1.0], [1000.0]])
    assert w.grad == before


def test_a_derivative_that_is_not_finite_is_named():
    x = Value(1.0, "x")
    program = record(microbp.sqrt(x), [x])
    assert program.forward([[0.0]]).tolist() == [0.0]
    with pytest.warns(RuntimeWarning, match=r"^replay: d output / d x = inf, in case 1$"):
        assert program.input_gradient([[1.0], [0.0]]).tolist() == [[0.5], [math.inf]]
    with detect_anomaly(), pytest.raises(microbp.AnomalyError, match="d output / d x = inf"):
        program.input_gradient([[0.0]])
