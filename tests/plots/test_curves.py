import math
import pickle
import random

import pytest
from matplotlib import figure

from microbp import plots
from microbp.plots.printable import printable
from microbp.training import History, Sweep

HOSTILE = ["$x^$", "_hidden", "a\nb", "\x00\x1b[31m", "<script>", "\\alpha {", "名", "\ud800", ""]


def axes(**size):
    return figure.Figure(**size).add_subplot()


def rendered(ax):
    """The picture, drawn; any warning of Matplotlib's is an error."""
    return plots.alternative_text.as_png(ax.figure, dpi=40)


def curve(ax):
    """The thick line: the run, or the median of several."""
    (line,) = (line for line in ax.lines if line.get_linewidth() > 1)
    return line.get_ydata().tolist()


def test_the_learning_curve_shows_every_error_by_sweep():
    ax = plots.learning_curve([8.0, 4.0, 2.0], axes())
    (line,) = ax.lines
    assert line.get_xydata().tolist() == [[0, 8.0], [1, 4.0], [2, 2.0]]
    assert ax.get_yscale() == "log"
    assert ax.get_legend() is None


def test_an_error_of_0_is_shown_on_a_plain_scale():
    assert plots.learning_curve([1.0, 0.0], axes()).get_yscale() == "linear"


def test_a_history_and_histories():
    history = History(4)
    history.sweeps = [Sweep(0, 2.0, 1), Sweep(1, 1.0, 2)]
    assert curve(plots.learning_curve(history, axes())) == [2.0, 1.0]
    assert curve(plots.learning_curve([history, [4.0, 3.0], (6.0, 5.0)], axes())) == [4.0, 3.0]


def history_of(*right, cases=4):
    history = History(cases)
    history.sweeps = [Sweep(i, 2.0**-i, now) for i, now in enumerate(right)]
    return history


def axis_of_cases(ax):
    (other,) = (other for other in ax.figure.axes if other is not ax)
    return other


def test_a_history_shows_how_many_cases_came_right_and_when_all_did():
    ax = plots.learning_curve(history_of(1, 2, 4, 4, 3), axes())
    other = axis_of_cases(ax)
    assert other.lines[0].get_ydata().tolist() == [1, 2, 4, 4, 3]
    assert other.get_ylabel() == "cases right, of 4 (thin line)"
    assert max(other.get_yticks()) == 4
    assert [line.get_xdata() for line in ax.lines if line.get_linestyle() == ":"] == [[2, 2]]
    assert [text.get_text() for text in ax.texts] == ["all 4 right first at sweep 2"]
    assert ax.get_title(loc="left") == "Learning curve"
    assert "; all 4 cases are right first at sweep 2." in plots.alt_text(ax.figure)
    assert rendered(ax)
    assert pickle.loads(pickle.dumps(ax.figure))


def test_a_second_history_takes_the_axis_of_cases_away_and_keeps_the_marks():
    ax = plots.learning_curve(history_of(1, 4), axes(), label="one")
    plots.learning_curve(history_of(4, 4), ax, label="two")
    assert ax.figure.axes == [ax]
    heights = [text.xy[1] for text in ax.texts]
    assert len(set(heights)) == 2
    assert ax.get_title(loc="left") == "Learning curves"


def test_a_history_that_never_had_all_right_has_no_mark():
    ax = plots.learning_curve(history_of(1, 3), axes())
    assert len(ax.texts) == 0
    assert "; 3 of 4 cases are right at the end." in plots.alt_text(ax)


def test_pyplot_goes_on_with_the_axis_of_the_error():
    from matplotlib import pyplot

    ax = plots.learning_curve(history_of(1, 4))
    assert pyplot.gca() is ax
    pyplot.close(ax.figure)


def band(ax, number):
    """What lies between the edges of a band: the lowest and highest y at each x."""
    points = [tuple(p) for path in ax.collections[number].get_paths() for p in path.vertices]
    return {
        x: (min(y for a, y in points if a == x), max(y for a, y in points if a == x))
        for x in {x for x, _ in points}
    }


def test_many_runs_are_their_median_within_quantile_bands():
    runs = [[float(k), 10.0 * k] for k in range(1, 22)]
    random.Random(0).shuffle(runs)
    ax = plots.learning_curve(runs, axes())
    assert curve(ax) == [11.0, 110.0]
    assert band(ax, 0) == {0.0: (2.0, 20.0), 1.0: (20.0, 200.0)}
    assert band(ax, 1) == {0.0: (6.0, 16.0), 1.0: (60.0, 160.0)}
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["median of 21 runs", "middle 90 %", "middle half"]


def test_few_runs_are_lines_of_their_own():
    ax = plots.learning_curve([[1.0, 2.0], [3.0, 6.0]], axes())
    assert len(ax.collections) == 0
    assert sorted(line.get_ydata().tolist() for line in ax.lines) == [[1, 2], [2, 4], [3, 6]]


def test_a_run_that_ended_keeps_its_last_error():
    ax = plots.learning_curve([[4.0, 1.0], [4.0, 3.0, 3.0, 3.0], [4.0], []], axes())
    assert curve(ax) == [4.0, 3.0, 3.0, 3.0]
    assert "median of 3 runs" in plots.alt_text(ax)


