"""Edges of rendered pictures: apart from one another, and from each other's numbers."""

import random

import pytest

from microbp import Value, dot, sin, total
from microbp.drawing.picture import draw
from microbp.losses import squared_error
from microbp.nn import Net, Neuron
from tests.helpers.drawn_edges import between_parallels, crossed


def square():
    x = Value(3.0, "x")
    return x * x + x


def shared():
    x = Value(3.0, "x")
    return dot([x, x, x], [x, Value(1.0, "w"), x])


def far():
    x = Value(0.5, "x")
    y = sin(sin(sin(x)))
    return dot([x, x, y], [y, x, x]) + x * x


def many():
    return total([Value(1.0, "x")] * 2 + [Value(2.0, "y")] * 5)


def xor():
    net = Net(2, rng=random.Random(8)).add("hidden", 2).add("output", 1)
    return squared_error(net([0.0, 1.0]), [1.0])


def in_time():
    names = ["x1", "h1", "h2"]
    units = [Neuron(3, rng=random.Random(i), label=f"h{i}", sources=names) for i in (1, 2)]
    h = [Value(0.0, "start1"), Value(0.0, "start2")]
    for step in range(4):
        x = Value(step % 2, "x1")
        h = [unit([x, *h]) for unit in units]
    return squared_error(h, [0.0, 1.0])


GRAPHS = [square, shared, far, many, xor, in_time]
each_graph = pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.__name__)


@each_graph
@pytest.mark.parametrize("rankdir", ["LR", "TB"])
@pytest.mark.parametrize("fold", ["node", "unit"])
def test_parallel_edges_lie_apart_and_no_number_stands_on_another_edge(graph, rankdir, fold):
    picture = draw(graph(), rankdir=rankdir, fold=fold)
    apart = between_parallels(picture)
    assert apart
    assert min(apart) > 4.0
    if (graph, fold) != (in_time, "node"):  # there, Graphviz finds no room for one or two
        assert crossed(picture) == []


def test_straight_lines_of_more_than_three_parallels_are_one():
    net = Net(2, rng=random.Random(8)).add("hidden", 2)
    y = total([net([0.0, 1.0])[0] * 2.0] * 4)
    picture = draw(y, fold="unit")
    assert between_parallels(picture) == []
    assert "4 edges" in picture.source
