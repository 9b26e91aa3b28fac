"""The run: which contender does what when. Only one works at any time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack

from benchmarks.contenders import CONTENDERS, REFERENCE, Contender
from benchmarks.counting import operations
from benchmarks.employer import Employee, Failed, Missing
from benchmarks.results import Results
from benchmarks.work import Work

LIMIT = 20.0  # seconds a contender may take for a step, or for a depth
NODES = 1_000_000  # of the chain that is weighed
DEPTHS = (10_000, 100_000, 1_000_000, 10_000_000)

Progress = Callable[[Iterable[tuple[str, str]], str], Iterable[tuple[str, str]]]
"""Passes on pairs of work and contender, and shows how far they are."""


def time_works(
    results: Results, works: Sequence[Work], contenders: Sequence[Contender], progress: Progress
) -> None:
    """Time the works, round by round, each round over all contenders that find the same loss.

    All workers stay alive over the run and take turns, so that what the machine does
    meanwhile falls on all alike.
    """
    contenders = [c for c in contenders if any(c.does(work) for work in works)]
    with ExitStack() as stack:
        employees: dict[str, Employee] = {}
        for contender in {c.key: c for c in (REFERENCE, *contenders)}.values():
            employee = _employed(results, contender)
            if employee is not None:
                employees[contender.key] = stack.enter_context(employee)
        asked = {c.key: employees[c.key] for c in contenders if c.key in employees}
        for key, employee in asked.items():
            results.versions[key] = employee.hello["versions"]
        pairs = [(work, key) for work in works for key in asked if CONTENDERS[key].does(work)]
        right = _Right(employees[REFERENCE.key])
        checked = progress([(work.name, key) for work, key in pairs], "checking")
        for (work, key), _ in zip(pairs, checked, strict=True):
            _check(results, work, right, employees[key])
        turns = [
            (work.name, key)
            for _ in range(results.rounds)
            for work, key in pairs
            if key not in results.left_out[work.name]
        ]
        for name, key in progress(turns, "timing"):
            _time(results, name, asked[key])


def _employed(results: Results, contender: Contender) -> Employee | None:
    """A worker, or None where there can't be one; the results then say why."""
    try:
        return Employee(contender)
    except (Missing, Failed) as reason:
        results.missing[contender.key] = str(reason)
        return None


class _Right:
    """What the reference finds, which is asked only once for each work."""

    def __init__(self, reference: Employee) -> None:
        self.reference = reference
        self.known: dict[str, dict[str, float]] = {}

    def __call__(self, work: Work) -> dict[str, float]:
        if work.name not in self.known:
            self.known[work.name] = self.reference.ask("check", 10 * LIMIT, work=work.name)
        return self.known[work.name]


def _check(
    results: Results, work: Work, reference: Callable[[Work], dict[str, float]], employee: Employee
) -> None:
    """Leave out a contender that can't do the work in time, or finds something else."""
    key = employee.contender.key
    left_out = results.left_out.setdefault(work.name, {})
    results.operations[work.name] = operations(work)
    if work.nary and not employee.hello["nary"]:
        left_out[key] = "has no nodes of many operands"
        return
    right = reference(work)
    try:
        found = employee.ask("check", LIMIT, work=work.name)
    except Failed as reason:
        left_out[key] = str(reason)
        return
    if not math.isclose(found["loss"], right["loss"], rel_tol=1e-12):
        left_out[key] = f"wrong: a loss of {found['loss']!r}, not {right['loss']!r}"
    elif not math.isclose(found["slope"], right["slope"], rel_tol=1e-5, abs_tol=1e-7):
        left_out[key] = f"wrong: a gradient with slope {found['slope']!r}, not {right['slope']!r}"


def _time(results: Results, work: str, employee: Employee) -> None:
    key = employee.contender.key
    if key in results.left_out[work]:
        return
    try:
        parts = employee.ask("time", LIMIT, work=work)
    except Failed as reason:
        results.left_out[work][key] = str(reason)
        results.times.get(work, {}).pop(key, None)
        return
    times = results.times.setdefault(work, {}).setdefault(key, {})
    for part, seconds in parts.items():
        times.setdefault(part, []).append(seconds)


def weigh(results: Results, contenders: Sequence[Contender], progress: Progress) -> None:
    """What a node takes in memory, each contender in a fresh process."""
    for _, key in progress([("memory", c.key) for c in contenders if c.nodes], "memory"):
        employee = _employed(results, CONTENDERS[key])
        if employee is not None:
            with employee:
                _weigh(results, employee)


def _weigh(results: Results, employee: Employee) -> None:
    key = employee.contender.key
    try:
        results.memory[key] = employee.ask("memory", 3 * LIMIT, nodes=NODES)
    except Failed as reason:
        results.left_out.setdefault("memory", {})[key] = str(reason)


def plumb(results: Results, contenders: Sequence[Contender], progress: Progress) -> None:
    """The greatest depth that each contender survives, each depth in a fresh process."""
    for _, key in progress([("depth", c.key) for c in contenders if c.nodes], "depth"):
        for depth in DEPTHS:
            employee = _employed(results, CONTENDERS[key])
            if employee is None:
                break
            with employee:
                if not _survives(results, employee, depth):
                    break


def _survives(results: Results, employee: Employee, depth: int) -> bool:
    key = employee.contender.key
    try:
        employee.ask("depth", LIMIT, nodes=depth)
    except Failed as reason:
        survived, _ = results.depth.get(key, (0, ""))
        results.depth[key] = survived, f"at {depth:,}: {reason}"
        return False
    results.depth[key] = depth, ""
    return True
