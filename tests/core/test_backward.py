"""What a backward pass leaves in the gradients."""

import math

import pytest

from microbp import dot, sqrt, total
from microbp.core import engine
from microbp.core.engine import Value
from tests.helpers.graphs_by_hand import grads

INF, NAN = math.inf, math.nan


def test_backward_passes_add_up_in_leaves_and_start_afresh_in_between():
    """Each pass adds 27; a node that kept its old gradient would make the second one add 54."""
    x = Value(3.0)
    y = x * x
    z = y * x
    z.backward()
    assert grads(x, y, z) == [27.0, 3.0, 1.0]
    z.backward()
    assert grads(x, y, z) == [54.0, 3.0, 1.0]


def test_two_roots_that_share_a_node_add_up():
    x = Value(2.0)
    h = x * x
    five, six = h * 5, h * 6
    five.backward()
    assert grads(x, h) == [20.0, 5.0]
    six.backward()
    assert grads(x, h, five, six) == [44.0, 6.0, 1.0, 1.0]


def test_a_repeated_operand_gets_every_share():
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0
    x.grad = 0.0
    h = x + 1
    (h * h).backward()
    assert grads(x, h) == [8.0, 8.0]
    x.grad = 0.0
    total([h, h, x, h]).backward()
    assert grads(x, h) == [4.0, 3.0]
    x.grad = 0.0
    dot([x, h], [x, x], h).backward()  # x^2 + (x + 1) x + (x + 1)
    assert x.grad == 4 * 3.0 + 2


USERS = {
    "first": lambda h: h * 3.0,
    "second": lambda h: 3.0 * h,
    "only": lambda h: 2.0 * h - (-h),
    "wide": lambda h: dot([h, 3.0], [1.0, h], 0.0) - h,
}


@pytest.mark.parametrize("one", USERS)
@pytest.mark.parametrize("other", USERS)
def test_a_node_with_two_users_is_passed_once(one, other):
    x = Value(5.0)
    h = x * 2.0
    y = USERS[one](h) - USERS[other](h) * 4.0
    y.backward()
    assert grads(h, x) == [3.0 - 12.0, 2 * (3.0 - 12.0)]


def test_a_diamond_is_passed_once_all_its_paths_are_summed():
    """Oldest, nearest or deepest first, `top` would pass on what it has too early."""
    x = Value(2.0)
    top = x * x
    side = top
    for _ in range(5):
        side = side * 1.5
    for y in (top * side, side * top):
        x.grad = 0.0
        y.backward()
        assert y.data == 4.0 * 4.0 * 1.5**5
        assert top.grad == 2 * 4.0 * 1.5**5
        assert x.grad == 4 * 2.0**3 * 1.5**5


def test_many_diamonds_take_no_more_steps_than_nodes():
    """2 ** 200 paths."""
    x = Value(1.0)
    y = x
    for _ in range(200):
        y = (y + y) * 0.5
    y.backward()
    assert x.grad == 1.0


def test_gradients_of_other_nodes_are_those_of_the_latest_sweep():
    x = Value(2.0)
    h, apart = x * x, x * 7
    y = h * 3
    h.grad = y.grad = apart.grad = 100.0
    y.backward()
    assert grads(x, h, y) == [12.0, 3.0, 1.0]
    assert apart.grad == 100.0  # y does not reach it
    h.backward()
    assert grads(x, h, y) == [16.0, 1.0, 1.0]


def test_a_root_inside_a_graph_sweeps_its_own_part():
    x, w = Value(2.0), Value(5.0)
    h = x * w
    y = h * h
    h.backward()
    assert grads(x, w, h, y) == [5.0, 2.0, 1.0, 0.0]


def test_a_leaf_is_a_root_too():
    x = Value(3.0)
    x.backward()
    x.backward(2.5)
    assert x.grad == 3.5


@pytest.mark.parametrize("seed", [2, -3.0, 0.25, True])
def test_the_seed_scales_the_sweep(seed):
    x = Value(3.0)
    y = x * x
    y.backward(seed)
    assert grads(x, y) == [6.0 * float(seed), float(seed)]


def test_a_zero_seed_passes_on_zeros():
    x = Value(0.0)
    x.grad = 5.0
    h = sqrt(x)
    y = h * 2
    h.grad = 7.0
    for seed in (0, -0.0):
        y.backward(seed)
        assert grads(x, h, y) == [5.0, 0.0, 0.0]


def test_infinite_and_nan_seeds_go_where_they_lead():
    x, w = Value(3.0), Value(-2.0)
    y = x * w
    y.backward(INF)
    assert grads(x, w, y) == [-INF, INF, INF]
    y.backward(NAN)
    assert all(map(math.isnan, grads(x, w, y)))


def test_zero_times_an_infinite_partial_is_zero():
    x = Value(0.0)
    y = sqrt(x)
    assert y.partials == (INF,)
    (y * 0).backward()
    assert grads(x, y) == [0.0, 0.0]
    total([y * 0, x]).backward()
    assert x.grad == 1.0
    y.backward()
    assert x.grad == INF
    wide = dot([Value(INF)], [x := Value(2.0)])
    (wide * 0).backward()
    assert x.grad == 0.0


def test_gradients_do_not_depend_on_labels():
    def gradient(label):
        x = Value(0.3, label)
        y = x * x.exp()
        y.label = label
        z = y + dot([x, y], [y, 2.0])
        z.label = label
        z.backward()
        return x.grad.hex(), y.grad.hex()

    assert gradient("") == gradient("the same") == gradient("x" * 1000)


def test_the_sweep_goes_by_partials_as_they_were():
    x, w = Value(3.0), Value(5.0)
    y = x * w
    x.data = w.data = 100.0
    y.backward()
    assert grads(x, w) == [5.0, 3.0]


def test_nodes_made_after_the_root_do_not_matter():
    x = Value(3.0)
    y = x * x
    later = y * 100 + x
    y.backward()
    assert grads(x, later) == [6.0, 0.0]


def test_the_reverse_order_is_each_node_once_before_its_operands():
    x, w = Value(2.0), Value(3.0)
    a = x * w
    b = a + x
    c = dot([a, b], [b, 1.0], w)
    order = engine.reverse_order(c * a)
    assert order[1:] == [c, b, a]
    assert order[0].operands == (c, a)
    assert engine.reverse_order(x) == []
