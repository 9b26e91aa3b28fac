"""Replay gives the same bits, whatever the threads, the process and the cut of the cases."""

import itertools
import threading

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import microbp
from microbp import Value, detect_anomaly
from microbp.core import engine
from microbp.core.ops import DomainError
from microbp.replay.program import record
from microbp.testing import expressions
from tests.helpers.profiles import examples
from tests.helpers.replays import Replayed, problems, tiled

compiled = pytest.mark.skipif(engine.name == "python", reason="kernels are of the compiled engine")


def everyday_program():
    """A net whose weights occur more than once: by themselves, in dots, and below others."""
    xs, ws = [Value(0.1 * i) for i in range(4)], [Value(0.3 - 0.07 * i) for i in range(9)]
    hidden = [
        microbp.sigmoid(microbp.dot(ws[:4], xs, ws[4])),
        microbp.dot(xs, ws[3:7], ws[4]).tanh(),
    ]
    twice = microbp.dot([ws[0], ws[0]], [hidden[0], xs[1]], ws[0])
    free = microbp.dot(hidden, [xs[0], xs[3]], hidden[1])
    y = microbp.logsumexp([twice, free * ws[1], ws[1] * xs[2]]) + (ws[7] * ws[8]).exp() * hidden[0]
    return record([y, twice], xs, ws)


def some_cases(count, columns=4, seed=1):
    return np.random.default_rng(seed).normal(size=(count, columns))


def results(program, cases, **options):
    for p in program.parameters:
        p.grad = 0.0
    found = [program.forward(cases, **options), program.input_gradient(cases, **options)]
    error = program.backward(cases, **options)
    return [a.tobytes() for a in found], error.hex(), [p.grad.hex() for p in program.parameters]


@pytest.mark.parametrize("count", [1, 3, 65, 1024, 1025, 3000, 5000])
def test_any_number_of_threads_gives_the_same_bits(count):
    program, cases = everyday_program(), some_cases(count)
    first = results(program, cases)
    for threads in (1, 2, 3, 8):
        assert results(program, cases, threads=threads) == first
        assert results(everyday_program(), cases, threads=threads) == first


@compiled
@examples(200)
@given(
    problems(expressions(max_nodes=15), st.floats(-2.0, 2.0)),
    st.booleans(),
    st.sampled_from(["nothing", "the output", "an input of no use"]),
)
def test_the_first_pass_in_c_finds_what_the_one_in_python_does(problem, named, compared):
    from microbp.replay.compiled.flatten import flattened
    from microbp.replay.recording import _flattened

    f, is_input, _ = problem
    leaves = [Value(x, f"x{i}" if i % 2 else "") for i, x in enumerate(f.leaves)]
    split = list(zip(leaves, is_input, strict=True))
    spare = Value(1.0)
    inputs = [*(leaf for leaf, of_case in split if of_case), spare]
    parameters = [leaf for leaf, of_case in split if not of_case][::-1] if named else None
    y = f(*leaves)
    again = [y * leaves[0], y * leaves[0]]  # the same twice, under two names
    again[0].label, again[1].label = "one", "other"
    roots = [again[0] + again[1] * 2.0, y + 2.0, y + -0.0, y + 0.0, leaves[-1], y, y]
    if compared != "nothing":
        bool(y if compared == "the output" else spare)
    expected = _flattened(roots, inputs, parameters)
    found = flattened(roots, inputs, parameters)
    assert found == expected
    assert list(found[7].items()) == list(expected[7].items())