@pytest.mark.parametrize("lost", [math.inf, math.nan, 1e300])
def test_runs_that_diverge_count_as_infinite(lost):
    runs = [[2.0, 1.0], [2.0, 1.0], [2.0, 3.0], [2.0, lost], [2.0, lost]]
    ax = plots.learning_curve(runs, axes())
    assert curve(ax) == [2.0, 3.0]  # the middle one of the five, and not between it and infinity
    assert band(ax, 0)[1.0][1] > ax.get_ylim()[1]
    assert band(ax, 0)[1.0][0] == 1.0
    rendered(ax)
    most = plots.learning_curve([*runs, [2.0, lost]], axes())
    assert math.isnan(curve(most)[1])


def test_what_is_not_finite_is_said():
    ax = plots.learning_curve([1.0, math.inf, 3.0, math.nan], axes())
    assert ax.get_title(loc="right") == "error not finite in 2 of 4 sweeps"
    ax = plots.learning_curve([[1.0, math.nan], [1.0]], axes())
    assert ax.get_title(loc="right") == "1 of 2 runs became infinite or nan"
    assert plots.learning_curve([], axes()).get_title(loc="right") == "no sweeps yet"
    assert plots.alt_text(ax).endswith("1 of 2 runs became infinite or nan.")


ERRORS = {
    "none": [],
    "an empty run": [[]],
    "empty runs": [[], []],
    "zero": [0.0],
    "one": [5.0],
    "below 0": [-1.0, 1.0],
    "inf": [math.inf],
    "nan": [math.nan] * 3,
    "the smallest": [5e-324, 1.0],
    "both ends": [1e308, 1e-308],
    "nan everywhere": [[math.nan]] * 9,
    "0 everywhere": [[0.0]] * 9,
    "huge everywhere": [[1e300, 1.0]] * 9,
    "long": [1.0] * 30_000,
    "of all lengths": [range(1, n) for n in range(1, 300)],
}


@pytest.mark.parametrize("errors", ERRORS.values(), ids=ERRORS)
def test_any_errors_can_be_drawn(errors):
    assert rendered(plots.learning_curve(errors, axes(figsize=(2, 1.5))))


def test_curves_on_the_same_axes_differ_in_gray_too():
    ax = axes()
    for label in ("descent", "momentum", "third"):
        plots.learning_curve([3.0, 2.0], ax, label=label)
    assert len({line.get_linestyle() for line in ax.lines}) == 3
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["descent", "momentum", "third"]
    assert plots.alt_text(ax).count("Learning curve") == 3


@pytest.mark.filterwarnings(
    "ignore:Glyph"
)  # the font has no such letter: that is Matplotlib's word
@pytest.mark.parametrize("label", HOSTILE)
def test_labels_are_shown_as_typed(label):
    ax = plots.learning_curve([1.0, 2.0], axes(), label=label)
    assert rendered(ax)
    shown = [text.get_text() for text in ax.get_legend().get_texts()] if label else [""]
    assert shown[0].strip().replace(r"\$", "$") == printable(label)
    assert rendered(plots.solved_by_sweep({label: [1.0], "b": [2.0]}, 3, ax=axes()))
    assert rendered(plots.hinton([[1.0], [2.0]], axes(), rows=[label, label], columns=[label]))


def test_alternative_text_goes_where_the_picture_goes(tmp_path):
    ax = plots.learning_curve([8.0, 1.0], axes())
    said = "Learning curve: the error falls from 8 at sweep 0 to 1 at sweep 1."
    assert plots.alt_text(ax) == plots.alt_text(ax.figure) == said
    assert plots.alt_text(pickle.loads(pickle.dumps(ax.figure))) == said
    ax.clear()
    assert plots.alt_text(ax) == ""


def test_a_png_file_has_its_alternative_text(tmp_path):
    from PIL import Image

    path = plots.save_png(
        tmp_path / "c.png", lambda ax: plots.learning_curve([2.0, 1.0], ax), (3, 2)
    )
    with Image.open(path) as picture:
        assert picture.info["Description"].startswith("Learning curve: the error falls from 2")
        assert picture.size == (450, 300)


def test_solved_by_sweep_has_steps_and_words():
    ax = plots.solved_by_sweep({"all": [10, 30], "1:2:4": [10], "none": []}, 4, 100, axes())
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [10, 25], [30, 50], [100, 50]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["all", "1:2:4"]
    assert plots.alt_text(ax) == "Runs solved by sweep 100, of 4: all: 2, 1:2:4: 1."


def test_without_axes_there_are_new_ones():
    from matplotlib import pyplot

    ax = plots.learning_curve([1.0])
    assert ax.figure.number in pyplot.get_fignums()
    pyplot.close(ax.figure)


def test_a_headless_machine_keeps_its_backend(python):
    code = """
import os, sys
os.environ.pop("DISPLAY", None); os.environ.pop("MPLBACKEND", None)
import microbp
from microbp import plots
assert "matplotlib" not in sys.modules
import matplotlib
matplotlib.use("svg")
plots.learning_curve([2.0, 1.0]); plots.hinton([1.0])
assert matplotlib.get_backend() == "svg", matplotlib.get_backend()
"""
    done = python(code)
    assert done.returncode == 0, done.stderr


def test_seeds_by_the_hundred():
    rng = random.Random(0)
    runs = [[rng.lognormvariate(0, 3) for _ in range(rng.randrange(300))] for _ in range(300)]
    ax = plots.learning_curve(runs, axes())
    assert len(ax.lines) == 1
    assert rendered(ax)
