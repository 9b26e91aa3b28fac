"""Studies: one experiment from many seeds, side by side, kept as it comes, and summed up."""

from __future__ import annotations

import csv
import functools
import inspect
import io
import json
import operator
import os
import traceback
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.atomic_file import write_whole
from microbp._support.progress import progress_bar
from microbp._support.statistics import Share
from microbp._support.version import __version__
from microbp.plots import save_png, solved_by_sweep
from microbp.studies import summary
from microbp.studies.run_log import Ledger, Row

if TYPE_CHECKING:
    import pandas

Experiment: TypeAlias = Callable[..., Mapping[str, Any]]
"""Called as `experiment(seed, **settings)`; gives the results of one run by name, as plain JSON
values. Two studies' files are told apart by its module and name."""


class Study(Sequence[Row]):
    """What `study` gives: the rows, a dict for each run, in the order of the seeds.

    A row is {"seed": 8, ...} with the results that the experiment gave, or, of a run that ended
    in an error, {"seed": 8, "failure": "ZeroDivisionError: division by zero"}. `stopped` says why
    the study ended. A study of no runs has an empty table, a summary and a picture like any other.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        experiment: str = "an experiment",
        settings: Mapping[str, Any] | None = None,
        stopped: str = "all runs done",
    ) -> None:
        self.rows = list(rows)
        self.experiment = experiment
        self.settings = dict(settings or {})
        self.stopped = stopped

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} failed" if self.failures else ""
        return f"<study of {len(self)} runs{failed}: {self.stopped}>"

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

        A row says what it is by its values. Results named "solved_at", a number of sweeps or
        None, are counted by each of the sweeps `by` (500, 1000, 2000 and so on by default).
        Results that are words, or true or false, are counted; of those that are numbers, there
        are the median and quartiles among the runs of each word. Without words there is one
        table of all; NaN, and results that are a different text in each run, are left out.
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
        """Write the table, complete or not at all; None is an empty field."""
        text = io.StringIO()
        table = csv.DictWriter(text, self.columns(), lineterminator="\n")
        table.writeheader()
        table.writerows(self.rows)
        return write_whole(path, text.getvalue())

    def to_pandas(self) -> pandas.DataFrame:
        """The table as a pandas frame, with the seed for its index; needs pandas."""
        import pandas

        return pandas.DataFrame(self.rows, columns=self.columns()).set_index("seed")

    def plot(self, ax: Any = None) -> Any:
        """The share of runs solved by each sweep, on Matplotlib axes (new ones by default).

        In all, with the band of its sampling error, and for each word of the first result that
        is words. Returns the axes; ValueError where runs finished and none has a "solved_at".
        """
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

        The picture is left out where Matplotlib is missing, and its line says how to get it.
        """
        written = [
            self.to_csv(folder / "table.csv"),
            write_whole(folder / "summary.txt", self.summary(by) + "\n"),
        ]
        missing = []
        try:
            written.append(save_png(folder / "solved.png", self.plot, (6.4, 3.6)))
        except ModuleNotFoundError as error:
            missing.append(f"(no picture: {error}; pip install 'microbp[study]')")
        return [*map(str, written), *missing]


def study(
    experiment: Experiment,
    seeds: Iterable[int] = range(1000),
    *,
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    progress: bool = True,
    **settings: Any,
) -> Study:
    """Run `experiment(seed, **settings)` for each seed, `jobs` at a time, through joblib.

    An experiment is any callable that can be pickled and gives its results by name, as plain
    JSON values. Its row says what to sum up, and how: see `Study.summary`. A run should depend on
    its seed and settings alone: then a study is the same with any number of jobs, in whatever
    order they end. By default there is a job for each core; within `joblib.parallel_config`, as
    many and where that says. So this runs on a cluster whose workers have microbp, and the module
    of the experiment, installed:

        with dask.distributed.Client(address), joblib.parallel_config(backend="dask"):
            microbp.study(experiment)

    With `out`, each result is written to that file as it comes; where the file is there already,
    the study goes on from it, and does what is missing or failed. It is told by the experiment's
    name and settings, defaults included, and microbp's version: an experiment whose code changed
    needs another file, as do two studies at once. Ctrl-C ends a study with what it has.

    A run that ends in an error is a row that tells it, and stops no other. So is one that takes
    its process down, unless that is this process (one job), or a worker of Dask's, for which
    joblib waits for ever: Ctrl-C then ends the study with all the other runs.

    FileMismatch tells where the file is of another study, or of none; TypeError where the
    experiment doesn't take the settings, or no JSON file can keep them; ValueError where jobs are
    fewer than one, or a lambda would have a file; ModuleNotFoundError where joblib is missing. No
    seeds make an empty study, and a seed given twice counts once.

    >>> import random
    >>> def dice(seed, sides=6):
    ...     return {"side": random.Random(seed).randrange(sides)}
    >>> study(dice, range(3), jobs=1, progress=False, sides=20)[2]
    {'seed': 2, 'side': 1}
    """
    todo = list(dict.fromkeys(map(operator.index, seeds)))
    if jobs is not None and jobs < 1:
        raise ValueError(f"study: expected jobs >= 1, got {jobs}")
    name, all_settings = _name(experiment), _all_settings(experiment, settings)
    header = {"study": 1, "experiment": name, "microbp": __version__, "settings": all_settings}
    if out is not None and "<lambda>" in name:
        raise ValueError("study: to keep results in a file, the experiment needs a name")
    with Ledger(out, _plain(header) if out is not None else header) as ledger:
        stopped = "all runs done"
        missing = [seed for seed in todo if ledger.lacks(seed)]
        lines = _lines(experiment, missing, settings, jobs)
        with progress_bar(len(todo) - len(missing), len(todo), "runs", progress) as bar:
            try:
                failed = 0
                for line in lines:
                    failed += "failure" in ledger.add(line)
                    if failed:
                        bar.set_postfix(failed=failed, refresh=False)
                    bar.update()
            except KeyboardInterrupt:
                stopped = "interrupted"
            finally:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # joblib tells how many runs it gives up
                    lines.close()
    rows = [ledger.rows[seed] for seed in todo if seed in ledger.rows]
    return Study(rows, name, all_settings, stopped)


