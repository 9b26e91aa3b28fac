"""`record`, and what a Program takes, tells and refuses. What it computes is in test_replay.py."""

import copy
import gc
import math
import pickle
import warnings
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import microbp
from microbp import Value, maximum, no_grad, relu, where_positive
from microbp.core.ops import DomainError
from microbp.replay.program import record


def unit():
    """An error of one unit, with two inputs and a target."""
    x1, x2, d = Value(0.0, "x1"), Value(0.0, "x2"), Value(0.0, "d")
    w1, w2 = Value(0.5, "w1"), Value(-1.0, "w2")
    return (w1 * x1 + w2 * x2 - d) ** 2, [x1, x2, d], [w1, w2]


# --- What is an input, a parameter, a constant


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


# --- Outputs


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


# --- What is shared


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


# --- What record warns of


def test_unused_inputs_are_reported():
    x, u = Value(1.0, "x"), Value(1.0, "u")
    with pytest.warns(UserWarning, match="no output depends") as caught:
        program = record(x * 2.0, [u, x, Value(1.0)])
    assert [str(w.message) for w in caught] == [
        "record: no output depends on column 0 (u)",
        "record: no output depends on column 2",
    ]
    assert {w.filename for w in caught} == {__file__}
    assert program.unused_inputs == [0, 2]
    assert program.input_gradient([[7.0, 3.0, 7.0]]).tolist() == [[0.0, 2.0, 0.0]]


COMPARISONS = {
    "<": lambda a: a < 3.0,
    ">=": lambda a: a >= 3.0,
    "reflected": lambda a: Value(3.0) > a,
    "bool": bool,
    "if": lambda a: 1 if a else 2,
    "sorted": lambda a: sorted([a, Value(2.0)]),
    "max": lambda a: max(a, Value(0.0)),
}


@pytest.mark.parametrize("name", COMPARISONS)
@pytest.mark.parametrize("which", ["an input", "what depends on it"])
def test_a_comparison_of_what_varies_warns(name, which):
    x, w = Value(1.0, "x"), Value(2.0, "w")
    y = w * x
    y.label = "y"
    COMPARISONS[name](x if which == "an input" else y)
    with pytest.warns(UserWarning, match=r"^record: Value\(.*label='[xy]'\) depends on the inp"):
        record(y + 1.0, [x])


@pytest.mark.parametrize("name", COMPARISONS)
def test_a_comparison_of_parameters_alone_does_not_warn(name):
    x, w = Value(1.0, "x"), Value(2.0, "w")
    v = w * w
    COMPARISONS[name](w)
    COMPARISONS[name](v)
    record(v * x, [x])
    record(v * x, [x], [w])


def test_the_graphs_own_choices_do_not_warn():
    x, w = Value(1.0, "x"), Value(2.0, "w")
    y = maximum(x, w) + relu(x) + where_positive(x - 1, x, w) + microbp.minimum(x, 0.0) + abs(x)
    assert record(y, [x]).forward([[3.0], [-1.0]]).tolist() == [12.0, 4.0]


def test_reading_the_number_is_no_comparison():
    x = Value(1.0)
    y = x * x
    assert (x.data, float(y), repr(y), x == x, hash(x) == hash(x)) == (
        1.0,
        1.0,
        repr(y),
        True,
        True,
    )
    record(y, [x])


# --- What record refuses

X, W = Value(1.0, "x"), Value(2.0, "w")
REFUSED = [
    ((X * W, [X * W]), ValueError, r"expected leaves as inputs, got Value\(2.0.*op=mul"),
    ((X * W, [X], [X * W]), ValueError, r"expected leaves as parameters, got Value\(2.0.*op=mul"),
    ((X * W, [X, X]), ValueError, r"label='x'\) is given twice as an input or parameter$"),
    ((X * W, [X], [W, W]), ValueError, r"label='w'\) is given twice as an input or parameter$"),
    ((X * W, [X], [X]), ValueError, r"label='x'\) is given twice as an input or parameter$"),
    ((X * W, [1.0]), TypeError, r"expected Values as inputs, got 1.0$"),
    ((X * W, [X], ["w"]), TypeError, r"expected Values as parameters, got 'w'$"),
    (([], [X]), ValueError, r"expected at least one output, got none$"),
    (([X, 1.0], [X]), TypeError, r"expected Values as outputs, got 1.0$"),
    ((1.0, [X]), TypeError, r"expected several Values as outputs, got 1.0$"),
    ((None, [X]), TypeError, r"expected several Values as outputs, got None$"),
    ((X * W, X), TypeError, r"expected several Values as inputs, got Value\(1.0"),
    ((X * W, None), TypeError, r"expected several Values as inputs, got None$"),
    ((X * W, [X], W), TypeError, r"expected several Values as parameters, got Value\(2.0"),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), REFUSED)
