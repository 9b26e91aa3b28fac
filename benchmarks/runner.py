"""A run: the contenders take turns, and only one runs at any time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack

from benchmarks.contenders import CONTENDERS, REFERENCE, Contender
from benchmarks.operation_count import count_operations
from benchmarks.results import Results
from benchmarks.worker_process import ContenderMissing, WorkerFailed, WorkerProcess
from benchmarks.workload import Workload

LIMIT = 20.0  # seconds a contender may take for a step, or for a depth
NODES = 1_000_000  # of the chain whose memory is measured
DEPTHS = (10_000, 100_000, 1_000_000, 10_000_000)

Progress = Callable[[Iterable[tuple[str, str]], str], Iterable[tuple[str, str]]]
"""Passes on pairs of workload and contender, and shows the progress."""


def time_workloads(
    results: Results,
    workloads: Sequence[Workload],
    contenders: Sequence[Contender],
    progress: Progress,
) -> None:
    """Time the workloads, round by round, each round over all contenders that find the same loss.

    All workers stay alive over the run and take turns, so that what the machine does
    meanwhile falls on all alike.
    """
    contenders = [c for c in contenders if any(c.runs(workload) for workload in workloads)]
    with ExitStack() as stack:
        workers: dict[str, WorkerProcess] = {}
        for contender in {c.key: c for c in (REFERENCE, *contenders)}.values():
            worker = _started(results, contender)
            if worker is not None:
                workers[contender.key] = stack.enter_context(worker)
        asked = {c.key: workers[c.key] for c in contenders if c.key in workers}
        for key, worker in asked.items():
            results.versions[key] = worker.info["versions"]
        pairs = [
            (workload, key)
            for workload in workloads
            for key in asked
            if CONTENDERS[key].runs(workload)
        ]
        right = _Reference(workers[REFERENCE.key])
        checked = progress([(workload.name, key) for workload, key in pairs], "checking")
        for (workload, key), _ in zip(pairs, checked, strict=True):
            _check(results, workload, right, workers[key])
        turns = [
            (workload.name, key)
            for _ in range(results.rounds)
            for workload, key in pairs
            if key not in results.left_out[workload.name]
        ]
        for name, key in progress(turns, "timing"):
            _time(results, name, asked[key])


def _started(results: Results, contender: Contender) -> WorkerProcess | None:
    """A worker, or None where it can't start; the results then say why."""
    try:
        return WorkerProcess(contender)
    except (ContenderMissing, WorkerFailed) as reason:
        results.missing[contender.key] = str(reason)
        return None


class _Reference:
    """The reference's answers, computed once for each workload."""

    def __init__(self, reference: WorkerProcess) -> None:
        self.reference = reference
        self.known: dict[str, dict[str, float]] = {}

    def __call__(self, workload: Workload) -> dict[str, float]:
        if workload.name not in self.known:
            self.known[workload.name] = self.reference.ask(
                "check", 10 * LIMIT, workload=workload.name
            )
        return self.known[workload.name]


def _check(
    results: Results,
    workload: Workload,
    reference: Callable[[Workload], dict[str, float]],
    worker: WorkerProcess,
) -> None:
    """Leave out a contender that can't do the workload in time, or finds something else."""
    key = worker.contender.key
    left_out = results.left_out.setdefault(workload.name, {})
    results.operations[workload.name] = count_operations(workload)
    if workload.nary and not worker.info["nary"]:
        left_out[key] = "has no nodes of many operands"
        return
    right = reference(workload)
    try:
        found = worker.ask("check", LIMIT, workload=workload.name)
    except WorkerFailed as reason:
        left_out[key] = str(reason)
        return
    if not math.isclose(found["loss"], right["loss"], rel_tol=1e-12):
        left_out[key] = f"wrong: a loss of {found['loss']!r}, not {right['loss']!r}"
    elif not math.isclose(found["slope"], right["slope"], rel_tol=1e-5, abs_tol=1e-7):
        left_out[key] = f"wrong: a gradient with slope {found['slope']!r}, not {right['slope']!r}"


def _time(results: Results, workload: str, worker: WorkerProcess) -> None:
    key = worker.contender.key
    if key in results.left_out[workload]:
        return
    try:
        parts = worker.ask("time", LIMIT, workload=workload)
    except WorkerFailed as reason:
        results.left_out[workload][key] = str(reason)
        results.times.get(workload, {}).pop(key, None)
        return
    times = results.times.setdefault(workload, {}).setdefault(key, {})
    for part, seconds in parts.items():
        times.setdefault(part, []).append(seconds)


def measure_memory(results: Results, contenders: Sequence[Contender], progress: Progress) -> None:
    """The memory of a node, each contender in a fresh process."""
    for _, key in progress([("memory", c.key) for c in contenders if c.nodes], "memory"):
        worker = _started(results, CONTENDERS[key])
        if worker is not None:
            with worker:
                _measure_memory(results, worker)


def _measure_memory(results: Results, worker: WorkerProcess) -> None:
    key = worker.contender.key
    try:
        results.memory[key] = worker.ask("memory", 3 * LIMIT, nodes=NODES)
    except WorkerFailed as reason:
        results.left_out.setdefault("memory", {})[key] = str(reason)


def measure_depth(results: Results, contenders: Sequence[Contender], progress: Progress) -> None:
    """The greatest depth that each contender survives, each depth in a fresh process."""
    for _, key in progress([("depth", c.key) for c in contenders if c.nodes], "depth"):
        for depth in DEPTHS:
            worker = _started(results, CONTENDERS[key])
            if worker is None:
                break
            with worker:
                if not _survives(results, worker, depth):
                    break


def _survives(results: Results, worker: WorkerProcess, depth: int) -> bool:
    key = worker.contender.key
    try:
        worker.ask("depth", LIMIT, nodes=depth)
    except WorkerFailed as reason:
        survived, _ = results.depth.get(key, (0, ""))
        results.depth[key] = survived, f"at {depth:,}: {reason}"
        return False
    results.depth[key] = depth, ""
    return True