def _lines(
    experiment: Experiment, seeds: Sequence[int], settings: Mapping[str, Any], jobs: int | None
) -> Generator[str]:
    """The runs' lines, as they come.

    A run that takes its process down ends all that is under way, and nobody knows which one it
    was. So each of those is run again alone, and then the rest side by side as before.
    """
    pending = dict.fromkeys(seeds)
    while pending:
        begun: list[int] = []
        try:
            for line in _side_by_side(experiment, pending, settings, jobs, begun):
                del pending[json.loads(line)["seed"]]
                yield line
        except Exception as error:
            if not _process_died(error):
                raise
            for seed in [seed for seed in begun if seed in pending]:
                del pending[seed]
                yield _alone(experiment, seed, settings, jobs)


def _alone(experiment: Experiment, seed: int, settings: Mapping[str, Any], jobs: int | None) -> str:
    try:
        return "".join(_side_by_side(experiment, [seed], settings, jobs, []))
    except Exception as error:
        if not _process_died(error):
            raise
        return json.dumps({"seed": seed, "failure": "its process died"})


def _process_died(error: Exception) -> bool:
    return type(error).__name__ == "TerminatedWorkerError"  # from deep within joblib


def _side_by_side(
    experiment: Experiment,
    seeds: Iterable[int],
    settings: Mapping[str, Any],
    jobs: int | None,
    begun: list[int],
) -> Iterator[str]:
    import joblib

    def tasks() -> Iterator[Any]:
        for seed in list(seeds):
            begun.append(seed)
            yield joblib.delayed(_line)(experiment, seed, settings)

    _, configured = joblib.parallel.get_active_backend()
    parallel = joblib.Parallel(n_jobs=jobs or configured or -1, return_as="generator_unordered")
    yield from parallel(tasks())


def _line(experiment: Experiment, seed: int, settings: Mapping[str, Any]) -> str:
    """One run, as its line in the file. Whatever ends it, ends it alone."""
    try:
        row = dict(experiment(seed, **settings))
        if not {"seed", "failure"}.isdisjoint(row):
            raise ValueError("expected results of other names than 'seed' and 'failure'")
        return json.dumps({"seed": seed, **row})
    except (Exception, SystemExit) as error:
        told = "".join(traceback.format_exception_only(error)).strip()
        return json.dumps({"seed": seed, "failure": told})


def _name(experiment: Experiment) -> str:
    """Where an experiment is found: its module and name; of an object of no name, its class's."""
    while isinstance(experiment, functools.partial):  # what it fixes is among its settings
        experiment = experiment.func
    named = experiment if hasattr(experiment, "__qualname__") else type(experiment)
    return f"{named.__module__}.{named.__qualname__}"


def _all_settings(experiment: Experiment, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings given and the experiment's defaults; TypeError where it doesn't take them."""
    try:
        signature = inspect.signature(experiment)
    except ValueError:  # some of those written in C tell nothing
        return dict(settings)
    signature.bind(0, **settings)
    _, *others = signature.parameters.values()
    defaults = {p.name: p.default for p in others if p.default is not p.empty}
    return {**defaults, **settings}


def _plain(header: Mapping[str, Any]) -> Mapping[str, Any]:
    """The header as it will be read again."""
    try:
        plain: dict[str, Any] = json.loads(json.dumps(header))
    except (TypeError, ValueError) as error:
        raise TypeError(f"study: expected settings that a file can keep: {error}") from None
    return plain
