"""Replay of operations that IEEE 754 rounds correctly gives the eager engine's own bits."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value
from microbp.core.ops import DomainError, table
from microbp.replay.program import record
from microbp.testing import expressions
from tests.helpers.profiles import examples
from tests.helpers.replays import EXACT, Eager, Replayed, bits, problems, table_call, tiled
from tests.helpers.strategies import numbers


def all_bits(xs):
    return [bits(x) for x in np.asarray(xs).ravel().tolist()]


ROUNDED = [*EXACT, "div", "sqrt"]


def same_fate(replayed, eager, cases):
    """DomainError from replay just where some case has no value when built; whether none had."""
    failed = [each for each in eager if each.error is not None]
    if not failed:
        return True
    assert all(isinstance(each.error, DomainError) for each in failed)
    for run in (
        replayed.program.forward,
        replayed.program.input_gradient,
        replayed.program.backward,
    ):
        with pytest.raises(DomainError, match=r": .* (is|are) defined for|: the|: log"):
            run(cases)
    assert all(p.grad == 0.0 for p in replayed.parameters)
    return False


@examples(300)
@given(
    problems(expressions(ops=ROUNDED, max_nodes=8), numbers(infinite=True, nan=True)),
    st.sampled_from([1, 3, 8, 70]),
)
def test_rounded_operations_give_the_same_bits(problem, times):
    f, is_input, rows = problem
    eager = [Eager(f, row, is_input) for row in rows]
    replayed = Replayed(f, f.leaves, is_input)
    cases = replayed.cases(tiled(rows, times * len(rows)))
    if same_fate(replayed, eager, cases):
        values, by_input, _, _ = replayed.run(cases)
        assert all_bits(values) == [bits(each.y) for each in eager] * times
        expected = [each.by_input for each in eager] * times
        for got, want in zip(by_input.ravel(), itertools.chain(*expected), strict=True):
            assert near(got, want, 1e-12, 1e-300) or near_over_paths(got, want, eager)


@pytest.mark.parametrize(
    "name", ["maximum", "minimum", "add", "mul", "dot", "total", "relu", "abs"]
)
@pytest.mark.parametrize("count", [1, 2, 9, 64])
def test_zeros_keep_their_signs(name, count):
    for row in itertools.product([0.0, -0.0], repeat=table[name].arity or 3):
        leaves = [Value(x) for x in row]
        program = record(table_call(name, *leaves), leaves)
        eager = table_call(name, *leaves).data
        assert all_bits(program.forward([row] * count)) == [bits(eager)] * count


def near(got, want, rel, tiny):
    """Equal, both NaN, or apart by rounding."""
    if math.isnan(want) or math.isinf(want):
        return bits(got) == bits(want)
    return abs(got - want) <= rel * abs(want) + tiny


def near_over_paths(got, want, eager):
    """Apart by rounding of what canceled, or, where that overflows, not to be told."""
    sizes = [size for each in eager for size in each.sizes().values()]
    largest = max((size for size in sizes if not math.isnan(size)), default=0.0)
    return largest > 1e290 or abs(got - want) <= 1e-12 * largest
