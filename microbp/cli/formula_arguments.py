"""A formula on the command line, and the point at which to evaluate it."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Callable, Sequence

from microbp.cli.arguments import finite, identifier, typed
from microbp.cli.formula import FormulaError, TypedFormula, read
from microbp.core.engine import Value

_DASHED = re.compile(r"-(?![0-9.]+$)([^-oh\s]|[oh]\W)\S*$")
"""No option, long or -o or -h, and none of what is a formula for argparse too: -2, "- x"."""

FAILING = (ArithmeticError, RuntimeError, ValueError)
"""What a formula that was read may raise; each says what is wrong."""


def add_formula(command: argparse.ArgumentParser) -> None:
    """Add a formula to a command's arguments and, with --at, a number for each of its names."""
    command.add_argument("formula", type=_formula, help="in quotes, because of the shell")
    command.add_argument(
        "--at",
        type=_point,
        action="extend",
        default=[],
        metavar="NAME=NUMBER,...",
        help="a number for each name",
    )
    command.set_defaults(fail=command.error)


def names_at(options: argparse.Namespace) -> dict[str, Value]:
    """A leaf for each name of the formula, in order; the command fails if --at has others."""
    formula, at = options.formula, dict(options.at)
    twice = next((name for name, n in Counter(name for name, _ in options.at).items() if n > 1), "")
    if twice:
        options.fail(f"--at gives {twice} twice")
    if set(at) != set(formula.names):
        names = ", ".join(formula.names) or "no name"
        options.fail(f"--at gives {', '.join(at) or 'nothing'}; the formula has {names}")
    return {name: Value(at[name], label=name) for name in formula.names}


def write_of(options: argparse.Namespace, write: Callable[[Value], object], purpose: str) -> int:
    """Let `write` make the file --out from the formula's Value; returns the exit status.

    `purpose`, such as "draw", is for the error message if the formula has no name.
    """
    at = names_at(options)
    try:
        value = options.formula(at)
        if not isinstance(value, Value):
            options.fail(f"there is nothing to {purpose}: the formula has no name")
        write(value)
    except FAILING as error:
        options.fail(str(error))
    except OSError as error:
        options.fail(f"can't write {str(options.out)!r}: {error.strerror}")
    print(f"Written:\n  {options.out}")
    return 0


def _formula(text: str) -> TypedFormula:
    try:
        return read(typed(text))
    except FormulaError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _point(text: str) -> list[tuple[str, float]]:
    at = []
    for part in text.split(","):
        name, equals, number = part.partition("=")
        name = identifier(name)  # as Python does with the names in a formula
        if not equals or not name.isidentifier():
            raise argparse.ArgumentTypeError(f"expected NAME=NUMBER, got {part!r}")
        at.append((name, finite(number)))
    return at


def refuse_dash(arguments: Sequence[str], fail: Callable[[str], object]) -> None:
    """`fail` if a formula among these arguments begins with a minus, as an option does."""
    for text in arguments:
        if _DASHED.match(text):
            fail(
                "a formula that begins with a minus looks like an option: "
                f'put it into parentheses, "({text})"'
            )
