"""The heat map of a gradient's errors."""

import numpy as np
import pytest
from matplotlib import pyplot

from microbp import check_gradient
from microbp.plots import alt_text, gradient_errors


def loss(p):
    return float((np.array([1.0, 2.0, 3.0]) @ p["W"] @ np.array([1.0, -1.0]) + p["b"][0]) ** 2)


def grad(p):
    error = np.array([1.0, 2.0, 3.0]) @ p["W"] @ np.array([1.0, -1.0]) + p["b"][0]
    W = 2.0 * error * np.outer([1.0, 2.0, 3.0], [1.0, -1.0])
    W[2, 1] *= 2.0
    return {"W": W, "b": np.array([2.0 * error])}


AT = {"W": np.arange(6.0).reshape(3, 2), "b": np.ones(1)}


@pytest.fixture
def figure():
    figure = check_gradient(loss, grad, AT).plot()
    yield figure
    pyplot.close(figure)


def test_there_is_a_panel_for_each_array(figure):
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ["W", "b", "", ""]  # and two color bars
    assert figure.axes[0].get_title(loc="right") == "1 of 6 wrong"


def test_the_colors_show_the_place_and_the_direction(figure):
    colors = figure.axes[0].images[0].get_array()
    assert colors.shape == (3, 2)
    assert abs(colors[2, 1]) == pytest.approx(1.0)
    assert np.count_nonzero(np.abs(colors) > 1e-6) == 1
    (cross,) = figure.axes[0].lines
    assert cross.get_xydata().tolist() == [[1.0, 2.0]]


def test_it_is_told_in_words(figure):
    words = alt_text(figure)
    assert words.startswith("W: 1 of 6 entries wrong, the worst W[2, 1]: ")
    assert words.endswith(" b: 0 of 1 entries wrong.")


def test_any_index_has_its_place():
    report = check_gradient(
        lambda x: float((x**2).sum()), lambda x: 2.0 * x, np.arange(24.0).reshape(2, 3, 4)
    )
    figure = report.plot(pyplot.figure())
    assert figure.axes[0].images[0].get_array().shape == (6, 4)
    pyplot.close(figure)
    lists = check_gradient(
        lambda w: w[0][1] * w[1][0],
        lambda w: [[0, w[1][0]], [w[0][1], 0]],
        [[1.0, 2.0], [3.0, 4.0]],
    )
    figure = lists.plot()
    assert figure.axes[0].images[0].get_array().shape == (2, 2)
    pyplot.close(figure)


def test_of_no_entries_there_is_no_picture():
    with pytest.raises(ValueError, match="expected the entries of a report, got none"):
        gradient_errors([])
