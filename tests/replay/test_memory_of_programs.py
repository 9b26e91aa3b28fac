"""What it takes to make a program ready for its first replay: bytes for each of its operations."""

import gc
import random
import tracemalloc
from array import array

import numpy as np
import pytest

from microbp import Value, total
from microbp.core import engine
from microbp.replay.program import record

pytestmark = pytest.mark.skipif(engine.name != "compiled", reason="kernels are of that engine")


def products(size):
    x, w = Value(0.5, "x"), Value(1.0 + 1e-7, "w")
    y = x
    for _ in range(size):
        y = y * w
    return record(y, [x], [w])


def products_of_their_own(size):
    x = Value(0.5, "x")
    y = x
    for i in range(size):
        y = y * Value(1.0 + 1e-9 * i)
    return record(y, [x])


def sum_of_products(size):
    x = Value(0.5, "x")
    y = x
    for i in range(size // 2):
        y = y + x * Value(1e-7 * i)
    return record(y, [x])


def random_sums_and_products(size):
    rng = random.Random(1)
    leaves = [Value(rng.uniform(-1.0, 1.0)) for _ in range(32)]
    nodes, unused = list(leaves), {}
    for _ in range(size):
        a, b = rng.choice(nodes), rng.choice(nodes)
        unused.pop(a, None)
        unused.pop(b, None)
        nodes.append(a * b if rng.random() < 0.5 else a + b)
        unused[nodes[-1]] = None
    return record(total(list(unused)), leaves[:16])


def used(program, count):
    """The bytes that the first replay takes at most, and afterwards, for each operation."""
    from microbp.replay.compiled import interpreter

    recording = program._recording
    cases, out = np.full((count, recording.inputs), 0.5), np.empty((1, count))
    weights = array("d", [p.data for p in recording.parameters])
    gradient = np.empty(len(weights))
    block = interpreter.Cases(cases, 1 if count == 1 else 8)
    gc.collect()
    tracemalloc.start(1)
    try:
        before, _ = tracemalloc.get_traced_memory()
        kernel = interpreter.Kernel(recording, False)
        kernel.replay(block, weights, out, gradient)
        after, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return (most - before) / len(recording.code), (after - before) / len(recording.code)


@pytest.mark.parametrize("size", [20_000, pytest.param(1_000_000, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(
    ("program", "count", "most", "kept"),
    [
        (products, 1, 93, 33),
        (products_of_their_own, 1, 170, 86),
        (sum_of_products, 1, 74, 26),
        (random_sums_and_products, 1, 114, 55),
        (products, 8, 160, 118),
        (products_of_their_own, 8, 295, 295),
        (sum_of_products, 8, 205, 152),
        (random_sums_and_products, 8, 190, 104),
    ],
)
def test_bytes_for_each_operation(program, count, most, kept, size):
    """Of several cases, their rows are among them."""
    found = used(program(size), count)
    assert found[0] <= most
    assert found[1] <= kept


@pytest.mark.thorough
def test_a_million_operations_in_a_chain():
    x, w = Value(0.5, "x"), Value(1.0 + 1e-7, "w")
    y = x
    for _ in range(1_000_000):
        y = y * w
    y.backward()
    found, w.grad = w.grad, 0.0
    program = record(y, [x], [w])
    assert program.backward([[0.5]]) == y.data
    assert w.grad == found
    assert program.backward([[0.5]] * 8) == pytest.approx(8 * y.data)
    assert w.grad == pytest.approx(9 * found)
    assert program.forward([[0.5]] * 3).tolist() == [y.data] * 3
