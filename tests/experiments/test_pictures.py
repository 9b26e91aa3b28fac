"""Which pictures an experiment draws."""

import pytest
from matplotlib import figure

from microbp import plots
from microbp.experiments.nature1986 import second_order
from microbp.experiments.pdp8 import addition, encoder, negation, xor


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (xor, ["weights"]),
        (addition, ["weights"]),
        (negation, ["weights-of-layer-1", "weights-of-layer-2"]),
        (encoder, ["weights"]),
    ],
    ids=["xor", "addition", "negation", "encoder"],
)
def test_the_weights_are_drawn_so_that_they_can_be_read(module, names):
    found = module.run(sweeps=1, progress=False).pictures()
    assert [*found] == [*names, "learning-curve"]
    for draw, size in found.values():
        ax = figure.Figure(figsize=size).add_subplot()
        draw(ax)
        assert plots.alt_text(ax)


def test_the_errors_of_the_four_methods_are_drawn_from_the_same_start():
    result = second_order.run(most=50)
    ((draw, size),) = result.pictures().values()
    ax = figure.Figure(figsize=size).add_subplot()
    draw(ax)
    curves = [line.get_ydata() for line in ax.lines if len(line.get_xdata()) > 2]
    assert len(curves) == 4
    assert len({curve[0] for curve in curves}) == 1
    for curve, way in zip(curves, result.ways.values(), strict=True):
        assert curve[-1] == way.error
        assert len(curve) in (way.sweeps, way.sweeps + 1)
    assert second_order.Methods({}, 0.1, None).pictures() == {}