def test_what_record_refuses(arguments, kind, message):
    with pytest.raises(kind, match="^record: .*" + message):
        record(*arguments)


# --- The door for cases


def doubled(columns=1):
    leaves = [Value(0.0, f"x{i}") for i in range(columns)]
    return record([2.0 * x for x in leaves], leaves, [])


@pytest.mark.parametrize(
    "cases",
    [
        [[1, 2], [3, 4]],
        ((1.0, 2.0), (3.0, 4.0)),
        [(1, 2.0), [3.0, 4]],
        np.array([[1, 2], [3, 4]]),
        np.array([[1, 2], [3, 4]], dtype=np.int8),
        np.array([[1, 2], [3, 4]], dtype=np.uint64),
        np.array([[1, 2], [3, 4]], dtype=np.float32),
        np.array([[1, 2], [3, 4]], dtype=np.float16),
        np.array([[1, 2], [3, 4]], dtype=">f8"),
        np.array([[1, 2], [3, 4]], dtype=object),
        np.array([[1, 2], [3, 4]], dtype=np.longdouble),
        np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]),
        np.array([[4.0, 3.0], [2.0, 1.0]])[::-1, ::-1],
        np.array([[1.0, 9.0, 2.0], [3.0, 9.0, 4.0]])[:, ::2],
        np.array([[1.0, 3.0], [2.0, 4.0]]).T,
        pandas.DataFrame({"a": [1.0, 3.0], "b": [2, 4]}),
        pandas.DataFrame({"a": [1, 3], "b": [2, 4]}, dtype="Int64"),
        [[Fraction(1), Decimal(2)], [np.float32(3), 4]],
        [[Value(1.0), 2.0], [3.0, Value(4.0)]],
        [np.array([1.0, 2.0]), np.array([3.0, 4.0])],
        [range(1, 3), range(3, 5)],
    ],
    ids=lambda cases: type(cases).__name__,
)
def test_all_kinds_of_rows_are_taken(cases):
    assert doubled(2).forward(cases).tolist() == [[2.0, 4.0], [6.0, 8.0]]


@pytest.mark.parametrize("make", [list, iter, lambda rows: (row for row in rows)])
def test_rows_may_come_one_by_one(make):
    assert doubled(2).forward(make([[1.0, 2.0], [3.0, 4.0]])).tolist() == [[2, 4], [6, 8]]


def test_truths_are_zeros_and_ones():
    assert doubled(2).forward([[True, False]]).tolist() == [[2.0, 0.0]]
    assert doubled(2).forward(np.array([[True, False]])).tolist() == [[2.0, 0.0]]


@given(
    npst.arrays(
        st.sampled_from([np.int32, np.uint8, np.float16, np.float32, np.float64]),
        st.tuples(st.integers(0, 70), st.just(3)),
    )
)
def test_arrays_of_any_numbers_come_through_and_stay_as_they_are(cases):
    before = cases.copy()
    cases.flags.writeable = False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        values = doubled(3).forward(cases)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(values, 2.0 * before.astype(float))
    np.testing.assert_array_equal(cases, before)


def test_results_are_new_arrays():
    x = Value(0.0)
    program, cases = record([x], [x]), np.array([[1.0], [2.0]])
    first, second = program.forward(cases), program.forward(cases)
    first[:] = 9.0
    assert (cases.tolist(), second.tolist()) == ([[1.0], [2.0]], [[1.0], [2.0]])
    assert program.forward(cases).flags.writeable


@pytest.mark.parametrize("dtype", [np.int64, np.uint64])
def test_integers_that_no_float_holds_are_refused(dtype):
    top = int(np.iinfo(dtype).max)
    for x in (2**53 + 1, top, top - 1):
        cases = np.array([[1, 2], [3, 4], [5, x]], dtype=dtype)
        with pytest.raises(ValueError, match=rf"^cases: no float can hold .*{x}\D* in case 2, col"):
            doubled(2).forward(cases)
    held = np.array([[2**53, 2**62]], dtype=dtype)
    assert doubled(2).forward(held).tolist() == [[2.0**54, 2.0**63]]


