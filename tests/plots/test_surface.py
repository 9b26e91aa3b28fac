import itertools
import math
import random
import warnings

import numpy as np
import pytest
from matplotlib import figure

import microbp
from microbp import Value, plots, total
from microbp.losses import squared_error
from microbp.nn import Net
from microbp.plots.plane import COARSE, FINE, over_grid, span

XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]


def axes(**size):
    return figure.Figure(**size).add_subplot()


def rendered(ax):
    return plots.alternative_text.as_png(ax.figure, dpi=40)


def net_of(*sizes, inputs=2):
    net = Net(inputs, rng=random.Random(1), init=2.0)
    for i, units in enumerate(sizes):
        net.add(f"layer {i}", units)
    return net


# The grid


def test_a_recordable_function_is_called_once_for_a_fine_grid():
    calls = []

    def f(x, y):
        calls.append((x, y))
        return microbp.tanh(x) + y * y

    xs, ys, zs = over_grid(f, (-1, 1), (0, 2))
    assert zs.shape == (FINE, FINE)
    assert len(calls) < 50
    assert (xs[0], xs[-1], ys[0], ys[-1]) == (-1, 1, 0, 2)
    assert zs[FINE - 1, 0] == pytest.approx(math.tanh(-1) + 4)  # the last row: x = -1, y = 2


@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: 1.0 if x > y else 0.0,
        lambda x, y: x * 0 + (1.0 if x > 0 else 0.0),
        lambda x, y: microbp.sin(float(x)) + y,
        lambda x, y: math.atan2(x, y),
        lambda x, y: np.sign(x) * y,
        lambda x, y: float(x) * y,
    ],
    ids=["if", "if in a graph", "float", "math", "numpy", "half a graph"],
)
def test_what_cannot_be_replayed_is_called(f):
    xs, ys, zs = over_grid(f, (-1, 1), (-2, 2))
    assert zs.shape == (COARSE, COARSE)
    for i, j in ((0, 0), (3, 50), (COARSE - 1, 7)):
        assert zs[i, j] == float(f(xs[j], ys[i]))


def test_where_there_is_no_value_there_is_nan():
    for f in (lambda x, y: microbp.log(x) + y, lambda x, y: math.log(x) + y):
        xs, _, zs = over_grid(f, (-1, 1), (-1, 1))
        assert (np.isnan(zs).all(axis=0) == (xs <= 0)).all()


def test_what_a_function_raises_for_other_reasons_is_raised():
    with pytest.raises(KeyError):
        over_grid(lambda x, y: {}["a"], (0, 1), (0, 1))
    net = net_of(1, inputs=3)
    with pytest.raises(ValueError, match="expected 3 inputs x, got 2"):
        plots.decision_regions(lambda x: net(x), ax=axes())
    with pytest.raises(microbp.DomainError):
        over_grid(lambda x, y: microbp.log(x), (-2, -1), (0, 1))


def test_a_span_of_nothing_much():
    assert span([], 0.5) == (-1.0, 1.0)
    assert span([4.0, math.nan, math.inf], 0.5) == (2.0, 6.0)


# Decision regions


def boundary(ax):
    """The points of the line of 0.5."""
    return [
        tuple(p)
        for collection in ax.collections
        if not len(collection.get_facecolor())
        for path in collection.get_paths()
        for p in path.vertices
    ]


def test_the_boundary_is_where_the_output_is_a_half():
    net = net_of(1)
    b = boundary(plots.decision_regions(net, XOR, axes()))
    assert len(b) > 10
    assert all(net(p)[0].data == pytest.approx(0.5, abs=0.01) for p in b)


def test_the_cases_are_circles_and_squares():
    ax = plots.decision_regions(net_of(2, 1), XOR, axes())
    on, off = ax.lines
    assert (on.get_marker(), off.get_marker()) == ("o", "s")
    assert on.get_xydata().tolist() == [[0, 1], [1, 0]]
    assert off.get_xydata().tolist() == [[0, 0], [1, 1]]
    assert on.get_markerfacecolor() != off.get_markerfacecolor()


