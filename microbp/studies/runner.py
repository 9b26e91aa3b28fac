"""Run a study: one experiment from many seeds, each result kept as soon as it is there."""

from __future__ import annotations

import functools
import inspect
import json
import operator
import os
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from microbp._support.arguments import flag, named_arguments, text
from microbp._support.atomic_file import as_path
from microbp._support.coerce import listed, shown, whole_number
from microbp._support.identity import Identity
from microbp._support.progress import progress_bar
from microbp._support.termination import exit_at_termination
from microbp._support.version import __version__
from microbp.studies.parallel import Measured, run_each
from microbp.studies.results import Study
from microbp.studies.run_log import LONGEST_HEADER, RunLog

MOST_JOBS = 1_000


@named_arguments("study")
def study(
    experiment: Measured,
    seeds: Iterable[int] = range(1000),
    *,
    settings: Mapping[str, Any] | None = None,
    name: str = "",
    out: str | os.PathLike[str] | None = None,
    jobs: int | None = None,
    progress: bool = True,
) -> Study:
    """Run `experiment(seed, **settings)` for each seed, `jobs` at a time, through joblib.

    An experiment is any callable that can be pickled and returns its results by name, as plain
    JSON values (numbers of NumPy, arrays and Values are converted): a row, which `Study.summary`
    explains. If a run depends on its seed and settings alone, a study is the same with any number
    of jobs, in whatever order the runs end. By default there is a job for each core; inside
    `joblib.parallel_config`, as many as it says and where it says. So this runs on a cluster
    whose workers have microbp and the experiment's module:

        with dask.distributed.Client(address), joblib.parallel_config(backend="dask"):
            microbp.study(experiment)

    With `out`, each result is written to that file as soon as its run ends. If the file is there
    already, the study continues it, and runs what is missing or failed. The file's first line
    holds `name` (by default the experiment's module and name), what the experiment holds (the
    values in a closure, an object's attributes, a partial's arguments; not where a `name` is
    given), the settings, defaults included, and microbp's version; all must be the same. Where the
    experiment's code has changed, as far as that can be seen, a warning says so. Two studies
    need a file each: a second one at once is an error, but for Windows. Ctrl-C ends a study with
    what it has. Where the file can't be written any more, as the disk is full, the study goes on,
    and `unsaved` and a warning say why. SIGTERM and SIGHUP do what Ctrl-C does, and then end the
    program, by SystemExit.

    A run that ends in an error becomes a row with a "failure", and stops no other run. So does
    one that kills its process or its worker of Dask's, unless that is this process (one job).

    Raises FileMismatch if the file is of another study or of none, is damaged, or has a line of
    more than 4 MiB; OSError if it can't be written; TypeError if the experiment doesn't take the
    settings, or JSON can't hold them or the results of the first run, or for arguments of other
    kinds; ValueError if jobs < 1, or if a lambda, a method of an object, or what holds something
    that nobody can look into has a file but no `name`;
    ModuleNotFoundError if joblib is missing. No seeds make an empty study, and a seed given twice
    counts once.

    >>> import random
    >>> def dice(seed, sides=6):
    ...     return {"side": random.Random(seed).randrange(sides)}
    >>> study(dice, range(3), settings={"sides": 20}, jobs=1, progress=False)[2]
    {'seed': 2, 'side': 1}
    """
    if not callable(experiment):
        raise TypeError(
            f"study: expected an experiment, a function of a seed, got {shown(experiment)}"
        )
    todo = _whole(seeds)
    if jobs is not None:
        jobs = whole_number(jobs, "study: jobs", 1, MOST_JOBS)
    if settings is not None and not isinstance(settings, Mapping):
        raise TypeError(f"study: expected settings as a dict, got {shown(settings)}")
    name = text(name, "study: name")
    if out is not None:
        out = as_path(out, "study: out")
    progress = flag(progress, "study: progress")
    given = dict(settings or {})
    header = _header(experiment, name, given, in_file=out is not None)
    first = _plain(header) if out is not None else header
    with RunLog(out, first) as log, exit_at_termination():
        stopped = "all runs done"
        missing = [seed for seed in todo if log.lacks(seed)]
        runs = run_each(experiment, missing, given, jobs)
        with progress_bar(len(todo) - len(missing), len(todo), "runs", progress) as bar:
            try:
                failed = 0
                for ended in runs:
                    if ended.no_row and not log.rows:
                        raise TypeError(f"study: {ended.no_row}")
                    failed += "failure" in log.add(ended.line)
                    if failed:
                        bar.set_postfix(failed=failed, refresh=False)
                    bar.update()
            except KeyboardInterrupt:
                stopped = "interrupted"
            finally:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # joblib warns of the runs it gives up
                    runs.close()
    rows = [log.rows[seed] for seed in todo if seed in log.rows]
    found = Study(rows, header["experiment"], header["settings"], stopped)
    found.unsaved = log.unsaved
    if found.unsaved:
        warnings.warn(f"study: not all runs could be written: {found.unsaved}", stacklevel=3)
    return found


