"""A replay compares its cases with those of the last one: what has changed since is noticed."""

import hashlib

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from microbp import Value, dot, sigmoid
from microbp.core import engine
from microbp.replay.program import record

COUNTS = (1, 2, 3, 8, 16, 40, 41, 64, 65, 128, 129)


def unit():
    x = [Value(0.5, f"x{i}") for i in range(3)]
    w = [Value(number) for number in (0.5, -1.0, 2.0, 0.25)]
    return record((sigmoid(dot(w[:2], x[:2], w[2])) - x[2]) * w[3], x, w)


def cases_of(count, seed=0):
    return np.random.default_rng(seed).normal(size=(count, 3))


def found(program, cases):
    """All that replays of these cases give, as a digest."""
    for p in program.parameters:
        p.grad = 0.0
    error = program.backward(cases)
    results = [error, *(p.grad for p in program.parameters)]
    arrays = program.forward(cases), program.input_gradient(cases)
    return hashlib.sha256(b"".join(map(np.ndarray.tobytes, (np.array(results), *arrays)))).digest()


@pytest.mark.parametrize("count", COUNTS)
def test_a_case_changed_in_place_is_noticed(count):
    program, cases = unit(), cases_of(count)
    for case in {0, count // 2, count - 1}:
        before = found(program, cases)
        assert found(program, cases) == before
        cases[case, 1] += 1.0
        assert found(program, cases) == found(unit(), cases.copy()) != before


def test_other_cases_in_between_leave_nothing_behind():
    program, expected = unit(), {count: found(unit(), cases_of(count)) for count in COUNTS}
    for last in COUNTS:
        for count in COUNTS:
            assert found(program, cases_of(last)) == expected[last]
            assert found(program, cases_of(count)) == expected[count]


def test_a_weight_changed_in_between_is_noticed():
    program, cases, twin = unit(), cases_of(64), unit()
    before = found(program, cases)
    for each in (program, twin):
        each.parameters[0].data = -3.0
    assert found(program, cases) == found(twin, cases) != before


def test_what_has_changed_about_an_array_is_noticed():
    program, cases = unit(), np.arange(48.0).reshape(16, 3) / 48.0
    expected = found(program, cases)
    cases.shape = (4, 12)
    with pytest.raises(ValueError, match="expected"):
        program.backward(cases)
    cases.shape = (16, 3)
    assert found(program, cases) == expected
    cases.dtype = np.uint64
    cases[:] = 3
    assert found(program, cases) == found(unit(), np.full((16, 3), 3.0))


def unaligned(cases):
    room = np.zeros(cases.nbytes + 1, np.uint8)
    view = room[1:].view(float).reshape(cases.shape)
    view[:] = cases
    return view


class Mine(np.ndarray):
    pass


@pytest.mark.parametrize(
    "laid_out",
    [
        np.asfortranarray,
        unaligned,
        lambda cases: np.repeat(cases, 2, axis=0)[::2],
        lambda cases: cases.astype(">f8"),
        lambda cases: cases.view(Mine),
        lambda cases: np.pad(cases, ((0, 0), (0, 2)))[:, :3],
        lambda cases: cases.astype(np.float16).astype(np.longdouble),
    ],
)
def test_however_the_cases_lie_in_memory(laid_out):
    cases = cases_of(64).astype(np.float16).astype(float)
    program, expected = unit(), found(unit(), cases)
    assert found(program, laid_out(cases)) == expected
    assert found(program, cases) == expected


def test_a_case_that_lies_in_memory_once():
    cases = as_strided(np.array([0.5, -1.0, 2.0]), shape=(64, 3), strides=(0, 8))
    assert found(unit(), cases) == found(unit(), cases.copy())


def test_cases_that_must_not_be_written_to():
    cases = cases_of(64)
    expected = found(unit(), cases)
    cases.flags.writeable = False
    assert found(unit(), cases) == expected


@pytest.mark.parametrize("count", [2, 8, 64, 65])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.filterwarnings("ignore:replay")
def test_gradients_change_only_where_all_is_finite(count, bad):
    program, cases = unit(), cases_of(count)
    expected = found(program, cases)
    cases[-1, 2], good = bad, cases[-1, 2]
    before = [p.grad for p in program.parameters]
    assert program._executor.compiled_backward(cases, 1) is None
    assert [p.grad for p in program.parameters] == before
    cases[-1, 2] = good
    assert found(program, cases) == expected


@pytest.mark.skipif(engine.name != "compiled", reason="it is that engine's training")
def test_a_sweep_after_one_of_a_single_case():
    from microbp.replay.compiled import interpreter

    program, cases = unit(), cases_of(64)
    out, none = np.empty((1, 64)), np.empty((0, 64))
    kernel = program._executor.kernel()
    training = interpreter.Training(kernel, program.parameters, cases, out, none)
    before = training.sweep(), out.copy()
    for case in (0, 63):
        training.sweep_of(case)
        assert training.sweep() == before[0]
        assert out.tolist() == before[1].tolist()
