"""A node that the program compared is marked, for `record` to warn."""

import copy
import math
import pickle
from fractions import Fraction

import numpy as np
import pytest

import microbp
from microbp import dot, total
from microbp.core.engine import Value, was_compared
from tests.helpers.nodes import NAN, ORDER, bits, graph, state

QUESTIONS = {
    "v < 1": lambda v: v < 1,
    "v <= 1": lambda v: v <= 1.0,
    "v > 1": lambda v: v > True,
    "v >= 1": lambda v: v >= Fraction(1),
    "1 < v": lambda v: 1 < v,  # noqa: SIM300
    # NumPy 2.0 warns of a NaN
    "np.float64(1) < v": np.errstate(invalid="ignore")(lambda v: np.float64(1) < v),
    "v < nan": lambda v: v < NAN,
    "w < v": lambda v: Value(1.0) < v,
    "v < w": lambda v: v < Value(1.0),
    "v < v": lambda v: v < v,
    "bool": bool,
    "not v": lambda v: not v,
    "v or 1": lambda v: v or 1,
    "if v": lambda v: 1 if v else 2,
    "sorted": lambda v: sorted([v, Value(1.0)]),
    "max": lambda v: max(1.0, v),
    "min": lambda v: min([v, Value(1.0)]),
    "filter": lambda v: list(filter(None, [v])),
}
NO_QUESTIONS = {
    "==": lambda v: [v == v, v == 1, v != Value(3.0), v in [1.0], {v: 1}[v], v is None],
    "numbers": lambda v: [v.data, int(v), round(v, 1), math.floor(v), v.item(), hash(v)],
    "text": lambda v: f"{v} {v:.2f} {v!r}",
    "arithmetic": lambda v: [v + 1, 1 - v, v * v, v / 2, v**2, 2**v, -v, +v, abs(v), sum([v, v])],
    "methods": lambda v: [v.exp(), v.log(), v.tanh(), v.sigmoid(), v.relu(), v.detach()],
    "functions that choose": lambda v: [
        microbp.relu(v), microbp.maximum(v, 1), microbp.minimum(v, v),
        microbp.where_positive(v, v, v), microbp.logsumexp([v, 1]),
        microbp.hypot(v, 0), microbp.atan2(v, v), microbp.softplus(v),
    ],
    "backward": lambda v: (v * v).backward(),
    "copies": lambda v: [copy.copy(v), copy.deepcopy(v), pickle.dumps(v)],
    "left to another": lambda v: v.__lt__(np.array([v])),
    "derivatives": lambda v: microbp.grad(lambda w: microbp.tanh(v * w))(v),
}  # fmt: skip


def one_of_each_kind():
    x = Value(3.0)
    return [Value(3.0), Value(NAN, "x"), x * 2, x.exp(), total([x, x, x]), dot([x], [2]), graph()]


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_a_comparison_leaves_its_mark_and_changes_nothing_else(ask):
    for v in one_of_each_kind():
        before = state(v)
        assert was_compared(v) is False
        ask(v)
        assert was_compared(v) is True
        assert state(v) == before
        assert not any(was_compared(operand) for operand in v.operands)


@pytest.mark.parametrize("act", NO_QUESTIONS.values(), ids=NO_QUESTIONS)
def test_nothing_else_leaves_that_mark(act):
    x = Value(3.0)
    for v in (x, x * 2):
        act(v)
        assert was_compared(v) is False


@pytest.mark.parametrize("order", ORDER)
def test_a_comparison_marks_both_sides(order):
    a, b = Value(3.0), Value(2.0) * 2
    order(a, b)
    assert was_compared(a) is was_compared(b) is True


def test_a_marked_leaf_is_a_leaf_still():
    x = Value(3.0, "x")
    x.data = 4.0 if x > 0 else -4.0
    assert (x.data, x.op, x.operands, x.partials) == (4.0, None, (), ())
    assert repr(x) == "Value(4.0, grad=0.0, label='x')"
    x.backward()
    (x * x).backward()
    assert x.grad == 9.0


def test_copies_are_not_marked():
    x = Value(3.0)
    y = x * x
    assert y > x
    for node in (x, y):
        for twin in (copy.copy(node), copy.deepcopy(node), pickle.loads(pickle.dumps(node))):
            assert was_compared(twin) is False
    assert was_compared(y.detach()) is False


def test_a_mark_does_not_change_the_order_of_a_backward_pass():
    def gradients(ask):
        x = y = z = Value(0.3)
        for i in range(10_000):
            y, z = (y * x + z).tanh() - x, y * 0.5 + z
            if i % 3 == 0:
                ask(y, z)
        total([y, z, y]).backward()
        return bits(x.grad), bits(y.grad), bits(z.grad)

    assert gradients(lambda y, z: y < z) == gradients(lambda y, z: None)
