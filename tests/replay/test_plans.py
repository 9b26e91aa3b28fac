"""Few cases are computed by plans, dots found again among scalars, with the bits of rows.

A single case's sums over the uses of a parameter are the eager engine's: see test_eager_bits.py.
"""

import math
import random
import threading
from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import engine
from microbp.replay.program import record
from microbp.testing import expressions
from tests.helpers.profiles import examples
from tests.helpers.replays import problems

pytestmark = pytest.mark.skipif(engine.name != "compiled", reason="plans are of that engine")

SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 5e-324, 1e308, -1e308]


def bits(numbers):
    """Their own bits; one NaN is as good as another."""
    found = np.array(numbers, dtype=float).ravel()
    return np.where(np.isnan(found), np.nan, found).view(np.int64).tolist()


def results(recording, cases, *, of_inputs, target=0, plans, times=1):
    """Whether all is finite, and what comes out, forward and backward and then forward alone."""
    from microbp.replay.compiled import interpreter

    interpreter.use_plans(plans)
    try:
        kernel = interpreter.Kernel(recording, of_inputs, target)
        weights = array("d", [p.data for p in recording.parameters])
        block = interpreter.Cases(cases, 1)
        for _ in range(times):
            out = np.full((len(recording.outputs), len(cases)), 7.0)
            alone, gradient = np.full_like(out, 7.0), np.full(len(weights), 7.0)
            by_input = np.full(cases.shape, 7.0)
            derivatives = (None, by_input) if of_inputs else (gradient, None)
            error, well = kernel.replay(block, weights, out, *derivatives)
            kernel.replay(block, weights, alone)
    finally:
        interpreter.use_plans(True)
    found = [out, alone, error, by_input, *([gradient] if len(cases) > 1 else [])]
    return well, [bits(x) for x in found]


def hold_to_rows(recording, cases):
    """How many results are well, of which plans and rows have the same bits."""
    fine = 0
    for of_inputs in (False, True):
        for target in range(len(recording.outputs)):
            how = {"of_inputs": of_inputs, "target": target}
            rows = results(recording, cases, plans=False, **how)
            plans = results(recording, cases, plans=True, times=2, **how)
            if rows[0]:  # else the interpreter in NumPy runs instead
                assert plans == rows, how
                fine += 1
    return fine


