"""Run an experiment with many seeds in parallel; a run that fails stops no other."""

from __future__ import annotations

import functools
import json
import os
import sys
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple, TypeAlias

from microbp._support.termination import ctrl_c_held
from microbp.studies.on_dask import dask_client, run_each_on_dask
from microbp.studies.plain_results import plain_results
from microbp.studies.run_log import LONGEST_LINE

Measured: TypeAlias = Callable[..., Mapping[str, Any]]
"""What a study runs: called as `experiment(seed, **settings)`, it returns the results of one run
by name, as plain JSON values."""


LONGEST_ROW = LONGEST_LINE - 100
"""Bytes of the results of a run."""
LONGEST_FAILURE = 10_000
"""Characters of what a failure says; the rest is cut off."""


class Ended(NamedTuple):
    """A run that has ended."""

    seed: int
    line: str
    """Its row as JSON."""
    no_row: str = ""
    """What is wrong with its results, where they can't be kept: most likely those of all runs."""


def run_each(
    experiment: Measured, seeds: Sequence[int], settings: Mapping[str, Any], jobs: int | None
) -> Generator[Ended]:
    """Run the experiment with each seed; yields the runs in the order they end.

    A run that kills its process ends all runs under way, and joblib doesn't say which one it was.
    So each of those is run again alone, and then the rest in parallel as before.
    """
    client = dask_client()
    run = functools.partial(_ended, experiment, settings)
    if client is not None:
        yield from run_each_on_dask(client, run, seeds, jobs, _died)
        return
    pending = dict.fromkeys(seeds)
    while pending:
        begun: list[int] = []
        try:
            for ended in _in_parallel(run, pending, jobs, begun):
                del pending[ended.seed]
                yield ended
        except Exception as error:
            if not _process_died(error):
                raise
            for seed in [seed for seed in begun if seed in pending]:
                del pending[seed]
                yield _alone(run, seed, jobs)


def _alone(run: Callable[[int], Ended], seed: int, jobs: int | None) -> Ended:
    try:
        return next(_in_parallel(run, [seed], jobs, []))
    except Exception as error:
        if not _process_died(error):
            raise
        return _died(seed)


def _died(seed: int) -> Ended:
    return Ended(seed, json.dumps({"seed": seed, "failure": "its process died"}))


def _process_died(error: Exception) -> bool:
    return type(error).__name__ == "TerminatedWorkerError"  # from deep within joblib


def _in_parallel(
    run: Callable[[int], Ended], seeds: Iterable[int], jobs: int | None, begun: list[int]
) -> Iterator[Ended]:
    from multiprocessing import resource_tracker

    import joblib

    def tasks() -> Iterator[Any]:
        for seed in list(seeds):
            begun.append(seed)
            yield joblib.delayed(run)(seed)

    _, configured = joblib.parallel.get_active_backend()
    parallel = joblib.Parallel(n_jobs=jobs or configured or -1, return_as="generator_unordered")
    with _streams_to_flush():
        if sys.platform != "win32":
            resource_tracker.ensure_running()  # which lets signals through again, in some versions
        with ctrl_c_held():
            runs = parallel(tasks())
        yield from runs


@contextmanager
def _streams_to_flush() -> Iterator[None]:
    """Streams to nowhere where a program, such as one with windows, has none: joblib needs them."""
    with ExitStack() as stack:
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if stream is None or getattr(stream, "closed", False):
                nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123
                setattr(sys, name, nowhere)
                stack.callback(setattr, sys, name, stream)
        yield


def _ended(experiment: Measured, settings: Mapping[str, Any], seed: int) -> Ended:
    """One run; an error in it becomes a "failure"."""
    try:
        found = experiment(seed, **settings)
    except (Exception, SystemExit) as error:
        return Ended(seed, _failure(seed, error))
    try:
        line = json.dumps({"seed": seed, **plain_results(found)})
        if len(line) > LONGEST_ROW:
            raise ValueError(
                f"expected results of at most {LONGEST_ROW:,} bytes, got {len(line):,}"
            )
        return Ended(seed, line)
    except Exception as error:  # also of a class of the experiment's
        return Ended(seed, _failure(seed, error), f"{error} in the run of seed {seed}")


def _failure(seed: int, error: BaseException) -> str:
    text = "".join(traceback.format_exception_only(error)).strip()
    return json.dumps({"seed": seed, "failure": text[:LONGEST_FAILURE]})
