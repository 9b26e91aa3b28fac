"""The corpus: its right gradients are right, and each mistake is where it says it is."""

import numpy as np
import pytest

from tests.checking.black_box.corpus import plainly
from tests.checking.black_box.corpus.loading import SUBJECTS, load, programs
from tests.checking.black_box.corpus.mistakes import nets, plain, science, sequences

RIGHT = programs(*SUBJECTS)
MISTAKES = [
    *nets.MISTAKES,
    *sequences.MISTAKES,
    *plain.MISTAKES,
    *science.MISTAKES,
]
STEPS = {
    "iterations/cents": 0.2,
    "iterations/float32_net": 1e-2,
    "iterations/float32_softmax": 1e-2,
}
"""Where f is rounded. That of cents is linear in each argument."""


def loaded(name, mistake=None):
    """The program, a cotangent for its outputs, and the gradient that it gives."""
    program = load(name, mistake)
    if "hessian" in program.derivatives:
        program = plainly.of_hessian(program)
    size = plainly.outputs(program).size
    cotangent = np.linspace(1.25, 2.0, size) if size > 1 else np.ones(1)
    plainly.gradient(program, cotangent)  # what the first call leaves behind is part of a mistake
    return program, cotangent, plainly.gradient(program, cotangent)


def differs(name, mistake=None):
    """The program, and where its gradient is not what a difference says."""
    program, cotangent, given = loaded(name, mistake)
    return program, off(plainly.difference(program, cotangent, STEPS.get(name, 1e-4)), given, name)


def off(reference, given, name):
    """Where they differ by more than what the difference may be off."""
    limit = 5e-3 if name in STEPS or name.startswith(("jax", "torch")) else 1e-3
    return np.abs(given - reference) > limit * (1e-2 * np.abs(reference).max() + np.abs(reference))


def judge(name):
    assert not differs(name)[1].any()


def judge_mistake(mistake):
    program, off = differs(mistake.program, mistake)
    named = plainly.entries(program)
    wrong = {named[i] for i in np.flatnonzero(off)}
    belongs = {each: {entry for entry in named if under(entry, each)} for each in mistake.of}
    assert all(wrong & entries for entries in belongs.values())
    assert wrong <= set().union(*belongs.values())


def under(entry, name):
    return entry == name or entry.startswith((f"{name}[", f"{name}."))


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gradient_is_right(name):
    judge(name)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_where_it_says(mistake):
    judge_mistake(mistake)


def test_there_are_enough_of_both():
    assert len(RIGHT) >= 40
    assert len(MISTAKES) >= 40
