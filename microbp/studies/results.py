"""What a study found: its rows, in order, as a table, a summary and a picture."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microbp._support.arguments import text
from microbp._support.atomic_file import as_path, write_whole
from microbp._support.coerce import listed, shown
from microbp._support.packages import require
from microbp._support.statistics import Share
from microbp.plots import save_png, solved_by_sweep
from microbp.plots.style import check_axes
from microbp.studies import summary
from microbp.studies.run_log import Row

if TYPE_CHECKING:
    import pandas


class Study(Sequence[Row]):
    """What `study` returns: the rows, a dict for each run, in the order of the seeds.

    A row is {"seed": 8, ...} with the results of the run or, if it ended in an error,
    {"seed": 8, "failure": "ZeroDivisionError: division by zero"}. `stopped` says why the study
    ended, and `unsaved` why its file could not be written, or "". A study without runs has an
    empty table, a summary and a picture like any other.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        experiment: str = "an experiment",
        settings: Mapping[str, Any] | None = None,
        stopped: str = "all runs done",
    ) -> None:
        self.rows = listed(rows, "Study", "rows")
        for row in self.rows:
            if not isinstance(row, Mapping) or "seed" not in row:
                raise TypeError(f"Study: expected rows as dicts with a seed, got {shown(row)}")
        if settings is not None and not isinstance(settings, Mapping):
            raise TypeError(f"Study: expected settings as a dict, got {shown(settings)}")
        self.experiment = text(experiment, "Study: experiment")
        self.settings = dict(settings or {})
        self.stopped = stopped
        self.unsaved = ""

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        unsaved = f"; not saved: {self.unsaved}" if self.unsaved else ""
        return f"<study of {len(self)} runs{failed}: {self.stopped}{unsaved}>"

    @property
    def failures(self) -> list[Row]:
        """The rows of runs that ended in an error."""
        return [row for row in self.rows if "failure" in row]

    @property
    def finished(self) -> list[Row]:
        """The rows of all other runs."""
        return [row for row in self.rows if "failure" not in row]

    def columns(self) -> list[str]:
        """The names in the rows, in the order in which they first appear."""
        return list(dict.fromkeys(["seed", *(name for row in self.rows for name in row)]))

    def solved_by(self, sweep: float) -> Share:
        """The share of finished runs whose "solved_at" is at most this sweep.

        >>> seen = Study([{"seed": 0, "solved_at": 376}, {"seed": 1, "solved_at": None}])
        >>> str(seen.solved_by(400))
        '1 of 2, 50.0 % (9.5 to 90.5)'
        """
        return summary.solved_by(self.finished, sweep)

    def summary(self, by: Iterable[int] | None = None) -> str:
        """The study in words, with the sampling error beside each share.

        What is summarized depends on the values in the rows. Results named "solved_at", a number
        of sweeps or None, are counted by each of the sweeps `by` (by default 500, 1000, 2000 and
        so on).
        Results that are words, or true or false, are counted; for numbers there are the median
        and the quartiles among the runs of each word. Without words there is one table for all
        runs; NaN, and texts that differ from run to run, are left out.
        """
        settings = ", ".join(f"{name} {value}" for name, value in self.settings.items())
        seeds = [row["seed"] for row in self.rows]
        between = f" (seeds {min(seeds)} to {max(seeds)})" if seeds else ""
        failures = [f"  seed {row['seed']}: {row['failure']}" for row in self.failures]
        if failures:
            failures = [f"failed      {len(failures):,} with an error", *failures]
        return "\n".join(
            [
                f"Study of {self.experiment}",
                *([f"settings    {settings}"] if settings else []),
                f"runs        {len(self):,}{between}; {self.stopped}",
                *failures[:6],
                *([f"  and {len(failures) - 6:,} more"] if failures[6:] else []),
                *summary.summary(self.finished, by),
                "",
                "In brackets: after a share, its 95 % confidence interval (Wilson) for this many",
                "runs; after a median, the quartiles.",
            ]
        )

    def to_csv(self, path: str | os.PathLike[str]) -> Path:
        """Write the table, complete or not at all; None becomes an empty field."""
        content = io.StringIO()
        table = csv.DictWriter(content, self.columns(), lineterminator="\n")
        table.writeheader()
        table.writerows(self.rows)
        return write_whole(as_path(path, "to_csv"), content.getvalue())

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a pandas DataFrame, with the seed as its index; needs pandas."""
        require("pandas", "to_pandas")
        import pandas

        return pandas.DataFrame(self.rows, columns=self.columns()).set_index("seed")

    def plot(self, ax: Any = None) -> Any:
        """The share of runs solved by each sweep, on Matplotlib axes (new ones by default).

        For all runs, with a band for the sampling error, and for each word of the first result
        that is words. Returns the axes; ValueError if runs finished and none has a "solved_at".
        """
        check_axes(ax, "plot")
        rows = self.finished
        if rows and not any("solved_at" in row for row in rows):
            raise ValueError(f"plot: expected results named 'solved_at', got {self.columns()[1:]}")
        groups: dict[str, summary.Rows] = {"all": rows}
        for name in summary.words(rows)[:1]:
            groups |= summary.by_word(rows, name)
        solved = {word: summary.numbers(group, "solved_at") for word, group in groups.items()}
        sweeps = max(summary.numbers([self.settings], "sweeps"), default=None)
        return solved_by_sweep(solved, len(rows), sweeps, ax=ax)

    def save(self, folder: Path, by: Iterable[int] | None = None) -> list[str]:
        """Write table.csv, summary.txt and solved.png; returns a line about each file.

        If Matplotlib is missing, there is no picture, and its line says how to install it.
        """
        written = [
            self.to_csv(folder / "table.csv"),
            write_whole(folder / "summary.txt", self.summary(by) + "\n"),
        ]
        missing = []
        try:
            written.append(save_png(folder / "solved.png", self.plot, (6.4, 3.6)))
        except ModuleNotFoundError as error:
            missing.append(f"(no picture: {error})")
        return [*map(str, written), *missing]
