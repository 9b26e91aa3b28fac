"""A program's life: shown, copied, pickled, failing; and programs of large graphs."""

import copy
import gc
import pickle
from collections import Counter

import numpy as np
import pytest

import microbp
from microbp import Value
from microbp.core.ops import DomainError
from microbp.replay.program import record


def unit():
    """An error of one unit, with two inputs and a target."""
    x1, x2, d = Value(0.0, "x1"), Value(0.0, "x2"), Value(0.0, "d")
    w1, w2 = Value(0.5, "w1"), Value(-1.0, "w2")
    return (w1 * x1 + w2 * x2 - d) ** 2, [x1, x2, d], [w1, w2]


def test_its_repr_counts():
    error, inputs, weights = unit()
    program = record(error, inputs, weights)
    assert repr(program) == "<program of 3 inputs, 2 parameters, 5 operations, 1 outputs>"


def test_the_graph_may_go_before_the_program():
    error, inputs, weights = unit()
    program = record(error, inputs)
    del error, inputs
    gc.collect()
    assert program.backward([[1.0, 2.0, 3.0]]) == 4.5**2
    assert [w.grad for w in weights] == [-9.0, -18.0]
    del weights
    assert program.parameters[0].grad == -9.0


@pytest.mark.parametrize("used", [False, True])
def test_a_program_is_pickled_and_copied_with_its_parameters(used):
    error, inputs, weights = unit()
    program = record(error, inputs)
    cases = [[1.0, 2.0, 3.0], [0.5, 0.25, 1.0]]
    if used:
        program.forward(cases), program.input_gradient(cases), program.backward(cases)
        weights[0].grad = weights[1].grad = 0.0
    for twin in (pickle.loads(pickle.dumps(program)), copy.deepcopy(program)):
        assert twin.forward(cases).tolist() == program.forward(cases).tolist()
        assert [p.label for p in twin.parameters] == [p.label for p in program.parameters]
        twin.backward(cases)
        assert [w.grad for w in weights] == [0.0, 0.0]
        assert twin.parameters[0].grad != 0.0
    assert copy.copy(program).parameters == program.parameters


def alive(*types):
    """How many objects of these types there are, others' included."""
    found = Counter(type(each).__name__ for each in gc.get_objects())
    return [found[name] for name in types]


def test_a_program_waits_for_no_garbage_collector():
    error, inputs, _ = unit()
    cases = np.ones((3000, 3))
    record(error, inputs).backward(cases)
    gc.collect()
    gc.disable()
    try:
        before = alive("Program", "Kernel", "Space")
        for _ in range(3):
            program = record(error, inputs)
            (
                program.forward(cases),
                program.input_gradient(cases),
                program.backward(cases, threads=2),
            )
            with pytest.raises(ValueError, match="cases"):
                program.forward([[1.0]])
        del program
        assert alive("Program", "Kernel", "Space") == before
    finally:
        gc.enable()


def test_an_error_leaves_the_program_as_it_was():
    x, w = Value(1.0, "x"), Value(1.0, "w")
    program = record(w * x.log(), [x])
    cases = np.arange(1.0, 2000.0)[:, None]
    before = program.forward(cases).tobytes()
    spoilt = cases.copy()
    spoilt[1500] = -1.0
    for threads in (1, 2):
        for run in (program.forward, program.input_gradient, program.backward):
            with pytest.raises(DomainError, match=r"^log\(x = -1.0\), in case 1500: "):
                run(spoilt, threads=threads)
    assert w.grad == 0.0
    assert program.forward(cases).tobytes() == before


LONG = """
import sys
import numpy as np
from microbp import Value, dot, total
from microbp.replay.program import record
assert sys.getrecursionlimit() == 1000
x, w = Value(1.0), Value(0.5)
{graph}
program = record(y, [x], [w])
del y
cases = [[2.0], [3.0], [4.0]]
assert program.forward(cases).tolist() == {values}, program.forward(cases)
assert program.input_gradient(cases).tolist() == {gradient}
assert (program.backward(cases), w.grad) == ({error}, {by_w}), w.grad
del program
"""
GRAPHS = {
    "chain": (
        "y = x * w\nfor _ in range({n}): y = -y",
        {"values": [1.0, 1.5, 2.0], "gradient": [[0.5]] * 3, "error": 4.5, "by_w": 9.0},
        1_000_000,
    ),
    "wide": (
        "y = total([x * (w * float(i % 8)) for i in range({n})]) * {n} ** -1.0",
        {"values": [3.5, 5.25, 7.0], "gradient": [[1.75]] * 3, "error": 15.75, "by_w": 31.5},
        2**17,
    ),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_of_a_million_nodes(python, name):
    graph, results, size = GRAPHS[name]
    size = size if microbp.engine.name == "compiled" else size >> 5
    ran = python(LONG.format(graph=graph.format(n=size), **results))
    assert (ran.stderr, ran.returncode) == ("", 0)


def test_a_dot_product_of_a_hundred_thousand_operands():
    xs = [Value(1.0) for _ in range(50_000)]
    ws = [Value(float(i % 5)) for i in range(50_000)]
    program = record(microbp.dot(ws, xs, 1.0), xs, ws)
    cases = np.vstack([np.ones(50_000), np.full(50_000, 2.0), np.full(50_000, -1.0)])
    assert program.forward(cases).tolist() == [100_001.0, 200_001.0, -99_999.0]
    assert program.input_gradient(cases)[1].tolist() == [w.data for w in ws]
    assert program.backward(cases) == 200_003.0
    assert {w.grad for w in ws} == {2.0}
