"""The runs of a study on a Dask cluster, each by itself.

Not through joblib: it waits forever for a run that keeps killing its worker.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any, TypeVar

R = TypeVar("R")


def dask_client() -> Any:
    """The client of `joblib.parallel_config(backend="dask")`; None outside of it."""
    import joblib

    backend, _ = joblib.parallel.get_active_backend()
    return backend.client if type(backend).__name__ == "DaskDistributedBackend" else None


def run_each_on_dask(
    client: Any,
    run: Callable[[int], R],
    seeds: Iterable[int],
    jobs: int | None,
    died: Callable[[int], R],
) -> Generator[R]:
    """The result of `run` for each seed, in the order they end, `jobs` at a time.

    Of a run that keeps killing its worker it is that of `died`. Dask gives up others beside it
    too, so each of those is run once more, alone.
    """
    again: list[int] = []
    yield from _results(client, run, iter(seeds), jobs or _capacity(client), again.append)
    for seed in again:
        lost: list[int] = []
        yield from _results(client, run, iter([seed]), 1, lost.append)
        yield from map(died, lost)


def _capacity(client: Any) -> int:
    """Twice as many runs as fit, so that no worker waits for the next."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return max(2, 2 * sum(int(worker["nthreads"]) for worker in workers))


def _results(
    client: Any,
    run: Callable[[int], R],
    seeds: Iterator[int],
    at_once: int,
    give_up: Callable[[int], Any],
) -> Iterator[R]:
    distributed: Any = import_module("distributed")

    under_way: dict[Any, int] = {}
    ended = distributed.as_completed()

    def start(number: int) -> None:
        for seed in islice(seeds, number):
            future = client.submit(run, seed, pure=False)
            under_way[future] = seed
            ended.add(future)

    start(at_once)
    try:
        for future in ended:
            seed = under_way.pop(future)
            start(1)
            if isinstance(future.exception(), distributed.KilledWorker):
                give_up(seed)
            else:
                yield future.result()
    finally:
        client.cancel(list(under_way))
