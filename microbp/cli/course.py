"""`microbp course`: how much of the course is done."""

from __future__ import annotations

import argparse
from itertools import groupby
from pathlib import Path

from microbp._support.atomic_file import FileMismatch
from microbp.course.exercises import EXERCISES
from microbp.course.progress import NAME, right_in


def configure(command: argparse.ArgumentParser, _: str) -> None:
    """Add the arguments of `microbp course` to its parser."""
    command.description = f"""\
Count the exercises of the course that are right. `check` in a notebook keeps a note of them in the
file {NAME}, in the notebook's folder:

    microbp course notebooks

With several folders, such as those of a class, there is a line for each. The file is a note and no
proof: anybody can edit it. Delete it to begin anew."""
    command.epilog = "Exit status: 0, or 2 for a folder or a note that can't be read."
    command.add_argument("folders", nargs="*", default=["."], metavar="FOLDER",
                         help="where the notebooks are (default: here)")  # fmt: skip
    command.set_defaults(run=lambda options: _count(options.folders, command))


def _count(folders: list[str], command: argparse.ArgumentParser) -> int:
    done = {folder: _right(folder, command) for folder in folders}
    if len(folders) > 1:
        for folder, right in done.items():
            print(f"{len(right):2} of {len(EXERCISES)} right   {folder}")
        return 0
    (right,) = done.values()
    for notebook, names in groupby(EXERCISES, key=lambda name: name.partition(".")[0]):
        exercises = list(names)
        left = [f"{name} {EXERCISES[name]}" for name in exercises if name not in right]
        count = f"{len(exercises) - len(left)} of {len(exercises)}"
        print(f"{notebook:4} {count}   {'left: ' if left else ''}{', '.join(left)}".rstrip())
    print(f"{len(right)} of {len(EXERCISES)} right")
    return 0


def _right(folder: str, command: argparse.ArgumentParser) -> list[str]:
    if not Path(folder).is_dir():
        command.error(f"expected a folder, got {folder!r}")
    try:
        return right_in(folder)
    except (OSError, FileMismatch) as error:
        command.error(str(error))
