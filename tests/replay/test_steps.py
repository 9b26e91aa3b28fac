"""Sums, differences and products run step by step, and adjoints that are alike share a row."""

import random

import numpy as np
import pytest

from microbp import Value
from microbp.core import engine
from microbp.replay.program import record
from tests.helpers.replays import bits
from tests.replay.test_eager_bits import all_bits, with_each_kind

pytestmark = pytest.mark.skipif(engine.name != "compiled", reason="steps are of that engine")


def hold_to_eager(f, table, count):
    """f's value and its derivatives, at so many cases, have the bits of each case by itself."""
    want = []
    for row in table:
        leaves = [Value(x) for x in row]
        y = f(leaves)
        y.backward()
        want.append([bits(y.data), *(bits(leaf.grad) for leaf in leaves)])
    leaves = [Value(0.5) for _ in table[0]]
    program = record(f(leaves), leaves)
    cases = np.resize(np.array(table), (count, len(leaves)))
    slopes = program.input_gradient(cases)
    for i, (y, row) in enumerate(zip(program.forward(cases), slopes, strict=True)):
        assert [*all_bits(y), *all_bits(row)] == want[i % len(table)]


def test_an_adjoint_that_is_passed_on_is_not_changed_where_it_came_from():
    def f(leaves):
        x, z = leaves
        u, v = x * z, -z
        t = u * x
        return (u + v) + t + (u - u) + (v + v)  # of u and v the adjoints begin as that of a sum

    with_each_kind(lambda: hold_to_eager(f, [[0.3, -0.7], [-0.0, 2.0]], 70))


def some_graph(rng):
    """Steps and here and there an instruction, but no equal nodes, which a recording merges."""
    kinds, last, choice, known = (
        rng.choice(["+*", "+-*n", "+-*nrt"]),
        rng.choice([4, 1_000]),
        [],
        set(),
    )
    for _ in range(rng.choice([20, 150])):
        nodes, kind = 4 + len(choice), rng.choice(kinds)
        a, b, c = (rng.randrange(max(0, nodes - last), nodes) for _ in range(3))
        node = ("*" if kind == "t" else kind, *([a] if kind in "nr" else sorted([a, b])))
        if node not in known:
            known.add(node)
            choice.append((kind, a, b, c))

    def f(leaves):
        made = {
            "+": lambda a, b, c: a + b,
            "-": lambda a, b, c: a - b,
            "*": lambda a, b, c: a * b * 0.5,
            "n": lambda a, b, c: -a,
            "r": lambda a, b, c: a.relu(),
            "t": lambda a, b, c: a * b + c,
        }
        nodes = list(leaves)
        for kind, *places in choice:
            nodes.append(made[kind](*(nodes[place] for place in places)))
        return (nodes[-1] + nodes[-2]) - nodes[-3] * 0.25

    return f


@pytest.mark.filterwarnings("ignore:record", "ignore:replay")
@pytest.mark.parametrize("graphs", [30, pytest.param(1_000, marks=pytest.mark.thorough)])
def test_any_order_of_steps_and_instructions_has_eager_bits(graphs):
    for seed in range(graphs):
        rng = random.Random(seed)
        f = some_graph(rng)
        table = [[rng.choice([rng.gauss(0, 1), -0.0, 1.0]) for _ in range(4)] for _ in range(3)]
        hold_to_eager(f, table, rng.choice([3, 9, 41, 70]))
