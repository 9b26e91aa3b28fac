"""Which leaves of a recorded graph are inputs, parameters and constants."""

import numpy as np

from microbp import Value, no_grad
from microbp.replay.program import record


def unit():
    """An error of one unit, with two inputs and a target."""
    x1, x2, d = Value(0.0, "x1"), Value(0.0, "x2"), Value(0.0, "d")
    w1, w2 = Value(0.5, "w1"), Value(-1.0, "w2")
    return (w1 * x1 + w2 * x2 - d) ** 2, [x1, x2, d], [w1, w2]


def test_inputs_of_each_case_come_by_column():
    error, inputs, weights = unit()
    program = record(error, inputs=inputs)
    cases = [[1.0, 2.0, 3.0], [2.0, 1.0, 0.0], [4.0, 2.0, 0.0]]
    assert program.forward(cases).tolist() == [4.5**2, 0.0, 0.0]
    assert program.input_gradient(cases)[0].tolist() == [-4.5, 9.0, 9.0]
    assert program.backward(cases) == 4.5**2
    assert [w.grad for w in weights] == [-9.0, -18.0]
    assert [x.grad for x in inputs] == [0.0] * 3


def test_the_order_of_inputs_is_that_of_the_columns():
    error, inputs, _ = unit()
    turned = record(error, inputs=reversed(inputs))
    assert turned.forward([[3.0, 2.0, 1.0]]).tolist() == [4.5**2]
    assert turned.input_gradient([[3.0, 2.0, 1.0]]).tolist() == [[9.0, 9.0, -4.5]]


def test_any_leaf_may_be_an_input():
    error, inputs, (w1, w2) = unit()
    program = record(error, inputs=[w1])
    assert program.forward([[0.0], [1.0]]).tolist() == [0.0, 0.0]
    assert set(inputs) | {w2} < set(program.parameters)
    exponent = program.parameters[-1]
    assert (exponent.data, exponent.op) == (2.0, None)


def test_all_other_leaves_are_parameters_in_the_order_of_their_first_use():
    x, a, b, c = (Value(1.0) for _ in range(4))
    assert record(b * x + a * b + c, [x]).parameters == [b, a, c]


def test_parameters_are_read_afresh_each_time():
    x, w = Value(1.0), Value(2.0)
    program = record(w * x, [x])
    assert program.forward([[3.0]]).tolist() == [6.0]
    w.data = 5.0
    assert program.forward([[3.0]]).tolist() == [15.0]
    assert program.input_gradient([[3.0]]).tolist() == [[5.0]]
    assert (program.backward([[3.0]]), w.grad) == (15.0, 3.0)


def test_gradients_of_parameters_add_up():
    x, w = Value(1.0), Value(2.0)
    program = record(w * x, [x])
    w.grad = 10.0
    program.backward([[3.0]])
    program.backward([[4.0], [5.0]])
    assert w.grad == 10.0 + 3.0 + 9.0


def test_an_inputs_own_number_and_gradient_stay():
    x, w = Value(1.0), Value(2.0)
    x.grad = 7.0
    record(w * x, [x]).backward([[3.0]])
    assert (x.data, x.grad) == (1.0, 7.0)


def test_with_parameters_named_the_rest_is_frozen():
    x, w, frozen = Value(1.0), Value(2.0), Value(3.0)
    program = record(w * x + frozen, [x], [w])
    assert program.parameters == [w]
    frozen.data = w.data = 100.0
    assert (program.backward([[1.0]]), w.grad, frozen.grad) == (103.0, 1.0, 0.0)


def test_a_named_parameter_may_go_unused():
    x, w, idle = Value(1.0), Value(2.0), Value(3.0)
    program = record(w * x, [x], [idle, w])
    assert program.parameters == [idle, w]
    program.backward([[5.0]])
    assert (idle.grad, w.grad) == (0.0, 5.0)


def test_the_list_of_parameters_is_the_callers_own():
    x, w = Value(1.0), Value(2.0)
    program = record(w * x, [x])
    program.parameters.clear()
    assert program.parameters == [w]
    program.backward([[1.0]])
    assert w.grad == 1.0


def test_a_graph_without_inputs_has_rows_without_columns():
    w = Value(2.0)
    program = record(w * w, [])
    assert program.forward(np.empty((3, 0))).tolist() == [4.0] * 3
    assert program.forward([[], []]).tolist() == [4.0] * 2
    assert program.input_gradient(np.empty((3, 0))).shape == (3, 0)
    assert (program.backward(np.empty((3, 0))), w.grad) == (12.0, 12.0)


def test_values_made_under_no_grad_are_leaves():
    x, w = Value(1.0), Value(2.0)
    with no_grad():
        fixed = w * 3.0
    program = record(fixed * x, [x])
    assert program.parameters == [fixed]
