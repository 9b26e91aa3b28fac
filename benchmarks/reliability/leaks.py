"""Graphs, programs and pages, made and dropped: the memory in use stays the same."""

from __future__ import annotations

from pathlib import Path
from random import Random

from microbp import Value

WHAT = "10,000 graphs made, differentiated and dropped"
TIMES = 100
MOST_GROWTH = 1_000_000
"""Bytes that this process may grow by meanwhile."""


def attempt(rng: Random) -> str:
    graphs(10)
    before = resident()
    graphs(10_000)
    grown = resident() - before
    assert grown < MOST_GROWTH, f"{grown} bytes more"
    return "flat"


def graphs(number: int) -> None:
    x, w = Value(0.5), Value(2.0)
    for _ in range(number):
        (x * w + x).backward()


def resident() -> int:
    """This process's memory in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096