def keys(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


@pytest.mark.parametrize(
    ("targets", "line", "levels"),
    [
        ((0.0, 1.0), 0.5, (0.1, 0.5, 0.9)),
        ((0.1, 0.9), 0.5, (0.1, 0.5, 0.9)),
        ((1.0,), 0.5, (0.1, 0.5, 0.9)),
        ((-1.0, 1.0), 0.0, (-0.8, 0.0, 0.8)),
        ((-1.0,), 0.0, (-0.8, 0.0, 0.8)),
        ((10.0, 30.0), 20.0, (12.0, 20.0, 28.0)),
    ],
)
def test_the_line_is_in_the_middle_of_the_targets(targets, line, levels):
    cases = [([i, 1.0], [target]) for i, target in enumerate(targets)]
    ax = plots.decision_regions(lambda x: 60.0 * x[0], cases, axes(), x=(-1, 1), y=(0, 1))
    assert [x for x, _ in boundary(ax)] == pytest.approx([line / 60.0] * 201, abs=1e-9)
    low, middle, high = (f"{level:g}".replace("-", "−") for level in levels)
    shades = [f"output above {high}", f"{middle} to {high}", f"{low} to {middle}", f"below {low}"]
    assert keys(ax)[:4] == shades
    assert f"output {middle}" in keys(ax)
    assert sum(len(marks.get_xdata()) for marks in ax.lines) == len(targets)


def test_a_net_of_tanh_has_its_line_at_0():
    ax = plots.decision_regions(Net(2, [1], output="tanh", seed=0), ax=axes())
    assert "output 0" in keys(ax)


def test_line_and_levels_as_asked():
    cases = [([0.2, 0.0], [0]), ([0.8, 0.0], [1])]
    ax = plots.decision_regions(lambda x: x[0] * 10, cases, axes(), at=3, levels=[2, 3, 4, 5, 7])
    assert [x for x, _ in boundary(ax)] == pytest.approx([0.3] * 201)
    assert keys(ax)[:2] == ["output above 7", "5 to 7"]
    assert rendered(plots.decision_regions(lambda x: x[0], ax=axes(), levels=[0.25]))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"levels": [1, 1]}, r"levels: expected numbers that rise, got \[1, 1\]"),
        ({"levels": []}, r"levels: expected numbers that rise, got \[\]"),
        ({"levels": [math.nan]}, "levels: expected a finite number, got nan"),
        ({"at": math.inf}, "at: expected a finite number, got inf"),
    ],
)
def test_levels_that_cannot_be(asked, message):
    with pytest.raises(ValueError, match=f"decision_regions: {message}"):
        plots.decision_regions(net_of(1), ax=axes(), **asked)


def test_regions_of_a_function_and_of_groups():
    ax = plots.decision_regions(lambda x: microbp.sigmoid(x[0] - 2), ax=axes(), x=(0, 5), y=(1, 2))
    assert {x for x, _ in boundary(ax)} == {2.0}
    assert (ax.get_xlim(), ax.get_ylim()) == ((0, 5), (1, 2))
    net = Net({"left": 1, "right": 1}, rng=random.Random(0)).add("out", 1)
    ax = plots.decision_regions(net, [({"right": [3.0], "left": [1.0]}, [1])], axes())
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("left1", "right1")
    assert ax.lines[0].get_xydata().tolist() == [[1.0, 3.0]]


def test_regions_in_words():
    ax = plots.decision_regions(
        lambda x: x[0] + 0 * x[1], [([1, 0], 1), ([0, 0], [1])], axes(), x=(0, 1)
    )
    said = plots.alt_text(ax)
    assert "above 0.5 in 49.8 % of the plane" in said
    assert "1 of 2 cases are on their side" in said
    assert ax.get_title(loc="right") == ""


def test_regions_take_the_arrays_that_train_takes():
    X, y = np.array([[1.0, 0.0], [0.0, 0.0], [0.2, 0.1]]), np.array([1, 0, 1])
    said = [
        plots.alt_text(plots.decision_regions(lambda x: x[0] + 0 * x[1], cases, axes()))
        for cases in ((X, y), [(X[i].tolist(), int(y[i])) for i in range(3)])
    ]
    assert said[0] == said[1]
    assert "2 of 3 cases are on their side" in said[0]


