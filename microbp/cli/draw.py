"""`microbp draw`: a formula as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from microbp.cli.arguments import Commands
from microbp.cli.formula_arguments import add_formula, write_of
from microbp.core.engine import Value
from microbp.drawing.picture import draw


def add_to(commands: Commands) -> None:
    """The parser of `microbp draw`."""
    command = commands.add_parser(
        "draw",
        help="draw the graph of a formula, with its gradients",
        description="""\
Draw the graph of a formula after a reverse sweep: each number that was computed, its gradient,
and the partial of each step:

    microbp draw "sigmoid(w*x + b)" --at w=0.5,x=1,b=-1 -o unit.svg

Formulas are those of `microbp check`.""",
        epilog="Exit status: 0, or 2 for bad input or where there is no Graphviz to draw with.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_formula(command)
    add = command.add_argument
    add("-o", "--out", type=Path, required=True, metavar="FILE",
        help="the picture: a name in .svg, .png or .pdf, or in .dot for its text")  # fmt: skip
    add("--color", choices=["gradient"], help="color the boxes by their gradients")
    add("--rankdir", choices=["LR", "RL", "TB", "BT"], default="LR",
        help="where the graph leads, such as TB from top to bottom (default: LR)")  # fmt: skip
    command.set_defaults(run=_draw)


def _draw(options: argparse.Namespace) -> int:
    def write(value: Value) -> None:
        value.backward()
        draw(value, color=options.color, rankdir=options.rankdir).save(options.out)

    return write_of(options, write, "draw")
