"""Worksheets to print: a page each, with blanks to fill in, and a copy with the answers.

Every number in an answer is computed by microbp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from kit import pages, sheet_01, sheet_03, sheets_02
from kit.blanks import Copy


@dataclass(frozen=True)
class Sheet:
    """A page of paper: the name of its file, its title, and what is on it."""

    name: str
    title: str
    body: Callable[[Copy], str]


SHEETS = [
    Sheet("01-paths", "1 · Add up the paths", sheet_01.body),
    Sheet("02-reverse-sweep", "2 · The reverse sweep", sheets_02.reverse_sweep),
    Sheet("02-by-hand", "2 · A difference times a sum", sheets_02.by_hand),
    Sheet("03-three-units", "3 · Seven equations, three units", sheet_03.body),
]


def write(folder: Path) -> Iterable[Path]:
    """Write both copies of each sheet."""
    for sheet in SHEETS:
        for answers in (False, True):
            path = folder / f"{sheet.name}{'-answers' if answers else ''}.html"
            path.write_text(text(sheet, answers=answers), "utf-8")
            yield path


def text(sheet: Sheet, *, answers: bool) -> str:
    """A sheet as a page in HTML."""
    copy = Copy(answers)
    above = "The teacher’s copy" if answers else "Name: <span></span> Date: <span></span>"
    body = (
        f'<main>\n<p class="name">{above}</p>\n<h1>{escape(sheet.title)}</h1>\n'
        f"{sheet.body(copy)}\n</main>"
    )
    kind = "answers" if answers else "worksheet"
    return pages.page(f"{sheet.title} ({kind})", body, "worksheets.css")