def test_what_has_no_picture_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match=r"a net of two inputs, got \{'x': 3\}: hold all but two"):
        plots.decision_regions(net_of(1, inputs=3), ax=axes())
    with pytest.raises(ValueError, match="a net of one output, got 2: choose one"):
        plots.decision_regions(net_of(2), ax=axes())
    with pytest.raises(TypeError, match="expected one output, got 2: choose one"):
        plots.decision_regions(lambda x: [x[0], x[1]], ax=axes())
    with pytest.raises(ValueError, match="cases of two inputs, got 3"):
        plots.decision_regions(net_of(1), [([1, 2, 3], [1])], ax=axes())
    with pytest.raises(ValueError, match="cases of one target, got 2"):
        plots.decision_regions(net_of(1), [([1, 2], [1, 0])], ax=axes())
    for bad in ((1, 1), (2, 1), (0, math.inf), (math.nan, 1)):
        with pytest.raises(
            ValueError, match=r"decision_regions: x: expected a range \(low, high\)"
        ):
            plots.decision_regions(net_of(1), ax=axes(), x=bad)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: 0.2,
        lambda x: x[0] * 1e300,
        lambda x: microbp.exp(x[0] * 1e4),
        lambda x: math.nan,
        lambda x: microbp.log(x[0]),
        lambda x: 0.5 + 0 * x[0],
        lambda x: 1 / x[0],
    ],
    ids=["all off", "huge", "overflow", "nan", "log", "on the line", "pole"],
)
def test_any_function_can_be_drawn(f):
    cases = [([random.gauss(0, 1), random.gauss(0, 1)], [i % 2]) for i in range(300)]
    assert rendered(plots.decision_regions(f, cases, axes(figsize=(2.4, 2.4))))
    assert rendered(plots.decision_regions(f, [], axes(figsize=(6, 6))))
    assert rendered(plots.error_surface(lambda a, b: f([a, b]), "a", "b", axes()))


def test_no_output_is_striped_not_white():
    ax = plots.decision_regions(lambda x: microbp.log(x[0]), ax=axes(), x=(-1, 1))
    assert ax.patch.get_hatch()
    assert ax.get_title(loc="right") == "striped: no output in 50.5 % of the plane"


# The error surface


def levels(ax):
    """The levels of the lines of equal error."""
    return next(c for c in ax.collections if hasattr(c, "levels") and not c.filled).levels.tolist()


def test_along_two_parameters():
    w, v, u = Value(2.0, "w"), Value(-1.0, "v"), Value(3.0, "u")
    error = (w - 1) ** 2 + (v * u) ** 2
    error.backward()
    before = [(p.data, p.grad) for p in (w, v, u)]
    ax = plots.error_surface(error, w, v, axes(), x=(-1, 3), y=(-1, 1))
    assert [(p.data, p.grad) for p in (w, v, u)] == before
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("w", "v")
    lines = next(c for c in ax.collections if hasattr(c, "levels") and not c.filled)
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        for x, y in path.vertices:
            assert (x - 1) ** 2 + (3 * y) ** 2 == pytest.approx(level, rel=0.05, abs=2e-3)


def test_levels_of_all_orders_where_the_errors_are():
    steep = levels(plots.error_surface(lambda a, b: a * a + b * b, "a", "b", axes()))
    assert {0.01, 0.1, 1.0} <= {round(x, 9) for x in steep}
    flat = levels(plots.error_surface(lambda a, b: a + b + 10, "a", "b", axes()))
    assert len({round(b - a, 9) for a, b in itertools.pairwise(flat)}) == 1


def surface_of_xor():
    net = net_of(2, 1)
    return net.parameters(), total([squared_error(net(x), d) for x, d in XOR])


