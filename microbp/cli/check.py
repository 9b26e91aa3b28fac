"""`microbp check`: is the derivative of a formula right?"""

from __future__ import annotations

import argparse

from microbp.checking import gradcheck
from microbp.cli.formula_arguments import FAILING, add_formula, names_at


def configure(command: argparse.ArgumentParser, _: str) -> None:
    """Add the arguments of `microbp check` to its parser."""
    command.description = """\
Compare a formula's derivatives from the backward pass with finite differences and, if those
can't decide, with dual numbers and 50-digit arithmetic:

    microbp check "sigmoid(w*x + b)**2" --at w=0.5,x=1,b=-1

A formula has numbers, names, + - * / ** and the operations of microbp as functions: sin(x),
maximum(a, b), dot([v, w], [x, y], b), total([a, b]). Put one that begins with a
minus into parentheses, or it looks like an option: "(-x)**2".

To check the gradient in a file of Python, such as those of a class: microbp check --file --help"""
    command.epilog = """\
Exit status: 0 for pass, 1 for fail, 2 for bad input, and 3 where there is no derivative
(kink, domain-edge) or nothing can decide (inconclusive)."""
    add_formula(command)
    command.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    formula, at = options.formula, names_at(options)
    if not at:
        options.fail("there is nothing to differentiate with respect to: the formula has no name")
    try:
        report = gradcheck(lambda *xs: formula(dict(zip(at, xs, strict=True))), *at.values())
    except FAILING as error:
        options.fail(str(error))
    print(report)
    return {"pass": 0, "fail": 1}.get(report.verdict, 3)
