import math
import random

import pytest
from matplotlib import figure

from microbp import Value, plots
from microbp.experiments.nature1986 import family_data, family_trees
from microbp.nn import Net


def axes(**size):
    return figure.Figure(**size).add_subplot()


def squares(ax):
    """White and black squares: for each the center, rounded to a cell's tenth, and the area."""
    found = []
    for collection in ax.collections[1:]:
        corners = [path.vertices[:4].tolist() for path in collection.get_paths()]
        found.append(
            {
                (round((a[0] + c[0]) / 2, 1), round((a[1] + c[1]) / 2, 1)): (c[0] - a[0]) ** 2
                for a, _, c, _ in corners
            }
        )
    return found


def captions(ax):
    return [t.get_text() for t in ax.get_xticklabels()], [
        t.get_text() for t in ax.get_yticklabels()
    ]


def test_area_by_magnitude_white_above_0_and_black_below():
    ax = plots.hinton([[4.0, -1.0], [0.0, Value(2.0)]], axes())
    white, black = squares(ax)
    assert set(white) == {(0.5, 0.5), (1.5, 1.5)}
    assert set(black) == {(1.5, 0.5)}
    assert white[0.5, 0.5] == pytest.approx(4 * black[1.5, 0.5])
    assert white[0.5, 0.5] == pytest.approx(2 * white[1.5, 1.5])
    assert 0.8 < white[0.5, 0.5] < 1.0
    gray, *colors = (collection.get_facecolor()[0, :3].tolist() for collection in ax.collections)
    assert colors == [[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]
    assert gray[0] == gray[1] == gray[2] == pytest.approx(0.5, abs=0.05)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row on top


def test_a_list_is_one_row():
    white, black = squares(plots.hinton([1.0, -1.0, 0.5], axes()))
    assert [*white, *black] == [(0.5, 0.5), (2.5, 0.5), (1.5, 0.5)]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_one_scale_for_several_pictures():
    ax = plots.hinton([1.0], axes(), largest=4.0)
    assert legend(ax) == ["4", "−4"]
    (area,) = squares(ax)[0].values()
    (full,) = squares(plots.hinton([1.0], axes()))[0].values()
    assert area == pytest.approx(full / 4)
    for largest in (0.5, -1.0, math.nan, math.inf):
        with pytest.raises(
            ValueError, match=r"hinton: largest: expected a number of at least 1.0, "
        ):
            plots.hinton([1.0], axes(), largest=largest)


def test_what_is_not_finite_is_a_cross_and_counted():
    ax = plots.hinton([[math.nan, 2.0], [math.inf, -math.inf]], axes())
    (crosses,) = ax.lines
    assert sorted(map(tuple, crosses.get_xydata().tolist())) == [(0.5, 0.5), (0.5, 1.5), (1.5, 1.5)]
    assert legend(ax) == ["2", "−2", "not finite: 3"]
    assert "3 not finite" in plots.alt_text(ax)


@pytest.mark.parametrize(
    "weights",
    [[0.0], [[math.nan]], [5e-324, -1e308], [[1.0, 2.0], [3.0]], [[1.0] * 300] * 300],
    ids=["zero", "nan", "far ends", "ragged", "300"],
)
@pytest.mark.parametrize("size", [(1.0, 1.0), (8.0, 6.0)])
def test_any_weights_can_be_drawn(weights, size):
    assert plots.alternative_text.as_png(plots.hinton(weights, axes(figsize=size)).figure, dpi=40)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="hinton: rows: expected 2 captions, got 1"):
        plots.hinton([[1.0], [2.0]], axes(), rows=["a"])
    with pytest.raises(ValueError, match="hinton: columns: expected 1 captions, got 2"):
        plots.hinton([[1.0], [2.0]], axes(), columns=["a", "b"])
    for nothing in ([], [[]], [[1.0], []]):
        with pytest.raises(ValueError, match="hinton: expected at least one weight"):
            plots.hinton(nothing, axes())


def test_many_captions_are_thinned_out():
    names = [f"unit {i}" for i in range(300)]
    left = captions(plots.hinton([[1.0]] * 300, axes(), rows=names))[1]
    assert 20 < len(left) < 100
    assert left[0] == "unit 0"


