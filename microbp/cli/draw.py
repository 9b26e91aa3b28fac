"""`microbp draw`: a formula as a picture."""

from __future__ import annotations

import argparse

from microbp.cli.arguments import file
from microbp.cli.formula_arguments import add_formula, write_of
from microbp.core.engine import Value
from microbp.drawing.picture import draw


def configure(command: argparse.ArgumentParser, _: str) -> None:
    """Add the arguments of `microbp draw` to its parser."""
    command.description = """\
Draw the graph of a formula after its backward pass: each number that was computed, its gradient,
and the partials of each step:

    microbp draw "sigmoid(w*x + b)" --at w=0.5,x=1,b=-1 -o unit.svg

Formulas are those of `microbp check`."""
    command.epilog = "Exit status: 0, or 2 for bad input or if Graphviz is missing."
    add_formula(command)
    add = command.add_argument
    add("-o", "--out", type=file, required=True, metavar="FILE",
        help="the picture: a name in .svg, .png or .pdf, or in .dot for its text")  # fmt: skip
    add("--color", choices=["gradient"], help="color the boxes by their gradients")
    add("--rankdir", choices=["LR", "RL", "TB", "BT"],
        help="direction of the graph, such as TB from top to bottom (default: LR, or TB if that "
             "fits better on a page)")  # fmt: skip
    add("--theme", choices=["light", "dark", "auto"], default="light",
        help="colors; auto, for SVG, follows the reader's system (default: light)")  # fmt: skip
    command.set_defaults(run=_draw)


def _draw(options: argparse.Namespace) -> int:
    def write(value: Value) -> None:
        value.backward()
        picture = draw(value, color=options.color, rankdir=options.rankdir, theme=options.theme)
        picture.save(options.out)

    return write_of(options, write, "draw")
