"""Pictures of training and of weights, by Matplotlib; each function returns its axes."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microbp.files import write_whole
from microbp.nn import Net
from microbp.summaries import Share

if TYPE_CHECKING:
    from matplotlib.axes import Axes


INK = "#22303c"
POSITIVE, NEGATIVE = "#0b5fa5", "#b8420f"  # far apart in hue and, as dark on white, both legible


def learning_curve(errors: Sequence[float], ax: Axes | None = None) -> Axes:
    """The error of each sweep, on a logarithmic scale, against the number of sweeps.

    >>> ax = learning_curve([8.0, 4.0, 1.0])
    >>> ax.get_xlabel()
    'sweeps'
    """
    ax = _axes(ax, width=6.4, height=3.6)
    ax.plot(range(len(errors)), errors, color=POSITIVE, linewidth=1.8)
    if all(error > 0.0 for error in errors):
        ax.set_yscale("log")
    ax.set_xlabel("sweeps")
    ax.set_ylabel("error E")
    ax.grid(alpha=0.25)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def weights_as_net(net: Net, ax: Axes | None = None) -> Axes:
    """A small net as the paper's Fig. 1 draws it: a number on each line, a bias in each unit.

    Lines are blue for weights above 0 and orange below, and thicker the larger the weight;
    each number stands where its line leaves the lower unit. For nets of up to about ten units
    a layer, each layer fed by the one before.
    """
    rows = [*net.inputs.values(), *(len(layer.neurons) for layer in net.layers.values())]
    ax = _axes(ax, width=1.3 * max(rows), height=2.4 * len(rows))
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


def step_curve(curve: Any, ax: Axes | None = None) -> Axes:
    """The error of a difference quotient against its step, and the two arms of the V expected.

    `curve` is what `microbp.step_curve` gives.

    >>> from microbp import exp
    >>> from microbp.checking.stepcurve import step_curve as measured
    >>> ax = step_curve(measured(exp, 1.0))
    >>> ax.get_xlabel()
    'step h'
    """
    ax = _axes(ax, width=6.4, height=3.6)
    ax.loglog(curve.steps, curve.truncation, color=NEGATIVE, linewidth=1.4, label="truncation")
    ax.loglog(curve.steps, curve.rounding, color=POSITIVE, linewidth=1.4, label="rounding")
    seen = [(h, error) for h, error in zip(curve.steps, curve.errors, strict=True) if error > 0.0]
    ax.plot(
        [h for h, _ in seen],
        [error for _, error in seen],
        "o",
        color=INK,
        markersize=3,
        label="error",
    )
    ax.axvline(curve.optimum, color=INK, linewidth=0.8, linestyle="--", label="best step expected")
    if seen:
        ax.set_ylim(min(error for _, error in seen) / 10.0, 10.0 * max(error for _, error in seen))
    ax.set_xlabel("step h")
    ax.set_ylabel("error of the derivative")
    ax.legend(frameon=False)
    ax.grid(alpha=0.25)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def solved_by_sweep(
    solved_at: Mapping[str, Sequence[float]],
    runs: int,
    sweeps: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """The share of `runs` that were solved by each sweep, up to `sweeps`.

    `solved_at` holds the sweeps at which runs were solved: of all runs first, with a band that is
    the 95 % interval of their share, and then of each kind.

    >>> ax = solved_by_sweep({"all": [376, 1420, 1430]}, runs=4)
    >>> ax.get_ylabel()
    'runs solved, %'
    """
    ax = _axes(ax, width=6.4, height=3.6)
    end = max([sweeps or 0.0, *(x for at in solved_at.values() for x in at)])
    colours = [INK, POSITIVE, NEGATIVE]
    for i, (kind, at) in enumerate(solved_at.items()):
        if i > 0 and not at:
            continue
        x = [0.0, *sorted(at), end]
        shares = [Share(number, runs) for number in [*range(len(at) + 1), len(at)]]
        if i == 0:
            bounds = [share.interval() for share in shares]
            low, high = ([100.0 * pair[side] for pair in bounds] for side in (0, 1))
            ax.fill_between(x, low, high, step="post", color=INK, alpha=0.15, linewidth=0.0)
        y = [100.0 * share.number / max(runs, 1) for share in shares]
        colour = colours[i] if i < len(colours) else None
        ax.step(x, y, where="post", color=colour, linewidth=1.8, label=kind)
    ax.set_ylim(0.0, 100.0)
    ax.set_xlabel("sweeps")
    ax.set_ylabel("runs solved, %")
    if len(ax.lines) > 1:
        ax.legend(frameon=False)
    ax.grid(alpha=0.25)
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def save_png(
    path: str | os.PathLike[str], draw: Callable[[Axes], Any], size: tuple[float, float]
) -> Path:
    """Let `draw` draw on new axes of this size in inches, and write a PNG file, or none."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    draw(figure.add_subplot())
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=150)
    return write_whole(path, picture.getvalue())


def _unit(ax: Axes, x: float, y: float, text: str) -> None:
    box = {"boxstyle": "circle,pad=0.5", "facecolor": "white", "edgecolor": INK, "linewidth": 1.4}
    ax.text(x, y, text, ha="center", va="center", color=INK, bbox=box, zorder=3)


def _number(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
    ax.text(x, y, text, ha="center", va="center", color=colour, fontsize=9, bbox=box, zorder=2)


def _axes(ax: Axes | None, width: float, height: float) -> Axes:
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(width, height), layout="constrained")
    return ax
