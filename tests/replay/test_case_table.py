"""What may be given as cases, and what is refused."""

import warnings
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from microbp import Value
from microbp.replay.program import record


def unit():
    """An error of one unit, with two inputs and a target."""
    x1, x2, d = Value(0.0, "x1"), Value(0.0, "x2"), Value(0.0, "d")
    w1, w2 = Value(0.5, "w1"), Value(-1.0, "w2")
    return (w1 * x1 + w2 * x2 - d) ** 2, [x1, x2, d], [w1, w2]


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
        with pytest.raises(
            ValueError, match=rf"^forward: cases: no float can hold .*{x}\D* in case 2, col"
        ):
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
        ([[1.0, Value(2.0)]], TypeError, r"\(x1\): expected a plain number, .*: write x\.data"),
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
        with pytest.raises(kind, match=r"^\w+: cases: .*" + message):
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
