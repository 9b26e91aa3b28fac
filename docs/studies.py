"""The studies behind docs/claims.md: `python docs/studies.py` runs them all.

Each run is kept in docs/results/runs as it ends, so the command can be stopped, and continues when
it is run again. What the claims need of the runs goes to docs/results/studies.csv.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from microbp._support.atomic_file import write_whole
from microbp.experiments import Experiment
from microbp.experiments.nature1986 import family_trees, iterative, second_order, symmetry
from microbp.experiments.pdp8 import addition, encoder, negation, parity, sequences, t_c, xor
from microbp.studies import Study, summary

RESULTS = Path(__file__).parent / "results"
TABLE = RESULTS / "studies.csv"


class PlannedStudy(NamedTuple):
    """A study to run: its experiment, the settings that aren't the defaults, how many seeds."""

    experiment: Experiment[..., Any]
    settings: Mapping[str, Any]
    seeds: int
    by: tuple[int, ...] = ()
    below: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """The study's name in the table and the claims: "symmetry lr=0.05"."""
        others = (f"{name}={value}" for name, value in self.settings.items())
        return " ".join([self.experiment.name, *others])


def planned_studies() -> list[PlannedStudy]:
    """All studies."""
    weights = (("defect", 0.05), ("twins", 0.05))
    found = [PlannedStudy(symmetry.run, {}, 1000, (1000, 1425, 5000), weights)]
    for name, values in SYMMETRY_SETTINGS.items():
        found += [PlannedStudy(symmetry.run, {name: value}, 100, (1425,)) for value in values]
    for hidden in (4, 8, 16):
        found.append(PlannedStudy(symmetry.run, {"hidden": hidden, "lr": 0.02}, 100, (1425,)))
    for lr in PER_CASE_LR:
        plan = {"per_case": 1, "lr": lr, "sweeps": 1500}
        found.append(PlannedStudy(symmetry.run, plan, 100, (1425,)))
    found.append(PlannedStudy(symmetry.run, {"init": 0.0, "sweeps": 2000}, 10))
    found.append(PlannedStudy(family_trees.run, {}, 500))
    found.append(PlannedStudy(family_trees.run, {"settings": "printed"}, 100))
    found += [PlannedStudy(family_trees.run, {"without": n}, 100) for n in (1, 2, 3, 4)]
    found.append(PlannedStudy(family_trees.run, {"slow": 0}, 100))
    for steps in (2, 3):
        for rule in ("averaged", "summed"):
            found.append(PlannedStudy(iterative.run, {"steps": steps, "rule": rule}, 300))
    found += [PlannedStudy(sequences.run, {"hidden": hidden}, 50) for hidden in (6, 12, 24)]
    for init in (0.3, 0.5):
        found.append(PlannedStudy(xor.run, {"hidden": 1, "direct": 1, "init": init}, 300, (558,)))
        found.append(PlannedStudy(xor.run, {"init": init}, 300))
    for hidden in XOR_HIDDEN:
        found.append(PlannedStudy(xor.run, {"hidden": hidden, "lr": 0.25, "margin": 0.1}, 100))
    found += [PlannedStudy(parity.run, {"hidden": n}, 100, (2825,)) for n in (4, 8)]
    found += [PlannedStudy(encoder.run, {}, 100), PlannedStudy(negation.run, {}, 100)]
    found += [PlannedStudy(addition.run, {"hidden": hidden}, 100) for hidden in (2, 3, 4)]
    found += [PlannedStudy(t_c.run, {"rule": rule}, 100) for rule in ("averaged", "summed")]
    found.append(PlannedStudy(second_order.run, {}, 100))
    return found


SYMMETRY_SETTINGS: dict[str, list[float]] = {
    "lr": [0.02, 0.05, 0.2, 0.5],
    "momentum": [0.0, 0.5, 0.95],
    "init": [0.05, 0.1, 0.5, 1.0],
    "hidden": [3, 4, 8, 16],
}
PER_CASE_LR = (0.05, 0.1, 0.2)
XOR_HIDDEN = (2, 4, 8, 16, 32)


