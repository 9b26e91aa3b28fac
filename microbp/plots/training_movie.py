"""A training as a moving picture: the net, its weights and its outputs over the sweeps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp.core.engine import Value
from microbp.nn import Net
from microbp.plots.curves import learning_curve
from microbp.plots.hinton_matrix import hinton
from microbp.plots.hinton_net import hinton_layer
from microbp.plots.movie import DPI, write_movie
from microbp.plots.net_diagram import MOST, levels_of, weights_as_net
from microbp.plots.regions import decision_regions
from microbp.plots.style import INK, numeral, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Panel: TypeAlias = tuple[str, Callable[["Axes"], Any]]
"""Its title, and what draws it anew for each frame."""

SIZE = (9.0, 6.0)
"""Inches; so a frame has 720 x 480 pixels."""

MOST_LINES = 60
"""Of more weights the numbers could not be read in a quarter of a frame."""


def animate_training(
    path: Path,
    history: Any,
    net: Any,
    parameters: Sequence[Value],
    weights: Mapping[int, Sequence[float]],
    cases: Sequence[Any],
) -> Path:
    """Write a GIF or MP4 file that shows the net at each of these sweeps; returns its path.

    `parameters` of the net, or of a copy of it, are set to the numbers in `weights`.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=DPI)
    largest = max((abs(x) for row in weights.values() for x in row if math.isfinite(x)), default=1)
    panels = _panels(net, parameters, cases, largest or 1.0)
    places, curve = _layout(figure, len(panels))
    learning_curve(history.errors, curve)
    curve.set_title("error over the sweeps", loc="left", fontsize=9, color=INK)
    (dot,) = curve.plot([], [], "o", color=INK, markersize=7, zorder=4)

    def draw(sweep: int) -> None:
        for p, x in zip(parameters, weights[sweep], strict=True):
            p.data = x
        for (title, panel), ax in zip(panels, places, strict=True):
            ax.clear()
            panel(ax)
            legend = ax.get_legend()
            if legend is not None:
                legend.remove()
            ax.set_title(plain(title), loc="left", fontsize=9, color=INK, pad=10.0)
        seen = history[sweep]
        dot.set_data([sweep], [seen.error])
        right = f"{seen.right} of {history.cases} cases right"
        figure.suptitle(f"sweep {sweep:,}: error E {numeral(seen.error)}, {right}", fontsize=12)

    return write_movie(path, figure, [*weights], draw)


def _panels(
    net: Any, parameters: Sequence[Value], cases: Sequence[Any], largest: float
) -> list[Panel]:
    """What can be shown of this net, beside the error."""
    squares = "white above 0, black below"
    if not isinstance(net, Net):
        row = f"weights: {squares}"
        return [(row, lambda ax: hinton([p.data for p in parameters], ax, largest=largest))]
    found: list[Panel] = []
    side_by_side = max(sum(level.values()) for level in levels_of(net))
    if side_by_side <= MOST and len(net.parameters()) <= MOST_LINES:
        found.append(("the net: its weights and biases", lambda ax: weights_as_net(net, ax)))
    first = next(iter(net.layers))
    found.append(
        (
            f"weights into {first},\n{squares}",
            lambda ax: hinton_layer(net, first, ax, largest=largest),
        )
    )
    outputs = len([*net.layers.values()][-1].neurons)
    if sum(net.inputs.values()) == 2 and outputs == 1:
        found.append(("output: white on, gray off", lambda ax: decision_regions(net, cases, ax)))
    return found


def _layout(figure: Figure, panels: int) -> tuple[list[Axes], Axes]:
    """Axes for so many panels, and for the error, which gets what is left."""
    around = {"left": 0.1, "right": 0.97, "bottom": 0.1, "top": 0.85, "wspace": 0.25}
    if panels == 3:  # the net has more lines than the others, and is high
        grid = figure.add_gridspec(3, 2, hspace=0.6, **around)
        cells = [grid[:2, 0], grid[0, 1], grid[1:, 1], grid[2, 0]]
    else:
        ratios = [1.6 if panels == 2 else 1.0, 1.0]
        grid = figure.add_gridspec(2, 2, hspace=0.4, height_ratios=ratios, **around)
        cells = [grid[0, :], *([grid[1, 0], grid[1, 1]] if panels == 2 else [grid[1, :]])]
    *places, curve = map(figure.add_subplot, cells)
    return places, curve
