"""The weights as the paper's Fig. 1 shows them: numbers beside the lines of a net."""

from __future__ import annotations

from typing import TYPE_CHECKING

from microbp.nn import Net
from microbp.plots.style import INK, NEGATIVE, POSITIVE, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def weights_as_net(net: Net, ax: Axes | None = None) -> Axes:
    """A small net as the paper's Fig. 1 draws it: a number on each line, a bias in each unit.

    Lines are blue for weights above 0 and orange below, and thicker the larger the weight;
    each number stands where its line leaves the lower unit. For nets of up to about ten units
    a layer, each layer fed by the one before.
    """
    rows = [*net.inputs.values(), *(len(layer.neurons) for layer in net.layers.values())]
    ax = axes_or_new(ax, width=1.3 * max(rows), height=2.4 * len(rows))
    heights = [2.0 * row for row in range(len(rows))]
    places = [[(i + 0.5) * max(rows) / size for i in range(size)] for size in rows]
    largest = max(abs(p.data) for p in net.parameters()) or 1.0
    for i, x in enumerate(places[0], 1):
        _unit(ax, x, heights[0], f"{next(iter(net.inputs))}{i}")
    for row, layer in enumerate(net.layers.values(), 1):
        below, above = heights[row - 1], heights[row]
        for j, (x, neuron) in enumerate(zip(places[row], layer.neurons, strict=True)):
            _unit(ax, x, above, f"{neuron.bias.data:.2f}")
            # Each unit's numbers stand at a height of their own, or they would overlap.
            along = 0.2 + 0.5 * (j + 0.5) / len(layer.neurons)
            for source, weight in zip(places[row - 1], neuron.weights, strict=True):
                colour = POSITIVE if weight.data > 0.0 else NEGATIVE
                width = 0.5 + 4.0 * abs(weight.data) / largest
                ax.plot([source, x], [below, above], color=colour, linewidth=width, zorder=1)
                where = source + along * (x - source), below + along * (above - below)
                _number(ax, *where, f"{weight.data:.2f}", colour)
        ax.text(-0.1, above, layer.name, ha="right", va="center", color=INK)
    ax.set_xlim(-0.1, max(rows) + 0.1)
    ax.set_ylim(-0.5, heights[-1] + 0.5)
    ax.set_axis_off()
    return ax


def _unit(ax: Axes, x: float, y: float, text: str) -> None:
    box = {"boxstyle": "circle,pad=0.5", "facecolor": "white", "edgecolor": INK, "linewidth": 1.4}
    ax.text(x, y, text, ha="center", va="center", color=INK, bbox=box, zorder=3)


def _number(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    ax.text(x, y, text, ha="center", va="center", color=colour, fontsize=9, bbox=box, zorder=2)
