import random

import pytest

from microbp import plots
from microbp.nn import Net

figure = pytest.importorskip("matplotlib.figure")


def axes():
    return figure.Figure().add_subplot()


def test_the_learning_curve_shows_every_error_by_sweep():
    ax = plots.learning_curve([8.0, 4.0, 2.0], axes())
    (line,) = ax.lines
    assert line.get_xydata().tolist() == [[0, 8.0], [1, 4.0], [2, 2.0]]
    assert ax.get_yscale() == "log"


def test_an_error_of_0_is_shown_on_a_plain_scale():
    assert plots.learning_curve([1.0, 0.0], axes()).get_yscale() == "linear"


def test_the_net_shows_a_number_for_each_weight_and_bias():
    net = Net(6, rng=random.Random(8), init=3.0).add("hidden", 2).add("output", 1)
    ax = plots.weights_as_net(net, axes())
    shown = [text.get_text() for text in ax.texts]
    assert sorted(x for x in shown if "." in x) == sorted(f"{p.data:.2f}" for p in net.parameters())
    assert {"x1", "x6", "hidden", "output"} <= set(shown)
    assert len(ax.lines) == 6 * 2 + 2
    thick = max(ax.lines, key=lambda line: line.get_linewidth())
    largest = max((w for n in net.layers.values() for u in n.neurons for w in u.weights), key=abs)
    assert thick.get_color() == (plots.POSITIVE if largest.data > 0.0 else plots.NEGATIVE)


def test_without_axes_there_are_new_ones():
    from matplotlib import pyplot

    ax = plots.learning_curve([1.0])
    assert ax.figure.number in pyplot.get_fignums()
    pyplot.close(ax.figure)
