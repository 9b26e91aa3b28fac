"""The backward pass of a graph as a moving picture: `microbp.animate`."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

from microbp._support.arguments import named_arguments
from microbp._support.coerce import shown
from microbp.core.engine import Value
from microbp.core.toposort import operands_first
from microbp.drawing.backward_steps import Step, backward_steps
from microbp.drawing.dot import counted
from microbp.drawing.render import rendered
from microbp.plots.movie import DPI, movie_path, write_movie
from microbp.plots.style import INK, plain

MOST_NODES = 40
"""Of more, nobody could read the numbers in the time of a step."""

PER_SECOND = 0.5
"""Steps: each stays for two seconds."""

_MOST_LINES = 6
"""Of more operands the sums could not be read in the time of a step."""

_LEAST_WIDTH = 720
"""Pixels, for the sums."""

_LINE, _EDGE = 24, 20
"""Pixels from line to line, and around the picture."""

_TYPE = 12.0


@named_arguments("animate")
def animate(value: Value, path: str | os.PathLike[str]) -> Path:
    """Write the backward pass of this graph as a moving picture, "backward.gif" or .mp4.

    It shows the graph as `draw` does, first without gradients, then a node a step, in the order of
    the backward pass: the node and the edges that its gradient goes back along are violet, and
    above them is each sum: gradient times partial, added to what was there. A step takes two
    seconds. Returns the path. The graph's own gradients don't change, and the file is written
    whole or not at all. A .mp4 file needs ffmpeg.

    >>> import tempfile
    >>> from pathlib import Path
    >>> x = Value(3.0, label="x")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     animate(x * x, Path(folder, "backward.gif")).name
    'backward.gif'

    Raises TypeError for anything but a Value, ValueError for a graph of more than 40 nodes, which
    `explore` shows step by step, and for a path that ends otherwise; GraphvizMissing where there
    is no Graphviz, RuntimeError where it fails or ffmpeg is missing, and OSError where the file
    can't be written.
    """
    if not isinstance(value, Value):
        raise TypeError(f"animate: expected a Value, got {shown(value)}")
    path = movie_path(path, "animate")
    size = len(operands_first(value))
    if size > MOST_NODES:
        raise ValueError(
            f"animate: expected a graph of at most {MOST_NODES} nodes, got one of {size:,}: take a "
            f"Value nearer to the leaves, or explore(value), a page to step through"
        )
    return _written(path, [*backward_steps(value)])


def _written(path: Path, steps: list[Step]) -> Path:
    from matplotlib.figure import Figure

    first = _pixels(steps[0])
    height, width = first.shape[:2]
    lines = 1 + max(min(len(step.lines), _MOST_LINES) for step in steps)
    above = lines * _LINE + _EDGE
    whole = max(width, _LEAST_WIDTH) + 2 * _EDGE, height + above + 2 * _EDGE
    figure = Figure(figsize=(whole[0] / DPI, whole[1] / DPI), dpi=DPI)

    def draw(step: Step) -> None:
        figure.clear()
        figure.figimage(_pixels(step), (whole[0] - width) // 2, _EDGE)
        texts = [step.title, *_few(step.lines)]
        for i, text in enumerate(texts):
            place = _EDGE / whole[0], 1.0 - (_EDGE + i * _LINE) / whole[1]
            look: dict[str, Any] = {"va": "top", "color": INK, "fontsize": _TYPE}
            look["weight"] = "normal" if i else "bold"
            figure.text(*place, plain(text), **look)

    return write_movie(path, figure, steps, draw, PER_SECOND)


def _few(lines: Any) -> list[str]:
    """As many of the sums as there is room for."""
    if len(lines) <= _MOST_LINES:
        return list(lines)
    return [*lines[: _MOST_LINES - 1], f"and {counted(len(lines) - _MOST_LINES + 1, 'more sum')}"]


def _pixels(step: Step) -> Any:
    from matplotlib.image import imread

    return imread(io.BytesIO(rendered(step.source, "png")))