def random_program(rng, size, special):
    """A graph of chosen kinds of operations, some of its leaves as inputs."""

    def number():
        if rng.random() < special:
            return rng.choice(SPECIAL)
        return rng.choice([rng.gauss(0.0, 1.0), float(rng.randint(-3, 3)), rng.uniform(0.3, 0.9)])

    def pick():
        return rng.choice(nodes[-recent:] if rng.random() < 0.6 else nodes)

    def several(fewest=0):
        return [pick() for _ in range(rng.randint(fewest, 6))]

    def products():
        return [pick() * pick() for _ in range(rng.randint(1, 8))]

    def dot():
        weights = several()
        return microbp.dot(weights, [pick() for _ in weights], pick())

    sums = [
        lambda: pick() + pick(), lambda: pick() * pick(), lambda: pick() - pick(), lambda: -pick(),
        lambda: pick() * pick() + pick() * pick(), lambda: sum(products(), pick()),
    ]  # fmt: skip
    others = {
        "sums": sums,
        "dots": [
            dot, lambda: microbp.total(several()), lambda: microbp.logsumexp(several(1)),
            lambda: pick().relu(), lambda: microbp.sigmoid(pick()),
        ],
        "kinks": [
            lambda: pick().relu(), lambda: abs(pick()), lambda: microbp.maximum(pick(), pick()),
            lambda: microbp.minimum(pick(), pick()),
            lambda: microbp.where_positive(pick(), pick(), pick()),
        ],
        "all": [
            lambda: pick().exp(), lambda: pick().tanh(), lambda: pick() / pick(),
            lambda: microbp.sqrt(pick() * pick() + 1.0), lambda: microbp.log(abs(pick()) + 0.5),
            lambda: pick() ** 2, lambda: (abs(pick()) + 1.0) ** -0.5,
            lambda: microbp.digamma(abs(pick()) + 1.0),
            lambda: microbp.lgamma(abs(pick()) + 1.0), lambda: microbp.sigmoid(pick()), dot,
        ],
    }[rng.choice(["sums", "dots", "kinks", "all"])]  # fmt: skip
    leaves = [Value(number()) for _ in range(rng.randint(1, max(2, size // 3)))]
    nodes, recent = list(leaves), rng.choice([3, 10, 10**9])
    for _ in range(size):
        try:
            y = rng.choice(rng.choice([sums, others]))()
        except (ArithmeticError, ValueError):  # it has no value there
            continue
        if type(y) is Value:  # and no number, as the sum of nothing
            nodes.append(y)
    last = nodes[-rng.randint(1, len(nodes)) :]
    squares = [x * x for x in last]
    first = rng.choice([nodes[-1], sum(squares), microbp.total(last)])
    outputs = [first, *rng.sample(nodes, rng.choice([0, 0, min(2, len(nodes))]))]
    inputs = [x for x in leaves if rng.random() < 0.4] if rng.random() < 0.7 else []
    parameters = None
    if rng.random() < 0.5:
        parameters = [x for x in leaves if x not in set(inputs) and rng.random() < 0.8]
        rng.shuffle(parameters)
    cases = [[number() for _ in inputs] for _ in range(rng.choice([1, 1, 2, 9]))]
    return record(outputs, inputs, parameters), np.array(cases).reshape(len(cases), len(inputs))


@pytest.mark.filterwarnings("ignore:record")
@pytest.mark.parametrize(
    ("programs", "size"),
    [
        (150, 12),
        (60, 60),
        pytest.param(4000, 12, marks=pytest.mark.thorough),
        pytest.param(3000, 60, marks=pytest.mark.thorough),
        pytest.param(100, 1000, marks=pytest.mark.thorough),
    ],
)
def test_random_programs_have_the_same_bits(programs, size):
    fine = 0
    for seed in range(programs):
        rng = random.Random(seed)
        program, cases = random_program(rng, size, rng.choice([0.0, 0.0, 0.05, 0.3]))
        fine += hold_to_rows(program._recording, cases)
    assert fine > programs // 2  # else nothing was compared


@pytest.mark.parametrize("count", [1, 2, 3])
def test_an_output_that_is_an_input_used_by_nothing_else(count):
    x, unused = Value(1.0), Value(2.0)
    recording = record([-x, unused], [x, unused])._recording
    assert hold_to_rows(recording, np.array([[1.0, 2.0]] * count)) == 4


@pytest.mark.filterwarnings("ignore:record")
@examples(150)
@given(
    problems(expressions(max_nodes=15), st.one_of(st.floats(-2.0, 2.0), st.sampled_from(SPECIAL))),
    st.sampled_from([1, 2, 3]),
)
def test_any_expression_has_the_same_bits(problem, count):
    f, is_input, rows = problem
    leaves = [Value(x) for x in f.leaves]
    inputs = [x for x, of_case in zip(leaves, is_input, strict=True) if of_case]
    y = f(*leaves)
    if type(y) is Value:
        table = [[x for x, of_case in zip(row, is_input, strict=True) if of_case] for row in rows]
        cases = np.array((table * 3)[:count]).reshape(count, len(inputs))
        hold_to_rows(record([y, y * 2.0 - leaves[0]], inputs)._recording, cases)


@pytest.mark.filterwarnings("ignore:record")
@pytest.mark.filterwarnings("ignore:replay")
def test_values_get_what_arrays_get():
    """`backward` of one case goes from the Values to their gradients without arrays in between."""
    from microbp.replay.compiled import interpreter

    fine = 0
    for seed in range(150):
        rng = random.Random(seed)
        program, cases = random_program(rng, 20, rng.choice([0.0, 0.05]))
        recording, leaves = program._recording, program.parameters
        for p in leaves:
            p.grad = 3.0
        error = program._executor.compiled_backward(cases[:1], 1)
        out, gradient = np.empty((len(recording.outputs), 1)), np.empty(len(leaves))
        block = interpreter.Cases(cases[:1], 1)
        total, well = interpreter.Kernel(recording, False).replay(
            block, array("d", [p.data for p in leaves]), out, gradient
        )
        assert (error is not None) == well
        if well:
            assert bits([error]) == bits([total])
            assert bits([p.grad for p in leaves]) == bits(3.0 + gradient)
            fine += 1
        else:
            assert [p.grad for p in leaves] == [3.0] * len(leaves)
    assert fine > 50


@pytest.mark.parametrize("which", ["input", "parameter", "constant"])
def test_a_leaf_alone(which):
    x = Value(2.0)
    program = record(
        x, [x] if which == "input" else [], [x] if which == "parameter" else [Value(1.0)]
    )
    case = np.array([[5.0]] if which == "input" else [[]])
    assert program.backward(case) == (5.0 if which == "input" else 2.0)
    assert x.grad == (1.0 if which == "parameter" else 0.0)


def linear(matrix, x):
    return [sum((w * a for w, a in zip(row, x, strict=True)), Value(0.0)) for row in matrix]


def test_a_net_of_scalars():
    rng = random.Random(5)
    x = [Value(rng.uniform(-1.0, 1.0)) for _ in range(7)]
    inputs = x
    for wide in (9, 33, 5, 1):  # lanes that fill vectors, and that don't
        matrix = [[Value(rng.uniform(-1.0, 1.0)) for _ in x] for _ in range(wide)]
        x = [a.relu() if wide > 10 else a.tanh() for a in linear(matrix, x)]
    for chosen in (inputs, []):
        program = record(x[0] * x[0], chosen)
        cases = np.array([[a.data for a in chosen] for _ in range(2)]).reshape(2, len(chosen))
        assert hold_to_rows(program._recording, cases) == 2


def test_one_matrix_times_several_vectors():
    """Runs that are repeated, of lanes that fill vectors, and that don't."""
    rng = random.Random(6)
    for wide, count in [(4, 9), (5, 6), (8, 4), (12, 3), (16, 9), (19, 5), (32, 3), (33, 2)]:
        vectors = [[Value(rng.uniform(-1.0, 1.0)) for _ in range(5)] for _ in range(count)]
        matrix = [[Value(rng.uniform(-1.0, 1.0)) for _ in range(5)] for _ in range(wide)]
        y = sum(a.relu() * a for x in vectors for a in linear(matrix, x))
        y.backward()
        inputs, weights = [a for x in vectors for a in x], [w for row in matrix for w in row]
        expected = bits([leaf.grad for leaf in (*inputs, *weights)])
        case = np.array([[a.data for a in inputs]])
        assert hold_to_rows(record(y, inputs, weights)._recording, case) == 2
        for leaf in (*inputs, *weights):
            leaf.grad = 0.0
        assert record(y, [], [*inputs, *weights]).backward(case[:, :0]) == y.data
        assert bits([leaf.grad for leaf in (*inputs, *weights)]) == expected


@pytest.mark.parametrize("wide", [4, 5, 9, 13, 16])
def test_what_only_outputs_need_is_computed_beside_the_way_back(wide):
    rng = random.Random(wide)
    inputs = x = [Value(rng.uniform(-1.0, 1.0)) for _ in range(7)]
    weights = []
    for units in (9, 12):
        matrix = [[Value(rng.uniform(-1.0, 1.0)) for _ in x] for _ in range(units)]
        weights += [w for row in matrix for w in row]
        x = [a.relu() for a in linear(matrix, x)]
    decay = sum((w * w for w in weights), Value(0.0))  # 171 terms, which the way back does without
    y = sum((a * a for a in x), Value(0.0)) + 1e-2 * decay
    others = linear([[Value(rng.uniform(-1.0, 1.0)) for _ in x] for _ in range(wide)], x)
    zero = Value(-0.0)
    others.append(Value(0.5) * zero + Value(0.25) * zero)  # -0.0, as forward sums begin at that
    program = record([y, *others], inputs, weights)
    case = np.array([[a.data for a in inputs]])
    assert hold_to_rows(program._recording, case) == 2 * (2 + wide)
    y.backward()
    expected = bits([w.grad for w in weights])
    for w in weights:
        w.grad = 0.0
    record(y, inputs, weights).backward(case)
    assert bits([w.grad for w in weights]) == expected


@pytest.mark.parametrize("grown", [lambda y, w: y * w, lambda y, w: y + w, lambda y, w: -y - w])
def test_a_chain_of_any_length(grown):
    x, w = Value(1.0), Value(1.0 - 1e-5)
    y = x
    for _ in range(100_000):
        y = grown(y, w)
    program = record(y, [x], [w])
    assert hold_to_rows(program._recording, np.array([[0.5]])) == 2


def test_an_output_that_is_an_input_and_nothing_else():
    x, w = Value(2.0), Value(3.0)
    y = w * w.exp()
    program = record([y, x, w], [x, w])
    assert hold_to_rows(program._recording, np.array([[2.0, 3.0]])) == 6
    assert program.input_gradient([[2.0, 3.0]])[0, 1:].tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_one_program_in_several_threads():
    rng = random.Random(6)
    x = [Value(rng.uniform(-1.0, 1.0)) for _ in range(8)]
    inputs = x
    for _ in range(3):
        x = [a.tanh() for a in linear([[Value(rng.uniform(-1.0, 1.0)) for _ in x] for _ in x], x)]
    program = record(sum(x), inputs)
    cases = [np.array([[rng.uniform(-1.0, 1.0) for _ in inputs]]) for _ in range(8)]
    expected = [program.input_gradient(case).tobytes() for case in cases]
    wrong = []

    def work(case, gradient):
        found = [program.input_gradient(case).tobytes() for _ in range(200)]
        wrong.extend(x for x in found if x != gradient)

    crew = [threading.Thread(target=work, args=each) for each in zip(cases, expected, strict=True)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("count", [1, 2])
def test_where_there_is_no_memory_for_a_plan(count):
    testcapi = pytest.importorskip("_testcapi")
    from microbp.replay.compiled import interpreter

    rng = random.Random(7)
    x = [Value(rng.uniform(-1.0, 1.0)) for _ in range(6)]
    leaves = x
    for _ in range(2):
        x = [a.relu() for a in linear([[Value(rng.uniform(0.0, 1.0)) for _ in x] for _ in x], x)]
    recording = record(sum(x) * Value(2.0).exp() / Value(3.0), leaves)._recording
    cases, out = np.full((count, 6), 0.5), np.zeros((1, count))
    weights = array("d", [p.data for p in recording.parameters])
    gradient = np.zeros(len(weights))
    block = interpreter.Cases(cases, 1)
    interpreter.Kernel(recording, False).replay(block, weights, out, gradient)
    expected, failed = (bits(out), bits(gradient)), 0
    for start in range(60):
        kernel = interpreter.Kernel(recording, False)
        testcapi.set_nomemory(start, start + 1)
        try:
            kernel.replay(block, weights, out, gradient)
        except MemoryError:
            failed += 1
        finally:
            testcapi.remove_mem_hooks()
        _, well = kernel.replay(block, weights, out, gradient)
        assert well
        assert (bits(out), bits(gradient)) == expected
    assert failed > 20
