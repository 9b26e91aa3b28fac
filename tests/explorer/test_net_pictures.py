"""Pictures of nets: laid out as nets are, whole, small, and made in no time."""

import random
import re
import time
from itertools import combinations, pairwise

import pytest

from microbp import Value, explore, tanh, total
from microbp.core.toposort import operands_first
from microbp.drawing.grouping import folded
from microbp.drawing.layout import Diagram
from microbp.drawing.render import LayoutTimeout
from microbp.explorer import pictures as pictures_module
from microbp.explorer.net_blocks import units_of
from microbp.explorer.net_layout import net_layout
from microbp.explorer.pictures import NARROW, net_order, pictures
from microbp.losses import squared_error
from microbp.nn import Net, Neuron
from tests.helpers.parsed_page import Page


def xor():
    net = Net(2, seed=1).add("hidden", 2).add("output", 1)
    return squared_error(net([1.0, 0.0]), [1.0])


def in_time(steps):
    h = Value(0.0, "start")
    unit = Neuron(2, rng=random.Random(0), label="h1", sources=["x1", "h1"], activation="tanh")
    for _ in range(steps):
        h = unit([Value(1.0, "x1"), h])
    return h


def skipping():
    net = Net(2, seed=0).add("hidden", 3).add("more", 3)
    net.add("output", 2, of=["x", "hidden", "more"])
    return squared_error(net([1.0, 0.5]), [1.0, 0.0])


def cases():
    net = Net(2, seed=1).add("hidden", 2).add("output", 1)
    return total(
        [squared_error(net([a, b]), [float(a != b)]) for a in (0.0, 1.0) for b in (0.0, 1.0)]
    )


GRAPHS = {
    "xor": xor,
    "micrograd": lambda: Net(2, [16, 16, 1], seed=1)([0.5, 1.0])[0],
    "in time": lambda: in_time(20),
    "skipping": skipping,
    "cases": cases,
    "a unit": lambda: Net(1, seed=0).add("output", 1)([1.0])[0],
}


def layouts(value):
    """The layout of each fold of the graph."""
    nodes = net_order(operands_first(value))
    for by in (None, "unit", "layer"):
        for size in ((1140.0, 500.0), NARROW):
            diagram = Diagram(nodes, folded(nodes, by) if by else [])
            units = [] if by else list(units_of(diagram, folded(nodes, "unit")))
            yield net_layout(diagram, units, size=size)


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_no_two_boxes_overlap_and_all_are_in_the_picture(graph):
    for layout in layouts(graph()):
        boxes = [box for block in layout.blocks + layout.tied for box in block.boxes]
        for box in boxes:
            assert min(box.x, box.y) >= 0
            assert box.right <= layout.width
            assert box.y + box.height <= layout.height
        for a, b in combinations(boxes, 2):
            beside = a.right <= b.x or b.right <= a.x
            assert beside or a.y + a.height <= b.y or b.y + b.height <= a.y


@pytest.mark.parametrize("graph", GRAPHS.values(), ids=GRAPHS)
def test_every_picture_has_every_box_of_its_fold_once(graph):
    page = Page(explore(graph()).html)
    ids = page.ids()
    assert len(ids) == len(set(ids))
    for k, fold in enumerate(page.recorded["fold_names"]):
        groups = page.recorded["folds"][fold]
        names = {f"n{i}" for i in range(len(page.recorded["nodes"]))}
        for j, group in enumerate(groups):
            names = names - {f"n{i}" for i in group["members"]} | {f"u{j}"}
        prefix = f"fold{k}-" if k else ""
        assert {prefix + name for name in names} <= set(ids)


