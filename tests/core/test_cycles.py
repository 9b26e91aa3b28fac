"""A cycle made by hand is refused, and changes no gradient."""

import copy
import pickle

import pytest

from microbp import detect_anomaly, dot, total
from microbp.core.engine import Value
from tests.helpers.graphs_by_hand import by_hand, grads


def cycle_self():
    x = Value(3.0)
    y = x * x
    y._a = y
    return y, [x, y]


def cycle_self_as_second():
    y, nodes = cycle_self()
    y._a, y._b = nodes
    return y, nodes


def cycle_self_as_wide():
    x = Value(3.0)
    y = total([x, x, x])
    y._b = (x, x, y)
    return y, [x, y]


def cycle_of_two():
    x = Value(3.0)
    a = x + 1
    b = a + 1
    a._a = b
    return b, [x, a, b]


def cycle_below_the_root():
    b, nodes = cycle_of_two()
    root = (b * 2).tanh()
    return root, [*nodes, root.operands[0], root]


def cycle_through_the_root():
    x = Value(3.0)
    a = x * x
    root = (-a).exp() + a
    a._b = root
    return root, [x, a, root]


def cycle_by_a_wide_node():
    x = Value(3.0)
    a = total([x, x, x])
    root = dot([a], [x], x) * 2
    a._b = (x, root, x)
    return root, [x, a, root]


CYCLES = [
    cycle_self,
    cycle_self_as_second,
    cycle_self_as_wide,
    cycle_of_two,
    cycle_below_the_root,
    cycle_through_the_root,
    cycle_by_a_wide_node,
]


@by_hand
@pytest.mark.parametrize("make", CYCLES)
def test_a_cycle_is_refused_and_changes_no_gradient(make):
    root, nodes = make()
    for i, node in enumerate(nodes):
        node.grad = float(i + 1)
    before = grads(*nodes)
    for use in (root.backward, lambda: copy.deepcopy(root), lambda: pickle.dumps(root)):
        with pytest.raises(ValueError, match=r"is an operand of the older .*: only a graph made"):
            use()
        with detect_anomaly(), pytest.raises(ValueError, match="made by hand has a cycle"):
            use()
        assert grads(*nodes) == before


@by_hand
def test_the_error_names_both_ends_of_a_cycle():
    x = Value(3.0)
    a = x + 1
    a.label = "a"
    b = a * 2
    a._a = b
    with pytest.raises(ValueError) as error:  # noqa: PT011
        b.backward()
    assert str(error.value) == (
        "Value(8.0, grad=0.0, op=mul) is an operand of the older "
        "Value(4.0, grad=0.0, op=add, label='a'): only a graph made by hand has a cycle"
    )
