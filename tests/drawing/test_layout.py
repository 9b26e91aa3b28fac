import math
import random
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value, draw, losses, sigmoid, total
from microbp.core.toposort import operands_first
from microbp.drawing.fitting import READABLE, fitted
from microbp.drawing.grouping import folded
from microbp.drawing.layout import Diagram
from microbp.nn import Net, Neuron
from tests.helpers.graphs import chain
from tests.helpers.pictures import boxes


def reuse(nodes):
    y = x = Value(1.0, "x")
    for _ in range(nodes - 1):
        y = y * x
    return y


def star(nodes):
    return total([Value(1.0) for _ in range(nodes - 1)])


def same(nodes):
    return total([Value(1.0, "x")] * nodes)


def lattice(nodes):
    row = [Value(1.0) for _ in range(5)]
    for _ in range(nodes // 5):
        row = [row[i] + row[i - 1] for i in range(5)]
    return total(row)


def horner(nodes):
    x, y = Value(0.5, "x"), Value(1.0)
    for i in range(nodes // 3):
        y = y * x + float(i)
    return y


def wild(nodes):
    rng = random.Random(0)
    pool = [Value(1.0), Value(1.0)]
    for _ in range(nodes):
        pool.append(rng.choice(pool) * pool[-1])
    return pool[-1]


def wide_net(nodes):
    net = Net(4, rng=random.Random(0)).add("hidden", nodes // 7).add("output", 1)
    return net([0.0] * 4)[0]


def batch(nodes):
    net = Net(2, rng=random.Random(0)).add("hidden", 2).add("output", 1)
    cases = nodes // 14
    return sum(losses.squared_error(net([i / cases, 1.0]), [0.0]) for i in range(cases))


def diagram_of(value, fold=None, max_nodes=500, most_pages=math.inf):
    roots = value if isinstance(value, list) else [value]
    folds = {None: (None, "unit", "layer"), "unit": ("unit", "layer"), "layer": ("layer",)}[fold]
    return fitted(operands_first(*roots), roots, folds, max_nodes, most_pages=most_pages)


UGLY = [chain, reuse, star, same, lattice, horner, wild, wide_net, batch]


@pytest.mark.parametrize("graph", UGLY, ids=lambda graph: graph.__name__)
def test_100_000_nodes_of_any_shape_answer_in_seconds(graph):
    value = graph(100_000)
    start = time.perf_counter()
    assert draw(value).svg().rstrip().endswith("</svg>")
    assert time.perf_counter() - start < 30.0  # one or two, on a machine with nothing else to do


def test_what_fits_is_shown_whole():
    assert diagram_of(chain(500))[1] == ""
    assert diagram_of(chain(500))[0].size == 500
    assert diagram_of(star(5), max_nodes=5)[0].shown is None


def test_what_does_not_is_cut_to_what_is_nearest_to_the_roots():
    diagram, note = diagram_of(chain(501))
    assert [*diagram.members] == [f"n{i}" for i in range(1, 501)]
    assert note.startswith("The 500 nodes nearest to the root, of 501 nodes.\nTo see more, ")
    diagram, _ = diagram_of(star(10), max_nodes=3)
    assert [*diagram.members] == ["n0", "n1", "n9"]
    assert [edge.id for edge in diagram.edges] == ["e9_0", "e9_1"]
    diagram, _ = diagram_of(star(10), max_nodes=1)
    assert [*diagram.members] == ["n9"]


def test_a_net_is_folded_by_unit_or_else_by_layer():
    net = Net(6, rng=random.Random(0)).add("hidden", 5).add("output", 1)
    (y,) = net([0.0] * 6)
    assert not diagram_of(y, max_nodes=100)[0].groups
    diagram, note = diagram_of(y, max_nodes=20)
    assert (diagram.size, note.partition("\n")[0]) == (12, "59 nodes, folded by unit.")
    diagram, note = diagram_of(y, max_nodes=5)
    assert (diagram.size, note.partition("\n")[0]) == (3, "59 nodes, folded by layer.")
    diagram, note = diagram_of(y, max_nodes=2)
    assert (diagram.size, note.partition("\n")[0]) == (
        2,
        "The 2 boxes nearest to the root, of 59 nodes.",
    )
    assert [edge[:2] for edge in diagram.edges] == [("u1", "u2")]
    assert diagram_of(y, "layer", 100) == (Diagram(operands_first(y), diagram.groups), "")


def test_folding_that_hardly_helps_is_left():
    (y,) = Net(2, rng=random.Random(0)).add("hidden", 1)([0.0, 1.0])
    for _ in range(100):
        y = -y
    diagram, note = diagram_of(y, max_nodes=50)
    assert (len(diagram.groups), diagram.size) == (0, 50)
    assert note.startswith("The 50 nodes nearest")


def test_edges_that_are_too_many_are_merged():
    diagram, note = diagram_of(same(2001))
    ((start, end, id, number, _),) = diagram.edges
    assert (start, end, id, number, note) == ("n0", "n1", "fn0_n1", 2001, "")
    diagram, note = diagram_of(same(2000))
    assert [edge.id for edge in diagram.edges] == [f"e1_{k}" for k in range(2000)]


def test_edges_that_pass_by_too_many_boxes_are_fewer():
    diagram, _ = diagram_of(reuse(500))
    assert diagram.size < 120
    assert "n0" in diagram.members
    assert "n499" in diagram.members


def test_folded_edges_say_how_many_they_are():
    net = Net(6, rng=random.Random(8)).add("hidden", 2).add("output", 1)
    (y,) = net([0.0] * 6)
    nodes = operands_first(y)
    layers = Diagram(nodes, folded(nodes, "layer"))
    assert [(e.start, e.end, e.id, e.number) for e in layers.edges] == [
        ("u0", "u1", "fu0_u1", 12),
        ("u1", "u2", "fu1_u2", 2),
    ]
    units = Diagram(nodes, folded(nodes, "unit"))
    assert len(units.edges) == 14
    assert {edge.number for edge in units.edges} == {1}


def test_a_unit_that_feeds_itself_is_a_box_for_each_step_and_a_layer_has_an_edge_to_itself():
    unit = Neuron(1, rng=random.Random(0), label="h1", sources=["h1"])
    h = Value(0.0)
    for _ in range(5):
        h = unit([h])
    diagram, _ = diagram_of(h, "unit")
    assert {(e.start, e.end, e.number) for e in diagram.edges} == {
        ("n1", "u0", 1), ("u0", "u1", 1), ("u1", "u2", 1), ("u2", "u3", 1), ("u3", "u4", 1)
    }  # fmt: skip
    picture = draw(h, fold="unit")
    assert boxes(picture)["u0"][:4] == ["σ", "h1", "step 1", "2 parameters"]
    assert boxes(picture)["u4"][:4] == ["σ", "h1", "step 5", "the same 2 parameters"]
    diagram, _ = diagram_of(h, "layer")
    assert {(e.start, e.end, e.number) for e in diagram.edges} == {("n1", "u0", 1), ("u0", "u0", 4)}
    assert "u0 -> u0" in draw(h, fold="layer").source


def test_a_penalty_on_tied_weights_still_has_its_edges():
    unit = Neuron(1, rng=random.Random(0), label="h1", sources=["h1"])
    h = unit([unit([Value(0.5)])])
    (weight,) = unit.weights
    diagram, _ = diagram_of(h + weight * weight, "unit")
    assert [e.number for e in diagram.edges if (e.start, e.end[0]) == ("u0", "n")] == [2]


def test_a_long_sum_has_no_edge_to_itself():
    diagram, _ = diagram_of(batch(300), "layer")
    assert any(group.name == "+" for group in diagram.groups)
    assert all(edge.start != edge.end for edge in diagram.edges)


@given(st.data())
def test_each_edge_is_there_or_counted(data):
    net = Net(2, rng=random.Random(0)).add("h", 2).add("o", 2)
    pool = [Value(1.0), *net([1.0, Value(0.5)])]
    for _ in range(data.draw(st.integers(0, 8))):
        operands = data.draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4))
        pool.append(data.draw(st.sampled_from([total, lambda xs: sigmoid(xs[0])]))(operands))
    nodes = operands_first(*pool)
    fold = data.draw(st.sampled_from([None, "unit", "layer"]))
    most = data.draw(st.integers(1, 40))
    diagram, note = diagram_of(pool, fold, most, math.inf if fold else READABLE)
    assert diagram.size == len(diagram.members) <= max(most, 1)
    assert (diagram.shown is not None) <= bool(note)
    inside = {i: name for name, members in diagram.members.items() for i in members}
    place = {node: i for i, node in enumerate(nodes)}
    crossing = sum(
        i in inside and place[operand] in inside and inside[place[operand]] != inside[i]
        for i, node in enumerate(nodes)
        for operand in node.operands
    )
    assert sum(edge.number for edge in diagram.edges if edge.start != edge.end) == crossing
    source = draw(*pool, fold=fold, max_nodes=most).source
    assert len(re.findall(r"^\t[nu]\d+ \[", source, re.M)) == diagram.size
    assert len({edge.id for edge in diagram.edges}) == len(diagram.edges)
