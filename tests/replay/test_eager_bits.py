"""A replay has the eager engine's bits where no nodes are merged and no exponential is computed.

Of one case: outputs, and derivatives with respect to inputs and parameters. Of several: each case's
outputs, and its derivatives with respect to the inputs.
"""

import random
import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import engine
from microbp.core.ops import DomainError, table
from microbp.replay.program import record
from microbp.testing.expression import Expression
from tests.helpers.profiles import examples
from tests.helpers.replays import EXACT, bits, tiled
from tests.helpers.strategies import numbers

OPS = [table[name] for name in (*EXACT, "div", "sqrt")]
EVERYDAY = st.integers(-3, 3).map(float) | st.floats(-2.0, 2.0)


@st.composite
def graphs(draw):
    """Graphs of nodes of which no two are equal, made in any order; all lead to the last one."""
    leaves = tuple(draw(st.lists(EVERYDAY, min_size=1, max_size=5)))
    places = st.lists(st.integers(0, 99), min_size=5, max_size=5)
    known, nodes, unused = set(), len(leaves), set(range(len(leaves)))
    steps = []
    for op, at in draw(st.lists(st.tuples(st.sampled_from(OPS), places), max_size=25)):
        operands = tuple(place % nodes for place in at[: op.arity or 2 * (at[-1] % 2) + 3])
        if (op, operands) not in known:
            known.add((op, operands))
            steps.append((op, tuple(nodes - operand for operand in operands)))
            unused = unused.difference(operands) | {nodes}
            nodes += 1
    last = draw(st.permutations(sorted(unused | {nodes - 1, 0})))
    return Expression(leaves, (*steps, (table["total"], tuple(nodes - x for x in (*last, 0)))))


def eager(f, row, places):
    """The nodes at these places of one case's graph, and the derivatives of each."""
    values, slopes = [], []
    for place in places:
        leaves = [Value(x) for x in row]
        try:
            node = f.nodes(leaves)[place]
        except DomainError:
            return None
        node.backward()
        values.append(node.data)
        slopes.append([leaf.grad for leaf in leaves])
    return values, slopes


def all_bits(xs):
    return [bits(float(x)) for x in np.ravel(xs)]


def of_case(program, case):
    """What backward finds at a single case, E first, and what the other two do."""
    for p in program.parameters:
        p.grad = 0.0
    error = program.backward(case)
    return [
        all_bits([error, *(p.grad for p in program.parameters)]),
        all_bits(program.forward(case)),
        all_bits(program.input_gradient(case)),
    ]


def through_numpy(program, case):
    """The same through NumPy."""
    of, run = program._recording, program._executor.through_numpy
    out, by_input = np.empty((len(of.outputs), 1)), np.empty((len(of.outputs), of.inputs))
    gradient = np.empty(len(of.parameters))
    error = run(case, out, gradient=gradient, quiet=True)
    for target in range(len(of.outputs)):
        row = by_input[target : target + 1]
        run(case, out, by_input=row, target=target, quiet=True)
    return [all_bits([error, *gradient]), all_bits(out), all_bits(by_input)]


def with_each_kind(function):
    """Call it once with each kind of vectors that the machine has."""
    if engine.name == "python":
        function()
        return
    from microbp.replay.compiled import interpreter

    try:
        for kind in interpreter.VECTORS:
            interpreter.use_vectors(kind)
            function()
    finally:
        interpreter.use_vectors(interpreter.VECTORS[0])


