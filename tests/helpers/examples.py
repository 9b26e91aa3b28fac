"""Run Hypothesis by hand: the examples that it draws, and the report that it gives."""

import contextlib
import io

import pytest
from hypothesis import Phase, given, settings

from microbp.core import ops
from microbp.testing.expression import Expression

BOTH = Expression((0.5, 3.0), ((ops.MUL, (1, 2)), (ops.TANH, (1,))))
repeatable = settings(derandomize=True, database=None, deadline=None)


def drawn(strategy, examples=200):
    """Some examples of a strategy, the same in every run."""
    found = []

    @settings(repeatable, max_examples=examples, phases=[Phase.generate])
    @given(strategy)
    def collect(example):
        found.append(example)

    collect()
    return found


def reported(test, capsys):
    """The error of a Hypothesis test that fails, and what Hypothesis reports with it."""
    with pytest.raises(AssertionError) as error:
        test()
    notes = getattr(error.value, "__notes__", [])  # Python 3.10 has none, and prints
    return str(error.value), "\n".join([capsys.readouterr().out, *notes])


def printed(program):
    """What a program prints, on its own."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(program, {})
    return out.getvalue()
