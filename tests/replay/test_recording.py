"""What a recording holds: its outputs, and each computation once."""

import math

import numpy as np
import pytest

import microbp
from microbp import Value
from microbp.replay.program import record


def test_outputs_may_be_leaves_inputs_and_repeats():
    x, w = Value(1.0), Value(2.0)
    y = w * x
    program = record([x, w, y, y, x], [x])
    assert program.forward([[3.0], [4.0]]).tolist() == [[3, 2, 6, 6, 3], [4, 2, 8, 8, 4]]
    assert program.input_gradient([[3.0]]).tolist() == [[[1.0], [0.0], [2.0], [2.0], [1.0]]]


def test_backward_is_of_the_first_output():
    x, w = Value(1.0), Value(2.0)
    program = record((w * x, w * w * w), [x])
    assert (program.backward([[3.0], [4.0]]), w.grad) == (14.0, 7.0)


@pytest.mark.parametrize("which", ["input", "parameter", "constant"])
def test_a_leaf_alone_is_a_program(which):
    x = Value(2.0, "x")
    if which == "input":
        program = record(x, [x])
    else:
        program = record(x, [], None if which == "parameter" else [])
    cases = np.full((3, 1 if which == "input" else 0), 5.0)
    y = 5.0 if which == "input" else 2.0
    assert program.forward(cases).tolist() == [y] * 3
    assert program.input_gradient(cases).tolist() == ([[1.0]] * 3 if which == "input" else [[]] * 3)
    assert program.backward(cases) == 3 * y
    assert x.grad == (3.0 if which == "parameter" else 0.0)


def test_one_output_in_a_list_is_several():
    x = Value(2.0)
    assert record([x * x], [x]).forward([[3.0]]).shape == (1, 1)
    assert record([x * x], [x]).input_gradient([[3.0]]).shape == (1, 1, 1)


def test_what_is_the_same_is_computed_once():
    x, w = Value(1.0), Value(2.0)
    y = (x * w + 3.0) * (x * w + 3.0) + (x * w).exp()
    program = record(y, [x], [w])
    recording = program._recording
    assert sorted(recording.ops[code].name for code in recording.code) == [
        "add", "add", "exp", "mul", "mul",
    ]  # fmt: skip
    assert list(recording.constants) == [3.0]
    assert program.forward([[2.0]]).tolist() == [49.0 + math.exp(4.0)]
    program.backward([[0.0]])
    assert w.grad == 0.0


def test_operands_in_another_order_are_not_the_same():
    a, b = Value(3.0), Value(5.0)
    program = record([a - b, b - a, a - b], [a, b])
    assert len(program._recording.code) == 2
    assert program.forward([[3.0, 5.0]]).tolist() == [[-2.0, 2.0, -2.0]]


def test_constants_are_told_apart_by_their_bits():
    x = Value(1.0)
    program = record([x * 0.0, x * -0.0, x * 0.0, x * 1.0], [x], [])
    assert list(map(str, program._recording.constants)) == ["0.0", "-0.0", "1.0"]
    assert list(map(str, program.forward([[1.0]])[0].tolist())) == ["0.0", "-0.0", "0.0", "1.0"]


def test_equal_parameters_are_not_one():
    x, a, b = Value(1.0), Value(2.0), Value(2.0)
    program = record(a * x - b * x, [x])
    program.backward([[3.0]])
    assert (a.grad, b.grad) == (3.0, -3.0)


def test_what_no_input_moves_is_computed_once_for_all_cases(monkeypatch):
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    monkeypatch.setattr("microbp.core.custom_op.table", dict(microbp.core.ops.table))
    asked = []
    counted = microbp.operation(
        "counted",
        value=lambda m, a: asked.append(a) or a * 2.0,
        partials=lambda m, y, a: (2.0,),
    )
    x, w = Value(1.0), Value(2.0)
    program = record(counted(w) * x, [x])
    asked.clear()
    assert program.forward(np.ones((100, 1))).tolist() == [4.0] * 100
    assert asked == [2.0]
    assert (program.backward(np.ones((3000, 1)), threads=1), w.grad) == (12000.0, 6000.0)
    assert asked == [2.0] * 2
