"""Run an experiment with many seeds in parallel; a run that fails stops no other."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Measured: TypeAlias = Callable[..., Mapping[str, Any]]
"""What a study runs: called as `experiment(seed, **settings)`, it returns the results of one run
by name, as plain JSON values."""


def run_each(
    experiment: Measured, seeds: Sequence[int], settings: Mapping[str, Any], jobs: int | None
) -> Generator[str]:
    """Run the experiment with each seed; yields the runs' lines of JSON in the order they end.

    A run that kills its process ends all runs under way, and joblib doesn't say which one it was.
    So each of those is run again alone, and then the rest in parallel as before.
    """
    pending = dict.fromkeys(seeds)
    while pending:
        begun: list[int] = []
        try:
            for line in _in_parallel(experiment, pending, settings, jobs, begun):
                del pending[json.loads(line)["seed"]]
                yield line
        except Exception as error:
            if not _process_died(error):
                raise
            for seed in [seed for seed in begun if seed in pending]:
                del pending[seed]
                yield _alone(experiment, seed, settings, jobs)


def _alone(experiment: Measured, seed: int, settings: Mapping[str, Any], jobs: int | None) -> str:
    try:
        return "".join(_in_parallel(experiment, [seed], settings, jobs, []))
    except Exception as error:
        if not _process_died(error):
            raise
        return json.dumps({"seed": seed, "failure": "its process died"})


def _process_died(error: Exception) -> bool:
    return type(error).__name__ == "TerminatedWorkerError"  # from deep within joblib


def _in_parallel(
    experiment: Measured,
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


def _line(experiment: Measured, seed: int, settings: Mapping[str, Any]) -> str:
    """One run as a line of JSON; an error in it becomes a "failure"."""
    try:
        row = dict(experiment(seed, **settings))
        if not {"seed", "failure"}.isdisjoint(row):
            raise ValueError("expected results of other names than 'seed' and 'failure'")
        return json.dumps({"seed": seed, **row})
    except (Exception, SystemExit) as error:
        failure = "".join(traceback.format_exception_only(error)).strip()
        return json.dumps({"seed": seed, "failure": failure})
