"""Replayed graphs over every operation agree with eager ones, to rounding."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from microbp.testing import expressions
from tests.helpers.profiles import examples
from tests.helpers.replays import EPS, Eager, Replayed, tiled


@examples(200)
@given(
    st.data(),
    expressions(smooth=True),
    st.sampled_from([1, 2, 9, 65, 200]),
)
def test_over_every_operation_graphs_agree_to_rounding(data, f, count):
    """To first order, a node's rounding moves the result by its own adjoint.

    These graphs are steady: no operand moves a result by more than 8 times its own way. Each node
    brings 16 ulps of its own; a derivative is moved through second derivatives too, which are
    bounded only by how the graphs were drawn, and gets 1e-9 of the sum over all paths.
    """
    is_input = data.draw(st.lists(st.booleans(), min_size=len(f.leaves), max_size=len(f.leaves)))
    shift = st.floats(-0.04, 0.04)
    rows = [list(f.leaves)] + [
        [
            x + data.draw(shift) if of_case else x
            for x, of_case in zip(f.leaves, is_input, strict=True)
        ]
        for _ in range(2)
    ]
    eager = [Eager(f, row, is_input) for row in rows]
    assume(all(each.error is None for each in eager))
    replayed = Replayed(f, f.leaves, is_input)
    seen = tiled(eager, count)
    values, by_input, error, by_parameter = replayed.run(replayed.cases(tiled(rows, count)))
    bounds = []
    for each, y, slopes in zip(seen, values, by_input, strict=True):
        size = each.sizes()
        moved = sum(size[node] * abs(node.data) for node in size)
        assert abs(y - each.y) <= 16 * EPS * moved + 1e-300
        bounds.append(1e-9 * (1e-6 + sum(size.values())))
        for got, want in zip(slopes, each.by_input, strict=True):
            assert abs(got - want) <= bounds[-1]
    assert error == pytest.approx(math.fsum(each.y for each in seen), rel=1e-9, abs=sum(bounds))
    for i, got in enumerate(by_parameter):
        want = math.fsum(each.by_parameter[i] for each in seen)
        assert abs(got - want) <= sum(bounds)
