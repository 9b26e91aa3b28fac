"""The numbers of a net's picture: on their own lines, clear of all others."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from microbp import plots
from microbp.experiments.pdp8 import xor
from microbp.nn import Net
from microbp.plots.number_places import number_places
from tests.helpers.profiles import examples


def net_of(sizes, direct, rng, most=9.99):
    """With direct connections, the output gets lines from everything."""
    net = Net(sizes[0])
    for number, size in enumerate(sizes[1:], 1):
        net.add(f"h{number}", size, of=["x", *net.layers] if direct else None)
    for p in net.parameters():
        p.data = rng.uniform(-most, most)
    return net


def numbers_of(ax):
    """The text of each number, and its box in pixels."""
    ax.figure.draw_without_rendering()
    texts = [text for text in ax.texts if text.get_zorder() == 2]
    return [text.get_text() for text in texts], [
        t.get_bbox_patch().get_window_extent() for t in texts
    ]


def assert_clear(ax):
    """No number on a line that is not its own, nor in a unit, nor on another number."""
    _, boxes = numbers_of(ax)
    lines = [line.get_path().transformed(ax.transData) for line in ax.lines]
    for i, box in enumerate(boxes):
        assert sum(line.intersects_bbox(box, filled=False) for line in lines) == 1
        assert not any(box.overlaps(other) for other in boxes[:i])
    circles = [t.get_bbox_patch() for t in ax.texts if t.get_zorder() == 3]
    units = [circle.get_window_extent() for circle in circles if circle]
    assert not any(box.overlaps(unit) for box in boxes for unit in units)


def new_axes(net):
    figure = Figure(figsize=(1.4 * max(sum(net.inputs.values()), 4), 6.0), layout="constrained")
    return plots.weights_as_net(net, figure.add_subplot())


@pytest.mark.parametrize(
    ("sizes", "direct"),
    [
        ((2, 2, 1), False),
        ((2, 2, 1), True),
        ((2, 1, 1), True),
        ((3, 3, 2), False),
        ((4, 2, 4), False),
        ((6, 2, 1), False),
        ((6, 2, 1), True),
        ((4, 4, 1), True),
        ((8, 3, 8), False),
    ],
)
def test_every_number_is_clear_of_what_is_not_its_own(sizes, direct):
    from matplotlib import pyplot

    net = net_of(sizes, direct, random.Random(5))
    ax = plots.weights_as_net(net)
    assert_clear(ax)
    weights = sum(len(u.weights) for layer in net.layers.values() for u in layer.neurons)
    assert len(numbers_of(ax)[0]) == weights
    assert ax.get_title(loc="right") == ""
    pyplot.close(ax.figure)


@pytest.mark.thorough
@examples(30)
@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
    st.booleans(),
    st.randoms(),
    st.floats(0, 99),
)
def test_whatever_the_layers(sizes, direct, rng, most):
    ax = new_axes(net_of(sizes, direct, rng, most))
    assert_clear(ax)
    missing = len(ax.lines) - len(numbers_of(ax)[0])
    said = ax.get_title(loc="right")
    assert (
        said.startswith(f"{missing} of {len(ax.lines)} numbers have no room")
        if missing
        else not said
    )


def test_numbers_without_room_are_counted():
    ax = new_axes(net_of((5, 5, 5), True, random.Random(5)))
    shown = len(numbers_of(ax)[0])
    assert 0 < shown < len(ax.lines) == 75
    assert ax.get_title(loc="right").startswith(f"{75 - shown} of 75 numbers have no room here")


def test_the_xor_experiment_has_its_number_off_the_crossing(tmp_path):
    net = xor.run().net
    assert_clear(new_axes(net))


def test_a_place_is_as_near_as_it_can_be_to_the_wish():
    ways = [[(0.0, 0.0), (0.0, 10.0)], [(-5.0, 5.0), (5.0, 5.0)]]
    (x, y), (a, b) = number_places(ways, [0.5, 0.1], [(2.0, 2.0)] * 2, 0.5)
    assert (x, b) == (0.0, 5.0)
    assert abs(y - 5.0) == pytest.approx(1.5, abs=0.17)  # beside the other line
    assert a == pytest.approx(-4.0)
    (upper,) = number_places(ways[:1], [0.5], [(2.0, 2.0)], 0.5, [((9.0, 8.0), (-9.0, -1.0))])
    assert upper[1] == pytest.approx(9.5, abs=0.17)
    assert number_places(ways[:1], [0.5], [(2.0, 9.0)], 0.5, [((-1.0, 4.0), (1.0, 6.0))]) == [None]
