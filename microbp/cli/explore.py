"""`microbp explore`: a formula as a page to step through."""

from __future__ import annotations

import argparse
from pathlib import Path

from microbp.cli.arguments import Commands
from microbp.cli.formula_arguments import add_formula, write_of
from microbp.explorer.explorer import explore


def add_to(commands: Commands) -> None:
    """The parser of `microbp explore`."""
    command = commands.add_parser(
        "explore",
        help="step through the sweep of a formula, in a page",
        description="""\
Write a page that steps through the forward pass of a formula and then through the reverse
sweep, with each step's line of code and equation:

    microbp explore "sigmoid(w*x + b)" --at w=0.5,x=1,b=-1 -o page.html

It is one HTML file, which any browser opens and which asks nothing of the network. Formulas
are those of `microbp check`.""",
        epilog="Exit status: 0, or 2 for bad input or where there is no Graphviz to draw with.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_formula(command)
    command.add_argument(
        "-o", "--out", type=Path, required=True, metavar="FILE", help="the page, a name in .html"
    )
    command.set_defaults(run=_explore)


def _explore(options: argparse.Namespace) -> int:
    return write_of(options, lambda value: explore(value, options.out), "sweep")