def test_layers_are_columns_of_evenly_spaced_units_and_the_loss_is_behind():
    nodes = net_order(operands_first(squared_error(Net(2, [16, 16, 1], seed=1)([0, 1]), [1.0])))
    layout = net_layout(Diagram(nodes, folded(nodes, "unit")))
    assert [len(column) for column in layout.columns] == [2, 16, 16, 1, 1]
    for column in layout.columns[1:3]:
        spaces = [round(b.y - a.bottom, 6) for a, b in pairwise(column)]
        assert len(set(spaces)) == 1
        assert len({block.y + block.height / 2 for block in column}) == 16
    assert [box.name for box in layout.columns[-1][0].boxes if box.round] == ["-", "×", "Σ", "×"]
    for left, right in pairwise(layout.columns):
        assert max(block.right for block in left) < min(block.x for block in right)


def test_weights_stand_on_the_lines_between_units():
    page = explore(xor()).html
    units = page[page.index('data-prefix="fold1-"') :]
    units = units[: units.index("</svg>")]
    lines = re.findall(r'<g class="edge" id="fold1-f\w+">.*?<text[^>]*>([^<]*)<', units)
    net = Net(2, seed=1).add("hidden", 2).add("output", 1)
    weights = [f"{p.data:.4g}" for p in net.parameters() if p.label.startswith("w")]
    assert set(weights) <= set(lines)


def test_times_stand_side_by_side_and_their_weights_are_there_once():
    nodes = net_order(operands_first(in_time(4)))
    diagram = Diagram(nodes)
    layout = net_layout(diagram, list(units_of(diagram, folded(nodes, "unit"))))
    steps = [block for block in layout.blocks if block.unit]
    assert len(steps) == 4
    assert all(a.right < b.x and a.y == b.y for a, b in pairwise(steps))
    (weights,) = layout.tied
    assert [box.name for box in weights.boxes] == ["w x1", "w h1", "b"]
    assert weights.bottom < min(block.y for block in steps)


def test_time_steps_are_folded_each_with_its_inputs_and_the_weights_once():
    page = Page(explore(in_time(20)).html)
    names = [node["name"] for node in page.recorded["nodes"]]
    assert [*page.recorded["folds"]] == ["every node", "units", "time steps", "layers"]
    weights, *steps = page.recorded["folds"]["time steps"]
    assert weights["kind"] == "weights"
    assert [names[i] for i in weights["members"]] == ["w[h1,x1]", "w[h1,h1]", "b[h1]"]
    assert [group["name"] for group in steps] == [f"step {k}" for k in range(1, 21)]
    assert [names[i] for i in steps[4]["members"] if names[i] == "x1"] == ["x1"]
    assert len({i for group in (weights, *steps) for i in group["members"]}) == 64
    sizes = [a["data-box"].split()[2:] for _, a in page.elements if "data-box" in a]
    assert any(float(w) <= 1140 and float(h) <= 400 for w, h in sizes)  # for a window of 1,280
    assert any(float(w) <= 500 and float(h) <= 400 for w, h in sizes)  # for a telephone


def test_a_layout_that_takes_graphviz_too_long_is_done_without(monkeypatch):
    def slow(*_, **__):
        raise LayoutTimeout("no layout")

    monkeypatch.setattr(pictures_module, "inline_svg", slow)
    value = Value(0.25, "h0")
    for i in range(450):
        value = tanh(Value(0.9, f"w{i}") * value) + value
    start = time.perf_counter()
    shown = pictures(operands_first(value))
    assert time.perf_counter() - start < 5
    assert shown[0].picture.svg.count('class="node ') == 1801
    assert [each.fold for each in shown] == ["every node", "small parts", "parts", "parts"]


def test_a_large_net_is_a_small_page_of_its_layers():
    net = Net(784, [120, 40, 10], seed=1)
    explorer = explore(net)
    assert repr(explorer).endswith("100,565 nodes>")
    assert len(explorer.html) < 60_000
    assert "too large" in explorer.html
    page = Page(explorer.html)
    assert [a["data-box"] for tag, a in page.elements if tag == "tr" and "data-box" in a] == [
        "u0", "u1", "u2", "u3"
    ]  # fmt: skip
    assert "94,200" in explorer.html
