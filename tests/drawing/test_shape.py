"""A picture is turned or folded by its shape, so that it fits a page or a notebook."""

import random
import re

import pytest

from microbp import Value, relu, sin, total
from microbp.core.toposort import operands_first
from microbp.drawing.grouping import folded
from microbp.drawing.layout import Diagram
from microbp.drawing.picture import draw, draw_for_print
from microbp.drawing.shape import PAGE, size
from microbp.losses import squared_error
from microbp.nn import Net, Neuron
from tests.helpers.graphs import chain


def points(picture):
    found = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', picture.svg())
    return tuple(map(float, found.groups()))


def direction(picture):
    return re.search(r"rankdir=(\w+)", picture.source)[1]


def micrograd():
    """The example of micrograd's README."""
    a, b = Value(-4.0, "a"), Value(2.0, "b")
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + relu(b + a)
    d += 3 * d + relu(b - a)
    e = c - d
    f = e**2
    g = f / 2.0 + 10.0 / f
    g.backward()
    return g


def net_error(inputs=6):
    net = Net(inputs, rng=random.Random(8)).add("hidden", 2).add("output", 1)
    return squared_error(net([0.0] * inputs), [1.0])


def in_time(steps):
    unit = Neuron(2, rng=random.Random(0), label="h1", sources=["x1", "h1"])
    h = Value(0.0, "start")
    for _ in range(steps):
        h = unit([Value(1.0, "x1"), h])
    return h


@pytest.mark.parametrize(
    ("graph", "fold"),
    [(micrograd, None), (net_error, None), (net_error, "unit"), (net_error, "layer"),
     (lambda: chain(30), None), (lambda: total([Value(1.0, "x") for _ in range(30)]), None)],
)  # fmt: skip
@pytest.mark.parametrize("rankdir", ["LR", "TB"])
def test_the_estimated_size_is_about_the_true_one(graph, fold, rankdir):
    root = graph()
    nodes = operands_first(root)
    diagram = Diagram(nodes, folded(nodes, fold) if fold else ())
    true = points(draw(root, fold=fold or "node", rankdir=rankdir))
    for about, side in zip(size(diagram, rankdir), true, strict=True):
        assert 0.7 < about / side < 1.3 or abs(about - side) < 60


def test_what_fits_leads_to_the_right_and_what_is_wide_and_thin_to_the_bottom():
    x = Value(3.0, "x")
    assert direction(draw(x * x + x)) == "LR"
    assert direction(draw(micrograd())) == "TB"
    assert points(draw(micrograd()))[0] < 750
    assert direction(draw(chain(60))) == "TB"
    assert direction(draw(total([Value(1.0, f"x{i}") for i in range(60)]))) == "LR"
    assert direction(draw(micrograd(), rankdir="LR")) == "LR"


def test_a_net_that_is_too_large_to_look_at_is_folded_but_not_if_every_node_is_asked_for():
    picture = draw(net_error(8))
    assert "folded by unit" in picture.source
    assert "To see every node, draw it with fold=&quot;node&quot;." in picture.source
    every = draw(net_error(8), fold="node")
    assert "folded" not in every.source
    assert "boxes shown" not in repr(every)
    assert "folded" not in draw(net_error(2)).source


def test_a_net_of_wide_layers_is_folded_by_layer_unless_units_are_asked_for():
    net = Net(2, [24, 24, 1], seed=1)
    picture = draw(net)
    assert "folded by layer" in picture.source
    assert "fold=&quot;unit&quot;" in picture.source
    assert "folded" not in draw(net, fold="unit").source


def test_a_net_in_time_goes_on_to_the_right():
    picture = draw(in_time(20))
    assert direction(picture) == "LR"
    assert [f"step {i}" in picture.source for i in (1, 20, 21)] == [True, True, False]
    assert direction(draw(in_time(20), rankdir="TB")) == "TB"


@pytest.mark.parametrize("root", [net_error(), net_error(2), in_time(20), micrograd()])
def test_what_is_printed_fits_on_a_page_with_type_of_6_points(root):
    width, height = points(draw_for_print(root))
    short, long = PAGE
    assert min(max(width / short, height / long), max(width / long, height / short)) < 1.1


def test_an_operation_is_not_wider_for_a_long_label_than_it_shows():
    y = sin(Value(1.0, "x"))
    y.label = "long " * 400
    (width, _), (true, _) = size(Diagram(operands_first(y)), "LR"), points(draw(y))
    assert width == pytest.approx(true, rel=0.3)
