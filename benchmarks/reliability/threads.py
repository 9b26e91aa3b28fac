"""Programs replayed by several threads at once, each in its own threads: always the same bits."""

from __future__ import annotations

import sys
import threading
from random import Random
from typing import Any

from benchmarks.reliability.examples import random_cases, random_program

WHAT = "a random program, replayed by 4 threads at once in 1 to 3 threads each"
TIMES = 1_000


def attempt(rng: Random) -> str:
    program, weights = random_program(rng)
    cases = random_cases(rng, program, rng.choice([3, 64, 1500, 5000]))
    expected = program.forward(cases).tobytes(), program.input_gradient(cases).tobytes()
    error = program.backward(cases)
    problems: list[Any] = []

    def work() -> None:
        try:
            for threads in (1, 2, 3):
                found = (
                    program.forward(cases, threads=threads).tobytes(),
                    program.input_gradient(cases, threads=threads).tobytes(),
                )
                assert found == expected, f"other bits in {threads} threads"
                assert program.backward(cases, threads=threads) == error
                y = weights[0]
                for _ in range(100):
                    y = (y * weights[-1]).tanh()
                y.backward()
        except BaseException as problem:
            problems.append(problem)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    crew = [threading.Thread(target=work) for _ in range(4)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    sys.setswitchinterval(interval)
    if problems:
        raise problems[0]
    return "the same bits"
