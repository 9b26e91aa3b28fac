"""Sums written with + and * run as one instruction, in the order in which they were recorded."""

import random
from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value
from microbp.core import engine
from microbp.replay.numpy_interpreter import NumpyReplay
from microbp.replay.program import record
from tests.helpers.profiles import examples

pytestmark = pytest.mark.skipif(engine.name != "compiled", reason="chains are of that engine")


def by_kernel(recording, cases, width, of_inputs):
    """The outputs, and the adjoints of the inputs in each case or those of the parameters."""
    from microbp.replay.compiled import interpreter

    kernel = interpreter.Kernel(recording, of_inputs)
    out = np.empty((len(recording.outputs), len(cases)))
    found = np.empty(cases.shape if of_inputs else len(recording.parameters))
    weights = array("d", [p.data for p in recording.parameters])
    derivatives = (None, found) if of_inputs else (found, None)
    _, well = kernel.replay(interpreter.Cases(cases, width), weights, out, *derivatives)
    assert well
    return out.tobytes(), (found + 0.0).tobytes()  # the interpreters have different zeros


def by_numpy(recording, cases, of_inputs):
    """The same an operation at a time."""
    replay = NumpyReplay(recording, cases, [p.data for p in recording.parameters], 0)
    out = np.array([replay.column(output) for output in recording.outputs])
    adjoints = replay.adjoints(recording.outputs[0])
    first = 0 if of_inputs else recording.inputs
    count = recording.inputs if of_inputs else len(recording.parameters)
    found = [np.broadcast_to(adjoints[first + i], len(cases)) for i in range(count)]
    return out.tobytes(), (np.array(found).reshape(count, len(cases)).T + 0.0).tobytes()


def hold_to_numpy(recording, cases, of_parameters=True):
    for width in (1, 8, 64):
        assert by_kernel(recording, cases, width, True) == by_numpy(recording, cases, True)
    if not of_parameters:
        return
    one = cases[:1]
    for width in (1, 8):
        assert by_kernel(recording, one, width, False) == by_numpy(recording, one, False)


def numbers(rng, count):
    return [rng.uniform(-1.0, 1.0) for _ in range(count)]


def some_cases(rng, inputs):
    return np.array([numbers(rng, inputs) for _ in range(11)])


@pytest.mark.filterwarnings("ignore:record")
@examples(60)
@given(st.integers(0, 2**32), st.integers(3, 80))
def test_sums_of_products_have_the_bits_of_single_operations(seed, size):
    rng = random.Random(seed)
    inputs, weights = ([Value(x) for x in numbers(rng, 4)] for _ in range(2))
    nodes = [*inputs, *weights]
    for _ in range(size):
        products = [rng.choice(nodes) * rng.choice(nodes[-9:]) for _ in range(rng.randint(1, 5))]
        singles = [rng.choice(nodes) for _ in range(rng.randint(0, 3))]
        terms = [*products, *singles]
        rng.shuffle(terms)
        y = terms[0]
        for term in terms[1:]:
            y = rng.choice([y + term, term + y])
        nodes.append(y * rng.choice(weights) if rng.random() < 0.5 else y.relu())
    outputs = [sum(nodes[-6:]), rng.choice(nodes[8:])]
    recording = record(outputs, inputs, weights)._recording
    # What is the same in every case is added to parameters' derivatives on its own.
    hold_to_numpy(recording, some_cases(rng, 4), of_parameters=False)


def test_a_sum_waits_for_no_operation_that_was_recorded_between_its_products():
    rng = random.Random(5)
    x, w, v = (Value(1.0) for _ in range(3))
    y = x * w + v * x.relu()  # on the way back relu comes before x * w
    program = record(y * x, [x, w, v])
    cases = np.abs(np.array([numbers(rng, 3) for _ in range(64)]))
    hold_to_numpy(program._recording, cases)


def test_a_net_in_scalars_takes_the_rows_of_its_sums_alone():
    rng = random.Random(6)
    xs = [Value(x) for x in numbers(rng, 3)]
    units = [([Value(w) for w in numbers(rng, 3)], Value(0.1)) for _ in range(5)]
    sums = [sum((w * x for w, x in zip(ws, xs, strict=True)), b) for ws, b in units]
    total = sum(y.relu() for y in sums)
    from microbp.replay.compiled import interpreter

    recording = record(total, xs)._recording
    assert len(recording.code) == 5 * (3 + 3 + 1) + 5
    assert interpreter.Kernel(recording, False).laid_out()[1] == 5 * 2 + 1
    hold_to_numpy(recording, some_cases(rng, 3))


def test_a_long_sum_is_one():
    xs = [Value(0.5), Value(0.25)]
    total, products = Value(0.0), Value(0.0)
    for i in range(1_000):
        total = total + xs[i % 2]
    for _ in range(1_000):
        products = xs[0] * xs[1] + products
    from microbp.replay.compiled import interpreter

    recording = record([total, products], xs)._recording
    assert interpreter.Kernel(recording, True).laid_out()[1] == 3  # equal products are one node
    hold_to_numpy(recording, np.array([[0.5, 0.25], [1.0, 2.0]]))
