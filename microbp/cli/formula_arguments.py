"""A formula on the command line, and the point at which to evaluate it."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from microbp.cli.arguments import finite
from microbp.cli.formula import FormulaError, TypedFormula, read
from microbp.core.engine import Value


def add_formula(command: argparse.ArgumentParser) -> None:
    """Add a formula to a command's arguments and, with --at, a number for each of its names."""
    command.add_argument("formula", type=_formula, help="in quotes, because of the shell")
    command.add_argument(
        "--at", type=_point, default={}, metavar="NAME=NUMBER,...", help="a number for each name"
    )
    command.set_defaults(fail=command.error)


def names_at(options: argparse.Namespace) -> dict[str, Value]:
    """A leaf for each name of the formula, in order; the command fails if --at has others."""
    formula, at = options.formula, options.at
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
    except (RuntimeError, ValueError) as error:
        options.fail(str(error))
    except OSError as error:
        options.fail(f"can't write {str(options.out)!r}: {error.strerror}")
    print(f"Written:\n  {options.out}")
    return 0


def _formula(text: str) -> TypedFormula:
    try:
        return read(text)
    except FormulaError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _point(text: str) -> dict[str, float]:
    at: dict[str, float] = {}
    for part in text.split(","):
        name, equals, number = part.partition("=")
        if not equals or not name.strip().isidentifier():
            raise argparse.ArgumentTypeError(f"expected NAME=NUMBER, got {part!r}")
        at[name.strip()] = finite(number)
    return at
