"""`microbp explore`: a formula as a page to step through."""

from __future__ import annotations

import argparse

from microbp.cli.arguments import file
from microbp.cli.formula_arguments import add_formula, write_of
from microbp.explorer.explorer import explore


def configure(command: argparse.ArgumentParser, _: str) -> None:
    """Add the arguments of `microbp explore` to its parser."""
    command.description = """\
Write a page that steps through the forward pass of a formula and then through the backward
pass, with each step's line of code and equation:

    microbp explore "sigmoid(w*x + b)" --at w=0.5,x=1,b=-1 -o page.html

It is one HTML file for any browser, and needs no network. Formulas are those of
`microbp check`."""
    command.epilog = "Exit status: 0, or 2 for bad input or if Graphviz is missing."
    add_formula(command)
    command.add_argument(
        "-o", "--out", type=file, required=True, metavar="FILE", help="the page, a name in .html"
    )
    command.set_defaults(run=_explore)


def _explore(options: argparse.Namespace) -> int:
    return write_of(options, lambda value: explore(value, options.out), "explore")
