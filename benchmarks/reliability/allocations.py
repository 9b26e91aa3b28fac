"""Allocations that fail, one after another: MemoryError, and all is as before afterwards."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pickle import PicklingError
from random import Random
from typing import Any

import numpy as np

from benchmarks.reliability.child import outcome_of
from benchmarks.reliability.examples import chain
from microbp import Value, dot, logsumexp
from microbp.replay.program import record

WHAT = "one or all of Python's allocations refused from a random moment on"
TIMES = 5_000


def attempt(rng: Random) -> str:
    start, several = rng.randrange(150), rng.random() < 0.3
    work = rng.choice([grown, recorded, replayed, in_threads, copied])
    return outcome_of(lambda: refused(work, start, several))


def refused(work: Callable[[Any], Any], start: int, several: bool) -> str:
    """In a child: work without memory from allocation `start` on, or without that one alone."""
    testcapi: Any = importlib.import_module("_testcapi")  # of CPython's own tests

    program, w = chain(5)
    cases = np.linspace(0.0, 1.0, 2_100)[:, None]
    given = program, w, cases
    expected = results(given)
    failed = False
    testcapi.set_nomemory(start, 0 if several else start + 1)
    try:
        work(given)
    except (MemoryError, PicklingError):  # which pickle makes of a failed import
        failed = True
    finally:
        testcapi.remove_mem_hooks()
    assert results(given) == expected, "other results afterwards"
    return "MemoryError, then the same results" if failed else "enough memory"


def results(given: Any) -> tuple[Any, ...]:
    program, w, cases = given
    w.grad = 0.0
    error = program.backward(cases, threads=2)
    return error, w.grad, program.forward(cases, threads=2).tobytes(), grown(given)


def grown(given: Any) -> float:
    x = Value(0.5)
    y = logsumexp([x, dot([x, x], [x, 1.0], 0.5), x.tanh()]) + Value(1.0, (x,), (2.0,))
    y.backward()
    return x.grad


def recorded(given: Any) -> None:
    x, w = Value(1.0, "x"), Value(2.0, "w")
    record([x * w + dot([x, w], [w, x], 1.0), x.exp()], [x], [w]).backward([[1.0], [2.0]])


def replayed(given: Any) -> None:
    program, _, cases = given
    program.backward(cases)
    program.input_gradient(cases[:5])


def in_threads(given: Any) -> None:
    program, _, cases = given
    program.backward(cases, threads=2)
    program.forward(cases, threads=2)


def copied(given: Any) -> None:
    import copy
    import pickle

    x = Value(0.5, "x")
    y = copy.deepcopy(x * x + x)
    pickle.loads(pickle.dumps(y)).backward()