@compiled
@pytest.mark.parametrize("count", [1, 7, 8, 9, 64, 65, 1025, 2500])
@pytest.mark.parametrize("of_inputs", [False, True])
def test_any_way_to_cut_the_cases_gives_the_same_bits(count, of_inputs):
    from array import array

    from microbp.replay.compiled import interpreter

    program, cases = everyday_program(), some_cases(count)
    kernel = interpreter.Kernel(program._recording, of_inputs)
    weights = array("d", [p.data for p in program.parameters])
    found = set()
    for width, threads in itertools.product((1, 8, 16, 32, 64), (1, 2)):
        out = np.full((2, count), np.nan)
        gradient, by_input = np.full(len(weights), np.nan), np.full(cases.shape, np.nan)
        error, well = kernel.replay(
            interpreter.Cases(cases, width),
            weights,
            out,
            None if of_inputs else gradient,
            by_input if of_inputs else None,
            threads,
        )
        assert well
        found.add((error, out.tobytes(), gradient.tobytes(), by_input.tobytes()))
    assert len(found) == 1


@compiled
@examples(100)
@given(
    problems(expressions(max_nodes=12, smooth=True), st.floats(-2.0, 2.0)),
    st.sampled_from([3, 9, 70]),
)
def test_any_way_to_cut_the_cases_of_any_graph_gives_the_same_bits(problem, count):
    from array import array

    from microbp.replay.compiled import interpreter

    f, is_input, rows = problem
    replayed = Replayed(f, f.leaves, is_input)
    kernel = interpreter.Kernel(replayed.program._recording, False)
    cases = replayed.cases(tiled(rows, count))
    weights = array("d", [p.data for p in replayed.program.parameters])
    found = set()
    for width in (1, 8, 16, 32, 64):
        out, gradient = np.zeros((1, count)), np.zeros(len(weights))
        error, well = kernel.replay(interpreter.Cases(cases, width), weights, out, gradient)
        assume(well)
        found.add((error, out.tobytes(), gradient.tobytes()))
    assert len(found) == 1


ELSEWHERE = """
import sys
sys.path.insert(0, sys.argv[1])
from test_same_bits import everyday_program, results, some_cases
print(results(everyday_program(), some_cases(1500)))
"""


def test_another_process_gives_the_same_bits(python):
    from pathlib import Path

    ran = python(ELSEWHERE, Path(__file__).parent, PYTHONHASHSEED="7")
    assert (ran.stderr, ran.returncode) == ("", 0)
    assert ran.stdout.strip() == str(results(everyday_program(), some_cases(1500)))


def test_a_program_serves_several_threads_at_once():
    program = everyday_program()
    tables = [some_cases(count, seed=count) for count in (3, 70, 700, 1500)]
    expected = [(program.forward(t).tobytes(), program.input_gradient(t).tobytes()) for t in tables]
    wrong = []

    def work():
        for _ in range(5):
            for t, (values, gradient) in zip(tables, expected, strict=True):
                if program.forward(t).tobytes() != values:
                    wrong.append("values")
                if program.input_gradient(t, threads=2).tobytes() != gradient:
                    wrong.append("gradient")

    crew = [threading.Thread(target=work) for _ in range(4)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("room", [1, 50, 400])
def test_the_way_through_numpy_takes_as_many_cases_at_a_time_as_have_room(monkeypatch, room):
    x, w = Value(1.0, "x"), Value(3.0, "w")
    program = record(w * x + 1.0 / x, [x], [w])
    cases = np.array([1.0, 2.0, 4.0, 8.0, 16.0] * 4)[:, None]
    expected = (program.forward(cases) + 0.0).tolist(), program.input_gradient(cases).tolist()
    monkeypatch.setattr("microbp.replay.executor.MOST_NUMBERS", room)
    with detect_anomaly():  # which is that way on either engine
        assert (program.forward(cases).tolist(), program.input_gradient(cases).tolist()) == expected
        assert program.backward(cases) == sum(expected[0])
    assert w.grad == cases.sum()
    for name, bad, kind in (("div", 0.0, DomainError), ("mul", 1e308, microbp.AnomalyError)):
        cases[17] = cases[19] = bad
        with detect_anomaly(), pytest.raises(kind, match=rf"^{name}\(.* in case 17"):
            program.backward(cases)
    assert w.grad == 4 * 31.0