def test_along_two_directions_of_the_whole_weight_vector():
    p, error = surface_of_xor()
    rng = random.Random(2)
    first, second = ({q: rng.gauss(0, 1) for q in p} for _ in range(2))
    path = [{q: q.data + a * first[q] + b * second[q] for q in p} for a, b in [(0, 0), (0.5, -1)]]
    ax = plots.error_surface(error, first, second, axes(), paths={"way": path})
    line = ax.lines[0]
    assert line.get_xydata() == pytest.approx(np.array([[0, 0], [0.5, -1]]), abs=1e-12)
    assert ax.get_xlabel() == "steps along the first direction"
    assert ax.get_xlim()[0] < 0 < 0.5 < ax.get_xlim()[1]


def test_a_leaf_and_a_direction():
    p, error = surface_of_xor()
    ax = plots.error_surface(error, p[0], {p[1]: 1.0, p[2]: 2.0}, axes())
    low, high = ax.get_xlim()
    assert low < p[0].data < high
    assert ax.get_ylim() == (-1.0, 1.0)


def test_a_snapshot_is_a_point_between_two_parameters():
    p, error = surface_of_xor()
    snapshot = {q: float(i) for i, q in enumerate(p)}
    ax = plots.error_surface(error, p[3], p[1], axes(), paths={"way": [snapshot, (4.0, 2.0)]})
    assert ax.lines[0].get_xydata() == pytest.approx(np.array([[3.0, 1.0], [4.0, 2.0]]))


def test_paths_differ_in_gray_and_begin_at_a_ring():
    paths = {"descent": [(0, 0), (1, 1), (math.nan, 1), (1, 2)], "momentum": [(0, 0), (2, 1)]}
    ax = plots.error_surface(lambda a, b: a * a + b, "a", "b", axes(), paths=paths)
    named = {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}
    assert list(named) == ["descent", "momentum", "start"]
    assert named["descent"].get_linestyle() != named["momentum"].get_linestyle()
    assert named["descent"].get_marker() != named["momentum"].get_marker()
    assert named["start"].get_xydata().tolist() == [[0, 0]]
    assert "descent leads from (0, 0) to (1, 2)" in plots.alt_text(ax)


@pytest.mark.parametrize("path", [[], [(math.nan, 0.0)], [(0, 0)], [(i, -i) for i in range(300)]])
def test_any_path_can_be_drawn(path):
    ax = plots.error_surface(lambda a, b: a * a + b * b, "a", "b", axes(), paths={"$p$": path})
    assert rendered(ax)


def test_what_is_no_surface_is_refused():
    w, v = Value(2.0, "w"), Value(-1.0, "v")
    error = w * w
    with pytest.raises(ValueError, match="does not depend on the second direction"):
        plots.error_surface(error, w, v, axes())
    both = w * v
    with pytest.raises(ValueError, match="two different directions"):
        plots.error_surface(both, w, w, axes())
    with pytest.raises(ValueError, match="two different directions"):
        plots.error_surface(both, {w: 1.0, v: 2.0}, {w: 2.0, v: 4.0}, axes())
    with pytest.raises(ValueError, match="expected leaves as inputs"):
        plots.error_surface(both, w, both, axes())
    with pytest.raises(ValueError, match=r"expected as a direction in a graph .* got 'v'"):
        plots.error_surface(both, w, "v", axes())
    with pytest.raises(ValueError, match=r"a point of a path lacks Value\(-1.0"):
        plots.error_surface(both, w, v, axes(), paths={"p": [{w: 1.0}]})
    with pytest.raises(ValueError, match="expected points of two numbers, got"):
        plots.error_surface(both, w, v, axes(), paths={"p": [(1.0, 2.0, 3.0)]})


def test_a_graph_with_no_value_somewhere():
    w, v = Value(2.0, "w"), Value(1.0, "v")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = plots.error_surface(microbp.log(w) + 1 / v, w, v, axes(), x=(-1, 1), y=(-1, 1))
    assert ax.get_title(loc="right").startswith("striped: no finite error in 5")


def test_the_same_error_everywhere():
    ax = plots.error_surface(lambda a, b: 3.0, "a", "b", axes())
    assert ax.get_title(loc="right") == "the error is 3 everywhere"