def _header(
    experiment: Measured, name: str, given: Mapping[str, Any], *, in_file: bool
) -> dict[str, Any]:
    """What tells this study from others: the first line of its file.

    A name that is given stands for the experiment; else its own name does, and what it holds.
    """
    settings = {**_defaults(experiment, given), **given}
    header = {"experiment": name or _name(experiment), "microbp": __version__, "settings": settings}
    if not in_file:
        return header
    if not name and not _is_named(experiment):
        raise ValueError("study: to keep results in a file, the experiment needs a name=")
    plain: Any = experiment
    fixed: list[Any] = []
    while isinstance(plain, functools.partial):  # what it fixes by name is among the settings
        plain, fixed = plain.func, [*plain.args, *fixed]
    what = Identity(plain, defaults=False)
    held = [Identity(each) for each in fixed]
    unknown = [each for part in (what, *held) for each in part.unknown]
    if unknown and not name:
        raise ValueError(
            f"study: to keep results in a file, the experiment needs a name=, as it holds a "
            f"{unknown[0]}, and nothing tells that from another"
        )
    text = f"{what.text}({', '.join(each.text for each in held)})" if held else what.text
    if not name and text != header["experiment"]:
        header["function"] = text
    return {**header, "code": what.code}


def _whole(seeds: Iterable[int]) -> list[int]:
    """The seeds, each once; TypeError for what is no list of whole numbers."""
    if isinstance(seeds, int):
        raise TypeError(f"study: expected seeds as a list, got {seeds}: write range({seeds})")
    try:
        return list(dict.fromkeys(map(operator.index, listed(seeds, "study", "seeds"))))
    except TypeError as error:
        if str(error).startswith("study: "):
            raise
        raise TypeError(f"study: expected whole numbers as seeds, got {shown(seeds)}") from None


def _name(experiment: Measured) -> str:
    """An experiment's module and name; of an object without a name, its class's."""
    experiment = _unwrapped(experiment)
    named = experiment if hasattr(experiment, "__qualname__") else type(experiment)
    return f"{named.__module__}.{named.__qualname__}"


def _is_named(experiment: Measured) -> bool:
    """Whether the name tells this experiment from others: not of a lambda or a bound method."""
    experiment = _unwrapped(experiment)
    bound = inspect.ismethod(experiment) and not inspect.isclass(experiment.__self__)
    return not bound and "<lambda>" not in _name(experiment)


def _unwrapped(experiment: Measured) -> Measured:
    while isinstance(experiment, functools.partial):  # what it fixes is among the settings
        experiment = experiment.func
    return experiment


def _defaults(experiment: Measured, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The experiment's default settings; TypeError if it doesn't take the ones given."""
    try:
        signature = inspect.signature(experiment)
    except ValueError:  # some functions in C have none
        return {}
    try:
        signature.bind(0, **settings)
    except TypeError as error:
        called = ", ".join(["seed", *(f"{name}=..." for name in settings)])
        raise TypeError(
            f"study: expected an experiment to call as experiment({called}), got "
            f"{shown(experiment)} with the arguments {signature}: {error}"
        ) from None
    _, *others = signature.parameters.values()
    return {p.name: p.default for p in others if p.default is not p.empty}


def _plain(header: Mapping[str, Any]) -> Mapping[str, Any]:
    """The header as it will be read again."""
    for name, x in header["settings"].items():
        try:
            json.dumps(x)
        except (TypeError, ValueError):  # noqa: PERF203
            raise TypeError(
                f"study: expected settings that a file can keep, got {name}: {shown(x)}"
            ) from None
    try:
        text = json.dumps(header)
        if len(text) > LONGEST_HEADER - 100:
            raise ValueError(f"they have {len(text):,} bytes, more than {LONGEST_HEADER - 100:,}")
        plain: dict[str, Any] = json.loads(text)
    except (TypeError, ValueError) as error:
        raise TypeError(f"study: expected settings that a file can keep: {error}") from None
    return plain
