"""Custom operations in replay: they run in Python, once for each case."""

import numpy as np
import pytest

import microbp
from microbp import Value
from microbp.core import engine
from microbp.core.custom_op import operation
from microbp.core.ops import Domain, DomainError, table
from microbp.replay.program import record
from tests.helpers.replays import Eager


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
