"""Ctrl-C, twice or three times, at random moments of a replay in threads, and of a training."""

from __future__ import annotations

import os
import signal
import time
from random import Random
from typing import Any

import numpy as np

from benchmarks.reliability.child import outcome_of
from benchmarks.reliability.examples import chain, random_cases, small_net
from microbp.training import train

WHAT = "Ctrl-C twice or three times in a replay or a training"
TIMES = 200
KINDS = ("forward", "input_gradient", "backward", "train")
GUARD = 3.25


def attempt(rng: Random) -> str:
    kind, threads, count = rng.choice(KINDS), rng.choice([2, 4]), rng.randrange(5_000, 150_000)
    length, times = rng.choice([3, 30, 300]), rng.choice([2, 3])
    first = rng.uniform(0.0, 0.05)
    pauses = [rng.choice([0.0, rng.uniform(0.0, 0.003)]) for _ in range(times - 1)]

    begun, begin = os.pipe()

    def interrupt(child: int) -> None:
        os.read(begun, 1)
        for pause in (first, *pauses):
            time.sleep(pause)
            try:
                os.kill(child, signal.SIGINT)
            except ProcessLookupError:
                return

    try:
        return outcome_of(lambda: interrupted(kind, threads, length, count, begin), interrupt)
    finally:
        os.close(begun)
        os.close(begin)


def interrupted(kind: str, threads: int, length: int, count: int, begin: int) -> str:
    """Work until Ctrl-C, then look for what has been overwritten. In a child."""
    program, w = chain(length)
    some = random_cases(Random(1), program, 3_000)
    expected = results(program, w, some, threads)
    net, optimizer, xor = small_net(Random(1))
    guards, cases = guarded(lambda: random_cases(Random(2), program, count))
    inside = True

    def raise_(*_: Any) -> None:
        if inside:
            raise KeyboardInterrupt

    try:
        signal.signal(signal.SIGINT, raise_)
        os.write(begin, b".")
        while kind != "train":
            w.grad = 0.0
            getattr(program, kind)(cases, threads=threads)
        while train(net, xor, optimizer, sweeps=10**9, progress=False).stopped != "interrupted":
            pass
    except KeyboardInterrupt:
        inside = False
    inside = False
    later = [np.zeros(count) for _ in range(8)]  # where the outputs were
    time.sleep(0.02)
    for guard in guards:
        assert (guard == GUARD).all(), f"{np.count_nonzero(guard != GUARD)} numbers overwritten"
    for zeros in later:
        assert not zeros.any(), f"{np.count_nonzero(zeros)} numbers overwritten later"
    w.grad = 0.0
    assert results(program, w, some, threads) == expected, "another result afterwards"
    assert all(np.isfinite(p.data) for p in net.parameters())
    again = train(net, xor, optimizer, sweeps=3, progress=False)
    assert len(again) > 0
    return "stopped, nothing overwritten, the same results later"


def guarded(make: Any) -> tuple[list[Any], Any]:
    """Something made between arrays that nobody writes to."""
    before = [np.full(4096, GUARD) for _ in range(4)]
    made = make()
    return [*before, *(np.full(4096, GUARD) for _ in range(4))], made


def results(program: Any, w: Any, cases: Any, threads: int) -> tuple[Any, ...]:
    w.grad = 0.0
    return (
        program.forward(cases, threads=threads).tobytes(),
        program.input_gradient(cases, threads=threads).tobytes(),
        program.backward(cases, threads=threads),
        w.grad,
    )
