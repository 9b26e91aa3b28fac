"""What microbp is meant to reach, as ratios in one run, and what it did reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.results import Results, Spread

COMPILED, PYTHON, PYTHON_OFF = "microbp-compiled", "microbp-python", "microbp-python-nogc"
MICROGRAD = "micrograd-nogc"


class Target(NamedTuple):
    """One thing asked for; `measured` is None where this run doesn't tell."""

    what: str
    asked: float
    at_most: bool
    measured: Spread | None

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return "not measured"
        if self.at_most:
            return "reached" if self.measured.median <= self.asked else "missed"
        return "reached" if self.measured.median >= self.asked else "missed"


def targets(results: Results) -> Iterator[Target]:
    """Each target, in the order in which they were set."""
    forward = results.ratio(("gpt", COMPILED), ("gpt", "floats"), "forward")
    yield Target("compiled: forward of the GPT step / plain floats", 1.6, True, forward)
    backward = results.part("gpt", COMPILED, "backward")
    each = [seconds * 1e9 / results.operations["gpt"] for seconds in backward]
    spread = Spread.of(each) if each else None
    yield Target("compiled: backward of the GPT step, ns an operation", 10.0, True, spread)
    for ours, work, peer, theirs, asked in (
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
        ratio = results.ratio((theirs, peer), (work, ours))
        yield Target(f"{peer} {theirs} / {ours} {work}", asked, False, ratio)
    weight = results.memory.get(COMPILED, {}).get("held")
    spread = None if weight is None else Spread.of([weight])
    yield Target("compiled: bytes a node of a chain of products", 96.0, True, spread)
