"""Graphs, programs and pages, made and dropped: the memory in use stays the same."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.reliability.child import outcome_of
from benchmarks.reliability.examples import chain, random_program
from microbp import Value, dot

WHAT = "100,000 graphs, 1,000 programs and 100 pages made and dropped"
TIMES = 10
MOST_GROWTH = 1_000_000
"""Bytes that a process may grow by meanwhile."""


def attempt(rng: Random) -> str:
    return outcome_of(lambda: flat(rng))


def flat(rng: Random) -> str:
    """In a child: each often enough to fill what is kept for later, then more often."""
    for what, before, then in ((graphs, 1_000, 100_000), (programs, 300, 1_000), (pages, 30, 100)):
        grown = growth(what, before, then)
        assert grown < MOST_GROWTH, f"{grown:,} bytes more after {then:,} {what.__name__}"
    return "flat"


def growth(what: Callable[[int], None], before: int, then: int) -> int:
    what(before)
    gc.collect()
    held = resident()
    what(then)
    gc.collect()
    return resident() - held


def graphs(number: int) -> None:
    x, w = Value(0.5, "x"), Value(2.0, "w")
    for _ in range(number):
        y = dot([x, w], [w, x], 1.0) + x * w
        y.label = "y"
        y.backward()


def programs(number: int) -> None:
    rng, cases = Random(1), np.linspace(0.0, 1.0, 2_100)[:, None]
    for i in range(number):
        program, _ = random_program(rng) if i % 2 else chain(20)
        program.forward(np.zeros((3, program._recording.inputs)))
        program.backward(np.zeros((3, program._recording.inputs)))
        if i % 10 == 0:
            chain(5)[0].backward(cases, threads=2)


def pages(number: int) -> None:
    from microbp import explore

    x, w = Value(0.5, "x"), Value(2.0, "w")
    for _ in range(number):
        explore((x * w).tanh() + x)


def resident() -> int:
    """This process's memory in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
