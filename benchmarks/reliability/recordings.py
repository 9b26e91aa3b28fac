"""Recordings with a few numbers changed: refused, or replayed without touching other memory."""

from __future__ import annotations

import contextlib
import dataclasses
from array import array
from random import Random
from typing import Any

import numpy as np

from benchmarks.reliability.child import outcome_of
from benchmarks.reliability.examples import random_cases, random_program
from microbp.replay.recording import Recording

WHAT = "1,000 recordings with some numbers changed, replayed in threads"
TIMES = 100
EXTREME = (-1, 0, 1, 2, 7, 10**6, 2**31 - 1, -(2**31))
REFUSALS = (ValueError, TypeError, OverflowError, IndexError, ArithmeticError, MemoryError)


def attempt(rng: Random) -> str:
    return outcome_of(lambda: mutations(rng))


def mutations(rng: Random) -> str:
    """In a child: a thousand changes of several recordings."""
    replayed = 0
    for _ in range(40):
        program, _ = random_program(rng, rng.randint(1, 40))
        count = rng.choice([0, 1, 2, 7, 8, 40, 41, 64, 65, 1500])
        cases = random_cases(rng, program, count)
        for _ in range(25):
            with contextlib.suppress(*REFUSALS):
                replay(rng, changed(rng, program._recording), cases)
                replayed += 1
    return "refused or replayed" if replayed else "all refused"


def changed(rng: Random, recording: Recording) -> Recording:
    field = rng.choice(["code", "starts", "operands", "outputs", "inputs", "ops", "constants"])
    if field == "inputs":
        found: Any = rng.choice([*EXTREME, 2**62, recording.inputs + 1])
    elif field == "ops":
        found = tuple(rng.sample(recording.ops, len(recording.ops)))
    elif field == "constants":
        found = recording.constants[: rng.randint(0, len(recording.constants))]
    else:
        found = array("i", getattr(recording, field))
        for _ in range(rng.choice([1, 1, 2, 5])):
            change(rng, found)
    return dataclasses.replace(recording, **{field: found})


def change(rng: Random, numbers: array[int]) -> None:
    """Another number somewhere, one more or one less."""
    at = rng.randint(0, len(numbers))
    how = rng.choice(["set", "near", "insert", "delete"])
    if how == "insert" or at == len(numbers):
        numbers.insert(at, rng.choice(EXTREME))
    elif how == "delete":
        del numbers[at]
    else:
        numbers[at] = rng.choice(EXTREME) if how == "set" else numbers[at] ^ 1


def replay(rng: Random, recording: Recording, cases: Any) -> None:
    """Forward and backward by the kernel itself, which must check all that it is given."""
    from microbp.replay.compiled import interpreter

    of_inputs, target = rng.random() < 0.5, rng.choice([0, 0, 1, 2, -1, 99])
    kernel = interpreter.Kernel(recording, of_inputs, target)
    block = interpreter.Cases(cases, rng.choice([1, 8, 32, 64]))
    weights = array("d", [0.5] * len(recording.parameters))
    out = np.empty((len(recording.outputs), len(cases)))
    gradient = None if of_inputs else array("d", weights)
    by_input = np.empty(cases.shape) if of_inputs else None
    kernel.replay(block, weights, out, gradient, by_input, rng.choice([1, 2]))
