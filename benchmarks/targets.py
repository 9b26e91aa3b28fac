"""What microbp aims for, as ratios within one run, and what it reached."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.results import Results, Spread
from benchmarks.workloads.replay import IN_C, REBUILT, REPLAY, TRAINING

COMPILED, PYTHON, PYTHON_OFF = "microbp-compiled", "microbp-python", "microbp-python-nogc"
MICROGRAD = "micrograd-nogc"


class Target(NamedTuple):
    """A figure to reach; `measured` is None where this run did not measure it."""

    what: str
    goal: float
    at_most: bool
    measured: Spread | None

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        if self.at_most:
            return "reached" if self.measured.median <= self.goal else "missed"
        return "reached" if self.measured.median >= self.goal else "missed"


def targets(results: Results) -> Iterator[Target]:
    """Each target, in the order in which they were set."""
    forward = results.ratio(("gpt", COMPILED), ("gpt", "floats"), "forward")
    yield Target("compiled: forward of the GPT step / plain floats", 1.6, True, forward)
    backward = results.part("gpt", COMPILED, "backward")
    each = [seconds * 1e9 / results.operations["gpt"] for seconds in backward]
    spread = Spread.of(each) if each else None
    yield Target("compiled: backward of the GPT step, ns an operation", 10.0, True, spread)
    for ours, workload, peer, theirs, goal in (
        (COMPILED, "moons", MICROGRAD, "moons", 25.0),
        (COMPILED, "moons-dot", MICROGRAD, "moons", 90.0),
        (COMPILED, "moons", "xad", "moons", 8.0),
        (COMPILED, "gpt", "xad", "gpt", 6.5),
        (COMPILED, "symmetry-dot", MICROGRAD, "symmetry", 20.0),
        (COMPILED, "symmetry-net", MICROGRAD, "symmetry", 20.0),
        (PYTHON, "moons", MICROGRAD, "moons", 2.5),
        (PYTHON_OFF, "moons", MICROGRAD, "moons", 2.5),
        (PYTHON, "moons-dot", MICROGRAD, "moons", 8.0),
        (PYTHON_OFF, "moons-dot", MICROGRAD, "moons", 8.0),
    ):
        ratio = results.ratio((theirs, peer), (workload, ours))
        yield Target(f"{peer} {theirs} / {ours} {workload}", goal, False, ratio)
    memory = results.memory.get(COMPILED, {}).get("held")
    spread = None if memory is None else Spread.of([memory])
    yield Target("compiled: bytes a node of a chain of products", 65.0, True, spread)
    yield from _replayed(results)


def _replayed(results: Results) -> Iterator[Target]:
    """Those of graphs that are recorded once, and run for many cases."""
    for workload in ("replay-symmetry", "replay-family"):
        fastest = results.fastest(workload, IN_C) or "C by hand"
        ratio = results.ratio((workload, REPLAY), (workload, fastest))
        yield Target(f"{REPLAY} {workload} / the fastest C", 1.3, True, ratio)
    ratio = results.ratio(("replay-symmetry", REPLAY), ("replay-symmetry", "c"))
    yield Target(f"{REPLAY} replay-symmetry / C with libm's exp, same flags", 2.0, True, ratio)
    for peer, ours, goal, remark in (
        ("numpy", "replay-symmetry", 15.0, ""),
        ("jax", "replay-symmetry", 8.0, ""),
        ("casadi-sx", "replay-symmetry", 4.0, ""),
        ("casadi-mx", "replay-symmetry", 3.0, ""),
        ("numpy", "replay-family", 3.0, ""),
        ("casadi-mx", "replay-family", 3.0, ""),
        (
            MICROGRAD,
            "family-training",
            5000.0,
            f": a whole training of {TRAINING.sweeps:,} sweeps, micrograd's extrapolated from "
            f"{len(results.part('family-training', MICROGRAD))} measured",
        ),
        (REBUILT, "replay-gpt", 2.0, ""),
        (REBUILT, "replay-gpt-dot", 2.0, ""),
        ("numpy", "replay-gpt", 2.5, ""),
        ("casadi-sx", "replay-gpt", 8.0, ""),
        ("jax", "replay-gpt-batch", 3.0, ""),
    ):
        ratio = results.ratio((ours, peer), (ours, REPLAY))
        yield Target(f"{peer} / {REPLAY}, {ours}{remark}", goal, False, ratio)
    for workload, both, forward in (
        ("replay-nodes-dot", 0.1, 0.1),
        ("replay-nodes-1000", 0.36, 0.16),
        ("replay-nodes-10000", 0.36, 0.16),
    ):
        copied = _each(results, workload, "copies")
        beside = f" (the copy of a row: {copied.median:.2f})" if copied else ""
        for part, what, goal in (
            ("step", "forward and backward", both),
            ("forward", "forward alone", forward),
        ):
            spread = _each(results, workload, part)
            yield Target(f"{workload}: {what}, ns a node and a case{beside}", goal, True, spread)


def _each(results: Results, workload: str, part: str) -> Spread | None:
    """Nanoseconds for each node and case."""
    seconds = results.part(workload, REPLAY, part)
    return Spread.of([s * 1e9 / results.operations[workload] for s in seconds]) if seconds else None
