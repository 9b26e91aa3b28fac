"""Each operation by itself, replayed: right to a few ulps, with the domain of the eager engine."""

from operator import attrgetter

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from microbp import Value
from microbp.core.ops import DomainError
from microbp.replay.program import record
from microbp.testing.expression import called
from tests.helpers.profiles import examples
from tests.helpers.replays import Eager, Replayed, close
from tests.helpers.strategies import OPS, operands_of, operands_outside


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@examples(60)
@given(data=st.data())
def test_an_operation_is_as_in_the_eager_engine_at_the_far_ends(op, data):
    rows = [
        data.draw(st.one_of(operands_of(op, infinite=True, nan=True), operands_of(op, smooth=True)))
        for _ in range(2)
    ]
    rows[1] = (rows[1] * len(rows[0]))[: len(rows[0])]  # where there may be any number
    is_input = [True] * len(rows[0])
    is_input[-1] = len(rows[0]) == 1 or data.draw(st.booleans())
    if not is_input[-1]:
        rows[1] = (*rows[1][:-1], rows[0][-1])
    assume(op.domain is None or all(op.domain.holds(*row) for row in rows))
    f = lambda *xs: called(op, *xs)  # noqa: E731
    replayed = Replayed(f, rows[0], is_input)
    eager = [Eager(f, row, is_input) for row in rows]
    values, by_input, _, _ = replayed.run(replayed.cases(rows))
    for y, slopes, each, xs in zip(values, by_input, eager, rows, strict=True):
        assert close(op.name, y, each.y, xs)
        for got, want in zip(slopes, each.by_input, strict=True):
            assert close("", got, want, xs), (op, xs)


@pytest.mark.parametrize("op", [op for op in OPS if op.domain], ids=attrgetter("name"))
@given(data=st.data(), place=st.integers(0, 70))
def test_outside_a_domain_the_error_names_operands_and_case(op, data, place):
    bad = data.draw(operands_outside(op))
    good = data.draw(operands_of(op, smooth=True))
    assume(len(bad) == len(good))
    leaves = [Value(x, f"x{i}") for i, x in enumerate(good)]
    w = Value(2.0, "w")
    program = record(w * called(op, *leaves), leaves)
    cases = [good] * place + [bad] + [good] * 3
    shown = ", ".join(f"x{i} = {x!r}" for i, x in enumerate(bad))
    message = f"{op.name}({shown}), in case {place}: {op.domain.sentence}"
    for run in (program.forward, program.input_gradient, program.backward):
        with pytest.raises(DomainError) as error:
            run(cases)
        assert str(error.value) == message
    assert (w.grad, [leaf.grad for leaf in leaves]) == (0.0, [0.0] * len(leaves))


def test_no_value_in_any_case_because_of_a_parameter():
    x, w = Value(1.0, "x"), Value(1.0, "w")
    program = record(w.log() * x, [x])
    w.data = -1.0
    for cases in ([[1.0]], np.empty((0, 1))):
        with pytest.raises(DomainError, match=r"^log\(w = -1.0\): the logarithm"):
            program.backward(cases)
    assert (x.grad, w.grad) == (0.0, 0.0)