class ResultLine(NamedTuple):
    """A line of the table: one result, in one group of a study's runs.

    group: "all", "solved", or of these such as "solved kind=1:2:4". result: a column of the runs,
    or "runs", "solved by 1425", "defect < 0.05", "held_out_right = 4". number: how many have it,
    of so many.
    """

    study: str
    group: str
    result: str
    number: int
    of: int
    mean: float | None = None
    low: float | None = None
    median: float | None = None
    high: float | None = None


def lines(plan: PlannedStudy, rows: Sequence[Mapping[str, Any]]) -> Iterator[ResultLine]:
    """The lines of a study.

    >>> rows = [{"seed": 0, "solved_at": 4}, {"seed": 1, "solved_at": None}]
    >>> [line.number for line in lines(PlannedStudy(xor.run, {}, 2), rows)]
    [2, 1, 1, 1]
    """
    solved = [row for row in rows if row.get("solved_at") is not None]
    groups: dict[str, Sequence[Mapping[str, Any]]] = {"all": rows, "solved": solved}
    yield ResultLine(plan.name, "all", "runs", len(rows), len(rows))
    yield ResultLine(plan.name, "solved", "runs", len(solved), len(rows))
    for word in summary.words(rows):
        for group, among in groups.items():
            for x, found in summary.by_word(among, word).items():
                yield ResultLine(plan.name, f"{group} {word}={x}", "runs", len(found), len(among))
    for sweep in plan.by:
        number = summary.solved_by(rows, sweep).number
        yield ResultLine(plan.name, "all", f"solved by {sweep}", number, len(rows))
    for name, bound in plan.below:
        numbers = summary.numbers(solved, name)
        below = sum(x < bound for x in numbers)
        yield ResultLine(plan.name, "solved", f"{name} < {bound}", below, len(numbers))
    for column in dict.fromkeys(name for row in rows for name in row if name != "seed"):
        for group in ("all", "solved"):
            yield from _figures(plan, group, column, groups[group])


def _figures(
    plan: PlannedStudy, group: str, column: str, rows: Sequence[Mapping[str, Any]]
) -> Iterator[ResultLine]:
    numbers = summary.numbers(rows, column)
    middle = summary.quartiles(numbers)
    if middle is None:
        return
    low, median, high = middle
    mean = sum(numbers) / len(numbers)
    yield ResultLine(plan.name, group, column, len(numbers), len(rows), mean, low, median, high)
    if column == "held_out_right" and group == "all":
        for x in sorted(set(numbers)):
            yield ResultLine(plan.name, group, f"{column} = {x}", numbers.count(x), len(rows))


def table(found: Sequence[ResultLine]) -> str:
    """The table as CSV, floats to five digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(ResultLine._fields)
    for line in found:
        writer.writerow(["" if x is None else _cell(x) for x in line])
    return text.getvalue()


def _cell(x: Any) -> str:
    return f"{x:.5g}" if isinstance(x, float) else str(x)


def read(path: Path = TABLE) -> list[ResultLine]:
    """Read the table back."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            ResultLine(
                row["study"],
                row["group"],
                row["result"],
                int(row["number"]),
                int(row["of"]),
                *(float(row[k]) if row[k] else None for k in ("mean", "low", "median", "high")),
            )
            for row in csv.DictReader(file)
        ]


def main() -> int:
    """Run what is missing, and write the table. Returns 1 if a run failed, 3 if interrupted."""
    runs = RESULTS / "runs"
    runs.mkdir(parents=True, exist_ok=True)
    found: list[ResultLine] = []
    failures = 0
    for plan in planned_studies():
        path = runs / f"{plan.name.replace(' ', ',')}.jsonl"
        print(plan.name, flush=True)
        study: Study = plan.experiment.study(range(plan.seeds), out=path, **plan.settings)
        if study.stopped == "interrupted":
            return 3
        failures += len(study.failures)
        found += lines(plan, study.finished)
    write_whole(TABLE, table(found))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