def test_a_layer_is_a_block_for_each_unit():
    net = Net(2, rng=random.Random(0)).add("hidden", 2)
    for unit, weights in zip(net.layers["hidden"].neurons, [(1, -1, 1), (-1, 1, -1)], strict=True):
        for p, weight in zip(unit.parameters(), weights, strict=True):
            p.data = float(weight)
    ax = plots.hinton_layer(net, "hidden", axes())
    white, black = squares(ax)
    assert set(white) == {(0.5, 0.5), (3.1, 0.5), (1.5, 2.1)}
    assert set(black) == {(1.5, 0.5), (0.5, 2.1), (3.1, 2.1)}
    assert captions(ax) == (["x1", "x2", "bias"], ["hidden1", "hidden2"])


def test_the_family_tree_as_the_papers_fig_4():
    net = family_trees.family_net(random.Random(60))
    for unit in net.layers["person code"].neurons:
        for i, weight in enumerate(unit.weights):
            weight.data = 1.0 if i < 12 else -1.0
    english = family_data.people(family_data.ENGLISH)
    rows = ["English", "Italian"]
    ax = plots.hinton_layer(net, "person code", rows=rows, columns=english)
    white, black = squares(ax)
    blocks = [j * 2.6 for j in range(6)]
    upper = {(i + 0.5, round(y + 0.5, 1)) for i in range(12) for y in blocks}
    lower = {(i + 0.5, round(y + 1.5, 1)) for i in range(12) for y in blocks}
    assert upper <= set(white)
    assert lower <= set(black)
    assert captions(ax)[0] == [*english, "bias"]
    assert [text.get_text() for text in ax.texts] == rows * 6


def test_sources_stand_apart():
    net = family_trees.family_net(random.Random(60))
    ax = plots.hinton_layer(net, "central", axes(figsize=(10, 8)))
    places = sorted({x for found in squares(ax) for x, _ in found})
    assert places == [i + 0.5 for i in range(6)] + [round(i + 7.1, 1) for i in range(6)] + [13.7]
    assert captions(ax)[0][5:7] == ["person code6", "relation code1"]


def test_no_such_layer():
    net = Net(2, rng=random.Random(0)).add("hidden", 2)
    with pytest.raises(ValueError, match="layer: expected one of 'hidden'; got 'output'"):
        plots.hinton_layer(net, "output", axes())
    with pytest.raises(ValueError, match="hinton_layer: columns: expected 2 captions, got 3"):
        plots.hinton_layer(net, "hidden", axes(), columns=["a", "b", "c"])


def test_activities_as_the_papers_fig_3():
    net = family_trees.family_net(random.Random(60))
    inputs, _ = family_data.CASES[50]
    ax = plots.hinton_activities(net, inputs, axes(figsize=(9, 6)))
    white, black = squares(ax)
    found = net.activities(inputs)
    assert len(white) == 2 + 6 + 6 + 12 + 6 + 24  # one person and one relationship are on
    assert not black
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert heights["person"] == heights["relation"] > heights["person code"] > heights["central"]
    assert heights["central"] > heights["penultimate"] > heights["output"]
    person = [a for (x, y), a in white.items() if y > heights["person"]]
    assert len(person) == 2
    central = sorted(a for (x, y), a in white.items() if 0 < y - heights["central"] < 1.5)
    full = max(white.values())
    assert central == pytest.approx([full * v.data for v in sorted(found["central"])])
    assert legend(ax) == ["1", "−1"]
    assert plots.alt_text(ax).startswith("Activities of person, relation, person code,")


def test_activities_above_1_set_the_scale():
    net = Net(2, rng=random.Random(0)).add("linear", 1, activation="linear")
    for p, data in zip(net.parameters(), (4.0, 0.0, 0.0), strict=True):
        p.data = data
    assert legend(plots.hinton_activities(net, [1.0, 0.0], axes())) == ["4", "−4"]
    assert legend(plots.hinton_activities(net, [math.nan, 0.5], axes()))[2] == "not finite: 2"
    with pytest.raises(ValueError, match="net: expected 2 inputs x, got 3"):
        plots.hinton_activities(net, [1, 2, 3], axes())


def test_a_layer_of_300_inputs():
    net = Net(300, rng=random.Random(0)).add("hidden", 30)
    for ax in (plots.hinton_layer(net, "hidden"), plots.hinton_activities(net, [0.5] * 300)):
        assert plots.alternative_text.as_png(ax.figure, dpi=40)
        from matplotlib import pyplot

        pyplot.close(ax.figure)
