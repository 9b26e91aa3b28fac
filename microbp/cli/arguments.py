"""The command's arguments: a parser for each experiment, and types that refuse bad input."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias
from unicodedata import normalize

from microbp._support.suggest import did_you_mean
from microbp.experiments.catalog import CATALOG

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""Where a command adds its parser."""

TEXT = argparse.RawDescriptionHelpFormatter
"""Leaves the lines of a description as they are."""


def add_experiments(commands: Commands, asked: str) -> argparse.ArgumentParser | None:
    """Add a parser for each experiment; returns that of the one asked for, still to be filled.

    A name that ends in ".py" is a file with a user's own experiment. None if `asked` is neither.
    """
    parsers = {
        name: commands.add_parser(name, help=line, formatter_class=TEXT)
        for name, (_, line) in CATALOG.items()
    }
    if asked.endswith(".py"):
        parsers[asked] = commands.add_parser(asked, formatter_class=TEXT)
    return parsers.get(asked)


def refuse_unknown(
    asked: str, known: Iterable[str], what: str, fail: Callable[[str], object]
) -> None:
    """`fail` for a name that is neither known nor a file's, with the one that is near, or all."""
    known = list(known)
    if asked not in known and not asked.endswith(".py"):
        meant = did_you_mean(asked, known) or f"; there are {', '.join(known)}"
        fail(f"there is no {what} {asked!r}{meant}")


def count(text: str) -> int:
    """A whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, got {text!r}")
    return int(text)


def one_or_more(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def finite(text: str) -> float:
    """A number that is neither infinite nor NaN."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"expected a finite number, got {text!r}")
    return number


def typed(text: str) -> str:
    """The text as it was typed, in UTF-8, where the locale knows no more than ASCII."""
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes that Python could not read, as it marks them
        return os.fsencode(text).decode(errors="replace")
    return text


def identifier(text: str) -> str:
    """A name in the form that Python gives to the names it reads: `fi` for the ligature of both."""
    return normalize("NFKC", typed(text.strip()))


def file(text: str) -> Path:
    """The path of a file; an empty one, as of a shell's variable that isn't set, is refused."""
    if not text:
        raise argparse.ArgumentTypeError("expected the name of a file, got ''")
    return Path(text)


def folder(text: str) -> Path:
    """A folder, created if missing; an error before any work starts if it can't be."""
    if not text:
        raise argparse.ArgumentTypeError("expected the name of a folder, got ''")
    folder = Path(text)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:  # ValueError: a null character
        reason = getattr(error, "strerror", None) or error
        raise argparse.ArgumentTypeError(f"can't write into {text!r}: {reason}") from None
    return folder
