"""What is said of gradients that cannot be compared, and of invalid arguments: in words."""

import re

import numpy as np
import pytest

from microbp import check_gradient

AT = {"W1": np.ones((2, 3)), "b1": np.ones(3)}
RIGHT = {"W1": np.ones((2, 3)), "b1": np.ones(3)}


def loss(p):
    return float(p["W1"].sum() + p["b1"].sum())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, "gradient: expected numbers, got None: is a return missing?"),
        (3.0, "gradient: expected a dict with the keys W1, b1; got 3.0"),
        ({"W1": 1.0}, "gradient: expected a dict with the keys W1, b1; got the keys W1"),
        (
            {**RIGHT, "W1": np.ones((3, 2))},
            "gradient: expected shape (2, 3) for W1, got (3, 2): is it transposed?",
        ),
        ({**RIGHT, "b1": np.ones((1, 3))}, "gradient: expected shape (3,) for b1, got (1, 3)"),
        ({**RIGHT, "b1": 1.0}, "gradient: expected shape (3,) for b1, got ()"),
        (
            {**RIGHT, "b1": None},
            "gradient: expected numbers for b1, got None: is a return missing?",
        ),
        (
            {**RIGHT, "b1": [1.0, "2", 3.0]},
            "gradient: expected a number for entry 1 of b1, got the string '2'",
        ),
        (
            {**RIGHT, "b1": np.ones(3) * 1j},
            "gradient: expected a number for entry 0 of b1, got 1j",
        ),
    ],
)
def test_what_a_gradient_may_not_be(given, said):
    report = check_gradient(loss, lambda p: given, AT)
    assert (report.verdict, report.entries, report.wrong) == ("fail", [], [said])
    assert said in str(report)


def test_a_list_in_place_of_an_array_will_do():
    given = {"b1": [1, 1, 1], "W1": [[1, 1, 1], [1, 1, 1]]}
    assert check_gradient(loss, lambda p: given, AT).verdict == "pass"


def test_nan_is_told_with_its_index():
    W1 = np.ones((2, 3))
    W1[1, 2] = np.nan
    report = check_gradient(loss, lambda p: {**RIGHT, "W1": W1}, AT)
    assert [e.name for e in report.entries if e.verdict == "fail"] == ["W1[1, 2]"]
    assert "W1[1, 2]: the gradient is nan" in str(report)
    assert "W1: 1 of 6 are NaN or infinite" in report.wrong


def square(x):
    return x * x


class Series:
    """As that of pandas: it has no reshape."""

    shape, dtype = (2,), np.dtype(float)

    def tolist(self):
        return [1.0, 2.0]


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (
            lambda: check_gradient(square, square),
            TypeError,
            "expected the point to check at, got none: write check_gradient(f, gradient, at=2.0)",
        ),
        (
            lambda: check_gradient(square, at=1.0),
            TypeError,
            "expected a gradient: write check_gradient(f, gradient, at=2.0), or jacobian= or vjp= "
            "for an f of several outputs, or gradient=True if f returns (value, gradient)",
        ),
        (
            lambda: check_gradient(3.0, at=1.0),
            TypeError,
            "expected a function, or an object with forward and backward, got 3.0: write "
            "check_gradient(f, gradient, at=2.0)",
        ),
        (
            lambda: check_gradient(square, 2.0, 1.0),
            TypeError,
            "expected a function as gradient, which is called as gradient(at); got 2.0: write "
            "gradient=lambda x: ..., or its name without ()",
        ),
        (
            lambda: check_gradient(square, square, 1.0, vjp=square),
            TypeError,
            "expected one of gradient, jacobian and vjp, got gradient and vjp",
        ),
        (
            lambda: check_gradient(square, square, (1.0, 2.0)),
            TypeError,
            "expected f to take 2 arguments, got square(x): a tuple as at is several arguments, "
            "anything else is one",
        ),
        (
            lambda: check_gradient(square, lambda: 1.0, 2.0),
            TypeError,
            "expected gradient to take 1 argument, got f(): a tuple as at is several arguments, "
            "anything else is one",
        ),
        (
            lambda: check_gradient(lambda x: [x, x], square, 2.0),
            TypeError,
            "expected one number from f, got 2: write jacobian= or vjp= in place of gradient, or "
            "an f that returns their sum",
        ),
        (
            lambda: check_gradient(lambda x: None, square, 2.0),
            TypeError,
            "expected a number from f, got None: is a return missing?",
        ),
        (
            lambda: check_gradient(square, True, 2.0),
            TypeError,
            "expected f to return (value, gradient) for gradient=True, got 4.0",
        ),
        (
            lambda: check_gradient(square, square, "2"),
            TypeError,
            "expected a number for x, got the string '2': at holds the numbers to differentiate "
            "with respect to; leave the rest out of it, as in f=lambda w: loss(w, data)",
        ),
        (
            lambda: check_gradient(square, square, np.array([True])),
            TypeError,
            "expected numbers for x, got an array of shape (1,): derivatives are with respect to "
            "real numbers, so leave it out of at, as in f=lambda w: loss(w, data)",
        ),
        (
            lambda: check_gradient(square, square, Series()),
            TypeError,
            "expected numbers, lists or arrays for x, got a Series of shape (2,) and "
            "dtype float64: write numpy.asarray(...)",
        ),
        (
            lambda: check_gradient(square, square, [1.0, float("inf")]),
            ValueError,
            "expected finite numbers in at, got inf for x[1]",
        ),
        (lambda: check_gradient(square, square, []), ValueError, "expected numbers in at, got []"),
        (
            lambda: check_gradient(square, square, ()),
            TypeError,
            "expected numbers as at, got (): write at=2.0, say",
        ),
        (
            lambda: check_gradient(square, square, 1.0, method="fast"),
            ValueError,
            "method is one of auto, entries, directions; got 'fast'",
        ),
        (
            lambda: check_gradient(square, square, 1.0, noise=-1.0),
            ValueError,
            "expected noise from 0 on, got -1.0",
        ),
        (
            lambda: check_gradient(square, at=1.0, jacobian=square, hessian=square),
            TypeError,
            "expected a function as hessian, and the gradient, of which it is the derivative: "
            "write check_gradient(f, gradient, at, hessian=hessian)",
        ),
    ],
)
def test_invalid_arguments(call, error, said):
    with pytest.raises(error, match=f"^{re.escape(f'check_gradient: {said}')}$"):
        call()
