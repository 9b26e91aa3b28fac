"""`python -m benchmarks.checkers`: ask each checker about each case, and write docs/checkers.md."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from tqdm import tqdm

from benchmarks.checkers.case import Case
from benchmarks.checkers.checkers import CHECKERS
from benchmarks.checkers.edge_cases import EDGES
from benchmarks.checkers.hidden_cases import HIDDEN
from benchmarks.checkers.results import Results
from benchmarks.checkers.smooth_cases import SMOOTH
from benchmarks.checkers.table import page
from microbp._support.atomic_file import write_whole

CASES = [*SMOOTH, *HIDDEN, *EDGES]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.checkers",
        description="Checkers of gradients beside each other; those not installed are left out.",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("docs/checkers.md"),
        metavar="FILE",
        help="where the page goes; default: %(default)s",
    )
    options = parser.parse_args(arguments)
    results = Results()
    results.ask(CHECKERS, CASES, _progress)
    text = page(results, CASES)
    print(text)
    if results.interrupted:
        print("Interrupted: no page is written.")
    else:
        print(write_whole(options.out, text))


def _progress(cases: Iterable[Case], title: str) -> Iterable[Case]:
    return tqdm(cases, desc=title, leave=False)


if __name__ == "__main__":
    main()
