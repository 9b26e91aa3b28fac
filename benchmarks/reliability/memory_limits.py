"""Programs under a limit of memory: MemoryError, and all is as before once there is more again."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.reliability.child import outcome_of
from benchmarks.reliability.examples import chain, random_cases, small_net
from microbp import Value
from microbp.training import train

WHAT = "graphs, programs and trainings under a limit of memory"
TIMES = 200
MOST_ROOM = 64_000_000
"""Bytes that a child may take beyond what it has."""


def attempt(rng: Random) -> str:
    room, order = rng.randrange(MOST_ROOM), rng.sample(range(4), 4)
    return outcome_of(lambda: limited(room, order))


def limited(room: int, order: list[int]) -> str:
    """In a child: work with so much room, then without a limit."""
    expected = results()
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * 4096 + room, before[1]))
    works = [deep, wide, replayed, trained]
    failed = sum(runs_out(works[i]) for i in order)
    resource.setrlimit(resource.RLIMIT_AS, before)
    assert results() == expected, "other results afterwards"
    return "MemoryError, then the same results" if failed else "enough memory"


def runs_out(work: Callable[[], None]) -> bool:
    try:
        work()
    except MemoryError:
        return True
    return False


def results() -> tuple[float, ...]:
    program, w = chain(20)
    error = program.backward(random_cases(Random(1), program, 3_000), threads=2)
    y = w
    for _ in range(1_000):
        y = (y * w).tanh()
    y.backward()
    return error, w.grad


def deep() -> None:
    y = Value(1.0)
    for _ in range(200_000):
        y = -y
    y.backward()


def wide() -> None:
    from microbp import dot

    xs = [Value(1.0) for _ in range(50_000)]
    dot(xs, xs, 0.0).backward()


def replayed() -> None:
    program, _ = chain(20_000)
    cases = random_cases(Random(1), program, 2_100)
    program.forward(cases, threads=2)
    program.input_gradient(cases, threads=2)
    program.backward(cases, threads=2)


def trained() -> None:
    net, optimizer, xor = small_net(Random(1))
    train(net, xor, optimizer, sweeps=50, progress=False)
