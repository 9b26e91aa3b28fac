"""Replayed graphs over small whole numbers: nothing is rounded, so every number is exact."""

import warnings

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from microbp import Value
from microbp.replay.program import record
from microbp.testing import expressions
from tests.helpers.replays import EXACT, Eager, Replayed, problems, tiled

COUNTS = [0, 1, 2, 3, 8, 9, 63, 64, 65, 200, 1025, 2100]


WHOLE = st.integers(-4, 4).map(float)


@pytest.mark.parametrize("count", COUNTS)
@settings(max_examples=25)
@given(data=st.data(), threads=st.sampled_from([1, 2, 3]))
def test_over_whole_numbers_all_is_equal(count, data, threads):
    graphs = expressions(
        ops=EXACT, max_nodes=14, numbers=WHOLE, inputs=data.draw(st.integers(1, 5))
    )
    f, is_input, rows = data.draw(problems(graphs, WHOLE))
    eager = [Eager(f, row, is_input) for row in rows]
    for each in eager:
        size = each.sizes()
        assume(max(size[node] * (1.0 + abs(node.data)) for node in size) < 2.0**36)
    replayed = Replayed(f, f.leaves, is_input)
    seen = tiled(eager, count)
    values, by_input, error, by_parameter = replayed.run(
        replayed.cases(tiled(rows, count)), threads=threads
    )
    assert values.tolist() == [each.y for each in seen]
    assert by_input.tolist() == [each.by_input for each in seen]
    assert error == sum(each.y for each in seen)
    sums = [sum(column) for column in zip(*(each.by_parameter for each in seen), strict=True)]
    assert by_parameter == (sums or [0.0] * len(replayed.parameters))


@given(problems(expressions(ops=EXACT, max_nodes=10, numbers=WHOLE), WHOLE), st.data())
def test_several_outputs_each_have_their_own_derivatives(problem, data):
    f, is_input, rows = problem
    leaves = [Value(x) for x in f.leaves]
    nodes = f.nodes(leaves)
    places = data.draw(st.lists(st.integers(0, len(nodes) - 1), min_size=1, max_size=4))
    replayed = Replayed(f, f.leaves, is_input)
    inputs = [leaf for leaf, of_case in zip(leaves, is_input, strict=True) if of_case]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        program = record([nodes[place] for place in places], inputs)
    cases = replayed.cases(rows)
    values, gradient = program.forward(cases), program.input_gradient(cases)
    assert values.shape == (len(rows), len(places))
    assert gradient.shape == (len(rows), len(places), len(inputs))
    for k, place in enumerate(places):
        alone = [Eager(lambda *xs, at=place: f.nodes(xs)[at], row, is_input) for row in rows]
        assume(all(sum(each.sizes().values()) < 2.0**36 for each in alone))
        assert values[:, k].tolist() == [each.y for each in alone]
        assert gradient[:, k].tolist() == [each.by_input for each in alone]
