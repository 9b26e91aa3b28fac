"""Junk as an argument of any function: an error that names the function, or its argument."""

import math
import warnings

import pytest

import microbp
from microbp import Value, dot, draw, explore, grad, losses, record, sin, study, total, training
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest


def x(data=1.0):
    return Value(data, "x")


def program():
    inputs = x()
    return record(inputs + 1, inputs=[inputs])


JUNK = [None, "ab", [], [None], {"a": 1}, object(), math.nan, -1, 10**400, 1j, True, b"a"]
FUNCTIONS = {
    "total": total,
    "logsumexp": microbp.logsumexp,
    "dot": lambda junk: dot(junk, [1.0]),
    "sin": sin,
    "maximum": lambda junk: microbp.maximum(x(), junk),
    "Value": Value,
    "draw": draw,
    "explore": explore,
    "record": lambda junk: record(x() + 1, junk),
    "cases": lambda junk: program().forward(junk),
    "threads": lambda junk: program().forward([[1.0]], threads=junk),
    "save": lambda junk: program().save(junk),
    "study": study,
    "hinge": lambda junk: losses.hinge([x()], junk),
    "grad": grad,
    "evaluate": lambda junk: training.evaluate(junk, []),
}


def what_is_said(call, junk):
    """The text of the error for this argument; "" where it is accepted."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            call(junk)
    except (TypeError, ValueError) as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_error_about_junk_names_the_function(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = [what_is_said(FUNCTIONS[name], junk) for junk in JUNK]
    assert [text for text in texts if text and name not in text] == []
    assert sum(map(bool, texts)) >= 3
