"""`microbp check --file`: is the gradient in somebody's file right, or in a class's files?"""

from __future__ import annotations

import argparse
import os
import sys
from glob import glob
from pathlib import Path

from microbp._support.atomic_file import write_whole
from microbp._support.progress import progress_bar
from microbp.checking.submissions.outcome import ERROR, Outcome
from microbp.checking.submissions.point import read_point
from microbp.checking.submissions.process import Job, limits_memory, outcomes
from microbp.checking.submissions.table import as_csv, as_lines, shown
from microbp.cli.arguments import file, finite, identifier, typed

STATUS = {"pass": 0, "fail": 1, ERROR: 2}
"""The exit status for a verdict; that of all others is 3."""

MOST = 1e18
"""Seconds or gigabytes: whoever gives more means no limit, and a number too large for bytes."""

LONGEST_NAME = 200
"""Characters of what may be the name of a file with a point."""


def configure(command: argparse.ArgumentParser, _: str) -> None:
    """Add the arguments of `microbp check --file` to its parser."""
    command.description = """\
Compare the gradient in a file of Python with finite differences of the function there:

    microbp check --file student.py --function loss --gradient grad --at "[0.1, 0.2]"

or those in the files of a class, one verdict each:

    microbp check --file submissions/*.py --function loss --gradient grad \\
        --at point.txt --csv grades.csv

Each file is RUN, in a process of its own with limits of time and memory. That ends what would
never end. It does not keep a file from doing whatever you may do yourself: check no file that you
would not run.

The point is a number, or lists and dicts of numbers as Python writes them, or the name of a file
with such text. The function is called with it; a tuple, "([1, 2], 0.5)", is several arguments."""
    command.epilog = """\
Exit status: 0 for pass, 1 for fail, 2 for bad input, such as a file that can't be run, and 3 where
there is no derivative (kink, domain-edge) or nothing can decide (inconclusive). For several
files: 0 if all pass, 1 if one fails or can't be run, otherwise 3, and 3 after Ctrl-C; the table
then holds what was done.

To check the derivative of a formula: microbp check --help"""
    add = command.add_argument
    add("--file", nargs="*", required=True, metavar="FILE", help="files of Python, to be run")
    add(
        "--function",
        required=True,
        type=identifier,
        metavar="NAME",
        help="the function in the file",
    )
    add("--gradient", type=identifier, metavar="NAME",
        help="its gradient, another function in the file; without it, the function is a class "
        "with forward and backward, or another that brings its own")  # fmt: skip
    add("--at", required=True, metavar="POINT", help="the point to check at")
    add("--arrays", action="store_true", help="give lists of numbers as NumPy arrays")
    add("--csv", type=file, metavar="TABLE", help="write the verdicts into a CSV file")
    add("--time", type=_above_zero, default=60.0, metavar="SECONDS",
        help="the most for each file (default: 60)")  # fmt: skip
    add("--memory", type=_above_zero, default=4.0, metavar="GB",
        help="the most for each file, in gigabytes (default: 4)")  # fmt: skip
    command.set_defaults(run=_check, fail=command.error)


def _check(options: argparse.Namespace) -> int:
    jobs = _jobs(options)
    if len(jobs) == 1 and options.csv is None:
        return _check_one(options, jobs[0])
    return _check_many(options, jobs)


def _jobs(options: argparse.Namespace) -> list[Job]:
    if not options.file:
        options.fail("argument --file: expected the name of a file, or several")
    options.file = [path for given in options.file for path in _files(given)]
    for path in options.file:
        if not Path(path).is_file():
            options.fail(f"{shown(path)}: no such file")
    at = _point(options)
    limits = options.time, options.memory
    return [
        Job(path, options.function, options.gradient, at, options.arrays, *limits)
        for path in options.file
    ]


def _files(given: str) -> list[str]:
    """The files of a pattern that the shell has left as it is, as those of Windows do."""
    if Path(given).exists():
        return [given]
    return sorted(glob(given)) or [given]  # noqa: PTH207  # a pattern may be absolute


def _point(options: argparse.Namespace) -> str:
    """The point as text, from the file --at if there is one."""
    text = typed(options.at)
    where = "argument --at"
    try:
        if len(text) < LONGEST_NAME and Path(text).is_file():
            where = shown(text)
            text = Path(text).read_text(encoding="utf-8")
        read_point(text)
    except (OSError, ValueError) as error:
        options.fail(f"{where}: {error}")
    return text


def _check_one(options: argparse.Namespace, job: Job) -> int:
    _announce(options, shown(job.path))
    try:
        ((_, outcome),) = outcomes([job])
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 3
    if outcome.verdict == ERROR:
        print(f"{shown(job.path)}: {outcome.note}", file=sys.stderr)
    else:
        print(outcome.report)
    return STATUS.get(outcome.verdict, 3)


def _check_many(options: argparse.Namespace, jobs: list[Job]) -> int:
    def write() -> None:
        if options.csv is not None:
            try:
                write_whole(options.csv, as_csv(options.file, done))
            except OSError as error:
                options.fail(f"can't write {str(options.csv)!r}: {error.strerror}")

    done: dict[int, Outcome] = {}
    write()  # an error now rather than later
    _announce(options, f"{len(jobs)} files, each")
    interrupted = False
    with progress_bar(0, len(jobs), "files", wanted=True) as bar:
        try:
            for n, outcome in outcomes(jobs, os.cpu_count() or 1):
                done[n] = outcome
                write()
                bar.update()
        except KeyboardInterrupt:
            interrupted = True
    write()  # it may have been interrupted itself
    print(as_lines(options.file, done))
    if options.csv is not None:
        print(f"\nWritten:\n  {options.csv}")
    if interrupted:
        print("\nInterrupted: the files that are not in the table were not checked.")
        return 3
    verdicts = {outcome.verdict for outcome in done.values()}
    if verdicts & {"fail", ERROR}:
        return 1
    return 0 if verdicts == {"pass"} else 3


def _announce(options: argparse.Namespace, what: str) -> None:
    most = f"{options.time:g} s"
    if limits_memory():
        limits = f"{most} and {options.memory:g} GB of memory"
    else:
        limits = f"{most}; this system does not limit memory"
    print(f"Runs {what} in a process of its own: at most {limits}.", file=sys.stderr)


def _above_zero(text: str) -> float:
    number = finite(text)
    if not 0.0 < number <= MOST:
        raise argparse.ArgumentTypeError(f"expected a number above 0, to {MOST:g}, got {text!r}")
    return number
