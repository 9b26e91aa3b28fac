"""Hinton diagrams of nets: the weights into each unit, and the activities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from microbp._support.arguments import one_of, texts
from microbp.core.grad_mode import no_grad
from microbp.nn import Inputs, Net
from microbp.plots.hinton_matrix import Block, Captions, as_many, drawn
from microbp.plots.net_diagram import check_net, levels_of
from microbp.plots.style import check_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

GAP = 0.6
"""How far blocks are apart, in cells."""

MOST_CAPTIONS = 60
"""Beyond so many columns, the sources get no captions of their own."""


def hinton_layer(
    net: Net,
    layer: str,
    ax: Axes | None = None,
    *,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
    largest: float | None = None,
) -> Axes:
    """Plot the weights into a layer, a block for each unit, as in the paper's Fig. 4.

    Each square is at the place of the unit its weight comes from; groups or layers that feed this
    one, and the bias, are set apart. `rows` are captions of rows into which each group is laid
    out, the first units in the upper row, and `columns` are captions above them: for the family
    trees, English persons above Italian ones.

    >>> import random
    >>> net = Net(4, rng=random.Random(0)).add("hidden", 2)
    >>> ax = hinton_layer(net, "hidden", rows=["upper", "lower"], columns=["left", "right"])
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['hidden1', 'hidden2']

    Raises ValueError for an unknown layer or captions that don't fit, and as `hinton` does.
    """
    check_net(net, "hinton_layer")
    check_axes(ax, "hinton_layer")
    layer = one_of(layer, net.layers, "hinton_layer: layer")
    rows, columns = (
        texts(given, f"hinton_layer: {name}")
        for name, given in (("rows", rows), ("columns", columns))
    )
    sizes = {source: _size(net, source) for source in net.fed_by[layer]}
    high = len(rows) or 1
    widths = [math.ceil(size / high) for size in sizes.values()]
    as_many(columns, sum(widths), "hinton_layer: columns")
    if not columns and not rows and sum(widths) <= MOST_CAPTIONS:
        columns = [f"{source}{i}" for source, size in sizes.items() for i in range(1, size + 1)]
    places = [sum(widths[:i]) + GAP * i for i in range(len(widths) + 1)]
    blocks = []
    units = net.layers[layer].neurons
    for j, unit in enumerate(units):
        y = j * (high + GAP)
        rest = iter(unit.weights)
        for x, width, size in zip(places, widths, sizes.values(), strict=False):
            weights = [next(rest).data for _ in range(size)]
            folded = [weights[i : i + width] for i in range(0, size, width)]
            blocks.append(Block(x, y, folded))
        blocks.append(Block(places[-1], y + (high - 1) / 2, [[unit.bias.data]]))
    across = [x + i + 0.5 for x, width in zip(places, widths, strict=False) for i in range(width)]
    top = [*zip(across, columns, strict=False), (places[-1] + 0.5, "bias")]
    left = [(j * (high + GAP) + high / 2, f"{layer}{j + 1}") for j in range(len(units))]
    right = [
        (j * (high + GAP) + i + 0.5, caption)
        for j in range(len(units))
        for i, caption in enumerate(rows)
    ]
    what = f"Hinton diagram of the weights into {len(units)} units {layer}, from {', '.join(sizes)}"
    return drawn(blocks, ax, what, Captions(left, top, right), largest, "hinton_layer")


def _size(net: Net, name: str) -> int:
    return net.inputs[name] if name in net.inputs else len(net.layers[name].neurons)


def hinton_activities(net: Net, inputs: Inputs, ax: Axes | None = None) -> Axes:
    """Plot the activity of every input and unit for these inputs, as in the paper's Fig. 3.

    There is a block for each group of inputs, at the bottom, and for each layer, above those that
    feed it; units go from left to right, row by row. A full cell is 1, or the largest activity if
    that is more.

    >>> import random
    >>> net = Net(4, rng=random.Random(0)).add("hidden", 2)
    >>> ax = hinton_activities(net, [0, 1, 0, 1])
    >>> [text.get_text() for text in ax.texts]
    ['x', 'hidden']

    Raises ValueError for inputs that don't fit the net.
    """
    check_net(net, "hinton_activities")
    check_axes(ax, "hinton_activities")
    with no_grad():
        found = net.activities(inputs)
    levels = levels_of(net)
    widths = [sum(_room(*group) for group in level.items()) for level in levels]
    blocks, names, y = [], [], 0.0
    for level, width in zip(reversed(levels), reversed(widths), strict=True):
        x = (max(widths) - width) / 2.0
        y += 1.2  # for the names
        for name, size in level.items():
            activities, across = [v.data for v in found[name]], _across(size)
            middle = x + _room(name, size) / 2.0
            rows = [activities[i : i + across] for i in range(0, size, across)]
            blocks.append(Block(middle - across / 2.0, y, rows))
            names.append((middle, y - 0.15, name))
            x += _room(name, size)
        y += max(len(block.rows) for block in blocks[-len(level) :]) + GAP
    finite = [abs(v) for block in blocks for *_, v in block.cells() if math.isfinite(v)]
    what = f"Activities of {', '.join(name for level in levels for name in level)}"
    return drawn(blocks, ax, what, Captions(inside=names[::-1]), max([1.0, *finite]))


def _across(units: int) -> int:
    """How many units are side by side in a block of activities: 12 of 24, as in the paper."""
    return min(units, max(12, math.ceil(math.sqrt(2 * units))))


def _room(name: str, units: int) -> float:
    """The width of a block or its name, with the space to the next."""
    return max(_across(units), 0.35 * len(name)) + 1.0
