"""What users may write by mistake, and what microbp answers: the exact words, on both engines."""

import pytest

import microbp
from microbp import Value, datasets, dot, draw, gradcheck, record, sin
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest


def x(data=1.0):
    return Value(data, "x")


def program():
    inputs = x()
    return record(inputs + 1, inputs=[inputs])


WRONG = [
    # Sums and operations
    ("logsumexp([])", lambda: microbp.logsumexp([]), ValueError,
     "logsumexp: expected at least one value, got none"),
    ("dot([1], [1, 2])", lambda: dot([1], [1, 2]), ValueError, "dot: 1 weights but 2 activities"),
    ("sin('1')", lambda: sin("1"), TypeError, "sin: expected a real number or a Value, got '1'"),
    # Pictures and pages
    ("draw()", lambda: draw(), TypeError, "draw: expected one or more Values, got none"),
    # Replay
    ("forward(3)", lambda: program().forward(3), TypeError,
     "cases: expected rows of numbers, got 3"),
    # Nets and training
    # Derivatives and checks
    ("gradcheck(sin)", lambda: gradcheck(sin), ValueError,
     "gradcheck: expected arguments or parameters, got none"),
    # Data sets
    ("moons(-1)", lambda: datasets.moons(-1), ValueError,
     "moons: expected n_samples of at least 2, got -1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "kind", "text"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_wrong_call_is_told_what_to_write(call, kind, text):
    with pytest.raises(Exception) as error:  # noqa: PT011  # the kind is checked below
        call()
    assert type(error.value) is kind
    assert str(error.value) == text