@pytest.mark.parametrize(
    ("cases", "kind", "message"),
    [
        ([[1.0, "2"]], TypeError, r"case 0, column 1 \(x1\): expected a real number.*, got '2'$"),
        ([[1.0, 2.0], [None, 2.0]], TypeError, r"case 1, column 0 \(x0\): .* got None$"),
        ([[1.0, 2j]], TypeError, r"case 0, column 1 \(x1\): .* got 2j$"),
        (np.array([[1.0, 2j]]), TypeError, r"case 0, column 0 \(x0\): .* got np.complex128"),
        (np.array([["1", "2"]]), TypeError, r"case 0, column 0 \(x0\): .* got np.str_\('1'\)$"),
        (np.array([[1, 2]], dtype="M8[s]"), TypeError, r"column 0 \(x0\): .* got np.datetime64"),
        ([[1.0, 10**400]], ValueError, r"case 0, column 1 \(x1\): no float can hold 1000"),
        ([[1.0, b"2"]], TypeError, r"case 0, column 1 \(x1\): .* got b'2'$"),
        ([[1.0, [2.0]]], TypeError, r"case 0, column 1 \(x1\): .* got \[2.0\]$"),
        ([[1.0, 2.0], [1.0]], ValueError, r"expected 2 columns, got 1 in case 1$"),
        ([[1.0, 2.0], [1.0, 2.0, 3.0]], ValueError, r"expected 2 columns, got 3 in case 1$"),
        ([[1.0]], ValueError, r"shape \(n_cases, 2\), got shape \(1, 1\)$"),
        ([1.0, 2.0], ValueError, r"shape \(n_cases, 2\), got shape \(2,\)$"),
        (np.ones((2, 2, 2)), ValueError, r"shape \(n_cases, 2\), got shape \(2, 2, 2\)$"),
        (np.array(3.0), ValueError, r"shape \(n_cases, 2\), got shape \(\)$"),
        ([], ValueError, r"shape \(n_cases, 2\), got shape \(0,\)$"),
        (3.0, TypeError, r"expected rows of numbers, got 3.0$"),
        (None, TypeError, r"expected rows of numbers, got None$"),
        ("ab", TypeError, r"expected rows of numbers, got 'ab'$"),
        ({"x0": 1.0}, TypeError, r"expected rows of numbers, got \{'x0': 1.0\}$"),
        ([{"x0": 1.0, "x1": 2.0}], TypeError, r"expected a row of numbers as case 0, got \{'x0'"),
        (["ab"], TypeError, r"expected a row of numbers as case 0, got 'ab'$"),
        ([[1.0, 2.0], None], TypeError, r"expected a row of numbers as case 1, got None$"),
        (pandas.DataFrame({"a": [1.0], "b": ["z"]}), TypeError, r"column 1 \(x1\): .* got 'z'$"),
    ],
    ids=str,
)
def test_what_are_no_cases(cases, kind, message):
    program = doubled(2)
    for run in (program.forward, program.input_gradient, program.backward):
        with pytest.raises(kind, match="^cases: .*" + message):
            run(cases)


def test_no_cases_at_all_are_none():
    error, inputs, weights = unit()
    program = record(error, inputs)
    none = np.empty((0, 3))
    assert program.forward(none).shape == (0,)
    assert program.input_gradient(none).shape == (0, 3)
    assert program.backward(none) == 0.0
    assert [w.grad for w in weights] == [0.0, 0.0]


@pytest.mark.parametrize("count", [3, 3000])
@pytest.mark.parametrize(
    ("threads", "kind"), [(0, ValueError), (-1, ValueError), (2.5, TypeError), ("2", TypeError)]
)
def test_impossible_numbers_of_threads(count, threads, kind):
    with pytest.raises(kind):
        doubled().forward(np.ones((count, 1)), threads=threads)


def test_more_threads_than_there_is_work_for():
    assert doubled().forward(np.ones((3000, 1)), threads=10**9).tolist() == [[2.0]] * 3000


# --- A program's life


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
        program.forward(cases), program.input_gradient(cases)
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


# --- Large graphs

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
