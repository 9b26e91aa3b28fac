import itertools
import math
import random

import pytest
from matplotlib import figure

from microbp import plots
from microbp.experiments.nature1986 import family_trees
from microbp.nn import Net


def axes(**size):
    return figure.Figure(**size).add_subplot()


def rng():
    return random.Random(8)


def shown(ax):
    return [text.get_text() for text in ax.texts]


def test_the_net_shows_a_number_for_each_weight_and_bias():
    net = Net(6, rng=rng(), init=3.0).add("hidden", 2).add("output", 1)
    ax = plots.weights_as_net(net, axes())
    numbers = sorted(x for x in shown(ax) if "." in x)
    assert numbers == sorted(f"{p.data:.2f}".replace("-", "−") for p in net.parameters())
    assert {"x1", "x6", "hidden", "output"} <= set(shown(ax))
    assert len(ax.lines) == 6 * 2 + 2
    thick = max(ax.lines, key=lambda line: line.get_linewidth())
    largest = max((w for n in net.layers.values() for u in n.neurons for w in u.weights), key=abs)
    assert thick.get_color() == (plots.POSITIVE if largest.data > 0.0 else plots.NEGATIVE)


def test_signs_differ_in_gray_too():
    net = Net(2, rng=rng()).add("h", 1)
    (unit,) = net.layers["h"].neurons
    for p, data in zip(unit.parameters(), (2.0, -2.0, 0.0), strict=True):
        p.data = data
    above, below = plots.weights_as_net(net, axes()).lines
    assert (above.get_linestyle(), below.get_linestyle()) == ("-", "--")


NETS = {
    "fig1": Net(6, rng=rng()).add("hidden", 2).add("output", 1),
    "skipping": Net(2, rng=rng()).add("hidden", 1).add("output", 1, of=["x", "hidden"]),
    "parity": Net(4, rng=rng()).add("hidden", 4).add("output", 1, of=["x", "hidden"]),
    "far": Net(3, rng=rng()).add("a", 3).add("b", 2).add("c", 2).add("d", 2, of=["x", "a", "c"]),
    "groups": Net({"person": 4, "relation": 3}, rng=rng())
    .add("person code", 2, of=["person"])
    .add("relation code", 2, of=["relation"])
    .add("central", 3, of=["person code", "relation code"])
    .add("output", 4),
    "ten": Net(10, rng=rng(), init=20.0).add("output", 10),
    "one": Net(1, rng=rng()).add("h", 1),
}  # fmt: skip


@pytest.mark.parametrize("net", NETS.values(), ids=NETS)
def test_every_weight_has_a_line_and_every_number_its_place(net):
    ax = plots.weights_as_net(net, axes(figsize=(14, 14)))
    weights = [w for layer in net.layers.values() for u in layer.neurons for w in u.weights]
    assert len(ax.lines) == len(weights)
    places = [text.get_position() for text in ax.texts]
    assert len(set(places)) == len(places)
    units = [t.get_position() for t in ax.texts if t.get_bbox_patch() and t.get_zorder() == 3]
    for line in ax.lines:
        ends = {tuple(p) for p in (line.get_xydata()[0], line.get_xydata()[-1])}
        assert ends <= set(units)
        for unit in set(units) - ends:
            assert distance(line.get_xydata(), unit) > 0.2, "a line runs through a unit"


def distance(way, point):
    """How far a point is from a line with bends, measured along the level it is on."""
    for (a, b), (c, d) in itertools.pairwise(way.tolist()):
        if b <= point[1] <= d:
            return abs(a + (c - a) * (point[1] - b) / (d - b) - point[0])
    return math.inf


@pytest.mark.parametrize("name", ["fig1", "ten", "skipping", "parity", "groups"])
def test_no_two_numbers_overlap(name):
    ax = plots.weights_as_net(NETS[name])
    ax.figure.draw_without_rendering()
    texts = [text for text in ax.texts if text.get_text()]
    boxes = [text.get_window_extent() for text in texts]
    for (a, i), (b, j) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        overlap = min(i.x1, j.x1) - max(i.x0, j.x0), min(i.y1, j.y1) - max(i.y0, j.y0)
        assert min(overlap) <= 1.0, (a, b)
    close(ax)


def close(ax):
    from matplotlib import pyplot

    pyplot.close(ax.figure)


def test_more_than_ten_units_are_refused_in_favor_of_hinton():
    with pytest.raises(
        ValueError, match=r"at most 10 units side by side, got 36 \(person, rel.*hinton_layer"
    ):
        plots.weights_as_net(family_trees.family_net(rng()), axes())


def test_weights_at_the_far_ends():
    net = Net(2, rng=rng()).add("h", 2).add("o", 1)
    ends = [math.nan, math.inf, -1e308, 0.0, -math.inf, 5e-324, 1e5, -0.0, 999.99]
    for p, data in zip(net.parameters(), ends, strict=True):
        p.data = data
    ax = plots.weights_as_net(net, axes())
    assert {"nan", "inf", "−inf", "0.00", "−1.0e+308", "1.0e+05", "999.99"} <= set(shown(ax))
    assert plots.alternative_text.as_png(ax.figure, dpi=40)


def test_names_are_shown_as_typed():
    net = Net({"$x^$": 1, "\x00": 1}, rng=rng()).add("<b>\\", 1).add("a rather long name " * 3, 1)
    ax = plots.weights_as_net(net, axes())
    assert {r"\$x^\$1", "\N{REPLACEMENT CHARACTER}1", "<b>\\"} <= set(shown(ax))
    assert plots.alternative_text.as_png(ax.figure, dpi=40)


def test_in_words():
    ax = plots.weights_as_net(NETS["skipping"], axes())
    assert plots.alt_text(ax).startswith(
        "A net with its weights as numbers: 2 x, 1 hidden, 1 output;"
    )