@pytest.fixture(scope="module", autouse=True)
def quiet():
    """What is not finite, and inputs of no use, are told in warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@examples(200)
@given(st.data(), graphs(), st.sampled_from([2, 3, 9, 41, 70]))
def test_any_graph_of_exact_operations(data, f, count):
    is_input = data.draw(st.lists(st.booleans(), min_size=len(f.leaves), max_size=len(f.leaves)))
    number = EVERYDAY | numbers(infinite=True, nan=True)
    rows = [
        [data.draw(number) if moves else x for x, moves in zip(f.leaves, is_input, strict=True)]
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    nodes = len(f.leaves) + len(f.steps)
    places = [-1, *data.draw(st.lists(st.integers(0, nodes - 1), max_size=2))]
    found = [(row, eager(f, row, places)) for row in rows]
    rows, expected = [row for row, of in found if of], [of for _, of in found if of]
    assume(rows)

    def check():
        leaves = [Value(x) for x in f.leaves]
        try:
            made = f.nodes(leaves)
        except DomainError:  # at numbers of its own
            assume(False)
        split = list(zip(leaves, is_input, strict=True))
        inputs, others = ([x for x, moves in split if moves is wanted] for wanted in (True, False))
        program = record([made[place] for place in places], inputs, others)
        table = [[x for x, moves in zip(row, is_input, strict=True) if moves] for row in rows]
        cases = np.array(table, dtype=float).reshape(len(rows), len(inputs))
        each = []
        for i, (values, slopes) in enumerate(expected):
            by_input = [
                [x for x, moves in zip(of, is_input, strict=True) if moves] for of in slopes
            ]
            by_other = [x for x, moves in zip(slopes[0], is_input, strict=True) if not moves]
            want = [
                all_bits([0.0 + values[0], *by_other]),  # E, a sum, is never -0.0
                all_bits(values),
                all_bits(by_input),
            ]
            assert of_case(program, cases[i : i + 1]) == want
            assert through_numpy(program, cases[i : i + 1]) == want
            each.append(want)
        many = np.array(tiled(cases, count)).reshape(count, len(inputs))
        got = program.forward(many), program.input_gradient(many)
        for i, want in enumerate(tiled(each, count)):
            assert [all_bits(found[i]) for found in got] == want[1:]

    with_each_kind(check)


def test_a_net_of_scalars_with_a_penalty():
    """The order shows in which uses are added: in each of several steps, and below no input."""
    rng = random.Random(4)
    numbers = [rng.uniform(-1.0, 1.0) for _ in range(12)]

    def made(w, x, h):
        penalty = sum(a * a for a in w) * 0.01
        for step in x:
            before = h
            h = [
                microbp.dot(w[:3], before, step * w[9]).relu() + w[10],
                sum((a * b for a, b in zip(before, w[3:6], strict=True)), w[10] * step),
                before[0] * w[6] + abs(before[1] * w[7] - w[8]) * step,
            ]
        return sum(h) + penalty * w[11] - (w[0] + w[4]) * w[8]

    leaves = [Value(x) for x in numbers]
    xs, hs = ([Value(rng.uniform(0.0, 1.0)) for _ in range(n)] for n in (5, 3))
    y = made(leaves, xs, hs)
    y.backward()
    assert len({bits(x.grad) for x in leaves}) == len(leaves)
    expected = [bits(x.grad) for x in leaves]

    def check():
        program = record(y, [*xs, *hs], leaves)
        found = of_case(program, np.array([[x.data for x in (*xs, *hs)]]))
        assert found[0] == [bits(y.data), *expected]

    with_each_kind(check)


def test_a_dot_passes_on_to_its_weights_first():
    """Here w is among both, and the replay swaps them, as no activity is an input."""
    for seed in range(20):
        rng = random.Random(seed)
        x, w, v = (Value(rng.uniform(-1.0, 1.0)) for _ in range(3))
        y = microbp.dot([x, w], [w, v], 0.5) * 0.3 + w * 0.7
        y.backward()
        expected = [bits(z.grad) for z in (w, v)]
        program = record(y, [x], [w, v])

        def check(program=program, x=x, y=y, expected=expected):
            found = of_case(program, np.array([[x.data]]))[0]
            assert found == [bits(y.data), *expected]

        with_each_kind(check)


def test_of_equal_nodes_one_is_kept_and_their_uses_are_added_first():
    x, w = Value(0.7), [Value(0.1 * i + 0.3) for i in range(4)]
    h = [x * w[0], x * w[0], x * w[0]]
    y = h[0] * w[1] + h[1] * w[2] + h[2] * w[3]
    y.backward()
    eager_grad, w[0].grad = w[0].grad, 0.0
    program = record(y, [x], w)
    assert program.backward([[x.data]]) == y.data
    assert len(program._recording.code) == 6
    assert w[0].grad == pytest.approx(eager_grad, rel=1e-15)
