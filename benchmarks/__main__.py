"""`python -m benchmarks`: measure, and write a report, the numbers and a chart."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from benchmarks.contenders import CONTENDERS
from benchmarks.machine import machine_info
from benchmarks.plot import plot
from benchmarks.report import report
from benchmarks.results import Results
from benchmarks.runner import measure_depth, measure_memory, time_workloads
from benchmarks.workloads import WORKLOADS
from microbp._support.atomic_file import write_whole

T = TypeVar("T")

MEASUREMENTS = [*WORKLOADS, "memory", "depth"]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    contenders = _chosen(CONTENDERS, options.contenders)
    wanted = _chosen({name: name for name in MEASUREMENTS}, options.only)
    results = Results(
        date=datetime.now().astimezone().isoformat(timespec="minutes"),
        machine=machine_info(),
        rounds=options.rounds,
    )
    try:
        time_workloads(
            results, [WORKLOADS[w] for w in wanted if w in WORKLOADS], contenders, _progress
        )
        if "memory" in wanted:
            measure_memory(results, contenders, _progress)
        if "depth" in wanted:
            measure_depth(results, contenders, _progress)
    except KeyboardInterrupt:
        results.interrupted = True
        print("Interrupted: the measurements so far are kept.")
    _write(results, options.out)


def _write(results: Results, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    text = report(results)
    print(text)
    written = [
        write_whole(folder / "benchmarks.md", text),
        write_whole(folder / "benchmarks.json", results.as_json()),
    ]
    if results.times:
        written.append(write_whole(folder / "benchmarks.png", plot(results)))
    for path in written:
        print(path)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure microbp beside its peers; those not installed are left out.",
    )
    parser.add_argument("--rounds", type=_positive, default=7, help="default: %(default)s")
    parser.add_argument(
        "--only", metavar="WORKLOAD,...", help=f"some of: {', '.join(MEASUREMENTS)}", default=""
    )
    parser.add_argument(
        "--contenders", metavar="NAME,...", help=f"some of: {', '.join(CONTENDERS)}", default=""
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("microbp-benchmarks"),
        metavar="FOLDER",
        help="where the files go; default: %(default)s",
    )
    options = parser.parse_args(arguments)
    for chosen, known in ((options.only, MEASUREMENTS), (options.contenders, CONTENDERS)):
        for name in filter(None, chosen.split(",")):
            if name not in known:
                parser.error(f"expected some of {', '.join(known)}; got {name!r}")
    return options


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _chosen(known: Mapping[str, T], names: str) -> list[T]:
    """Those named, in the order of the table; all if none is named."""
    chosen = set(filter(None, names.split(",")))
    return [thing for name, thing in known.items() if not chosen or name in chosen]


def _progress(turns: Iterable[tuple[str, str]], what: str) -> Iterable[tuple[str, str]]:
    with tqdm(list(turns), desc=what, leave=False) as bar:
        for turn in bar:
            bar.set_postfix_str(" ".join(turn))
            yield turn


if __name__ == "__main__":
    main()
