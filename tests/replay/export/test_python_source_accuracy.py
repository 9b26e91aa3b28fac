"""The text of a program computes what the program does, at far ends too."""

import math
import warnings
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import floats, ops
from microbp.replay.export import python_source
from microbp.replay.export.python_templates import TEMPLATES
from microbp.replay.numpy_interpreter import NumpyReplay
from microbp.replay.program import record
from tests.helpers.python_source import module
from tests.helpers.recorded import programs
from tests.helpers.strategies import operands_of


@pytest.fixture(autouse=True)
def quiet():
    """NumPy's warnings of what is not finite are not the matter here."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def expected(program, cases, target):
    """Each node's derivative, by the formulas over NumPy's arrays; None where not finite."""
    of = program._recording
    replay = NumpyReplay(of, cases, [p.data for p in program.parameters])
    leaves = of.inputs + len(of.parameters)
    values = [replay.column(output) for output in of.outputs]
    adjoints = replay.adjoints(of.outputs[target])
    finite = all(np.isfinite(x).all() for x in [*map(replay.column, range(leaves)), *values])
    finite = finite and all(np.isfinite(x).all() for x in adjoints)
    return values, adjoints[:leaves], finite


@given(programs(smooth=True), st.data())
def test_the_text_finds_what_the_program_does(drawn, data):
    program, cases = drawn
    own = cases[:1]  # where no partial is steep
    target = data.draw(st.integers(0, len(program._recording.outputs) - 1))
    world = module(program.source())
    found_values = program.forward(own)[0]
    by_input = program.input_gradient(own)[0]
    for p in program.parameters:
        p.grad = 0.0
    program.backward(own)
    seeds = {}
    if program._several:
        seeds["seeds"] = [float(i == target) for i in range(len(program._recording.outputs))]
        by_input = by_input[target]
    for at in own[0].tolist(), [np.array([x, x]) for x in own[0]]:
        values, found = world["backward"](*at, **seeds)
        again = world["forward"](*at)
        values, again = (values, again) if program._several else ([values], [again])
        assert [np.ravel(y).tolist() for y in again] == [np.ravel(y).tolist() for y in values]
        values = [float(np.ravel(y)[-1]) for y in values]
        assert values == pytest.approx(np.ravel(found_values), rel=1e-9, abs=1e-12)
        derivatives = [float(np.ravel(x)[-1]) for x in found.values()]
        assert derivatives[: len(by_input)] == pytest.approx(by_input, rel=1e-9, abs=1e-9)
        if target == 0:
            by_parameter = [p.grad for p in program.parameters]
            assert derivatives[len(by_input) :] == pytest.approx(by_parameter, rel=1e-9, abs=1e-9)


@given(programs())
def test_the_text_is_as_good_as_replay_at_far_ends(drawn):
    program, cases = drawn
    cases = cases[:1]
    values, adjoints, finite = expected(program, cases, 0)
    assume(finite)
    assume(partials_finite(program, cases))
    world = module(program.source())
    found_values, found = world["backward"](*cases.T)
    found_values = found_values if program._several else [found_values]
    for number, (got, exact) in enumerate(zip(found_values, values, strict=True)):
        rounding = 1e-300 + 8.0 * 2.0**-53 * rounded_away(program, cases, number)
        assert np.ravel(got) == pytest.approx(np.ravel(exact), rel=1e-13, abs=rounding)
    sizes, _ = sizes_of_terms(program, cases, 0)
    for got, exact, size in zip(found.values(), adjoints, sizes[: len(adjoints)], strict=True):
        got = np.broadcast_to(got, exact.shape)
        assert np.allclose(got, exact, rtol=1e-10, atol=1e-300 + 1e-12 * size)


def partials_finite(program, cases):
    """Whether all partials are finite, nothing overflowed on the way, and all angles are known.

    The rounding of a large number, relative to it, is no small angle: its cosine is anything.
    """
    replay = NumpyReplay(program._recording, cases, [p.data for p in program.parameters])
    for number, op, operands in program._recording.operations():
        xs = [float(np.ravel(replay.values[x])[0]) for x in operands]
        y = float(np.ravel(replay.values[number])[0])
        if op in (ops.SIN, ops.COS, ops.TAN) and abs(xs[0]) > 1e3:
            return False
        if not all(1e-280 < abs(p) < 1e280 or p == 0.0 for p in op.partials(floats, y, *xs)):
            return False
    return True


def sizes_of_terms(program, cases, output):
    """The sizes of all paths' products from an output to each node, and each node's data.

    Rounding errors of the derivatives are relative to these sizes.
    """
    of = program._recording
    replay = NumpyReplay(of, cases, [p.data for p in program.parameters])
    data = [float(np.ravel(x)[0]) for x in replay.values]
    sizes = [0.0] * len(data)
    sizes[of.outputs[output]] = 1.0
    for number, op, operands in reversed(list(of.operations())):
        partials = op.partials(floats, data[number], *(data[x] for x in operands))
        for operand, p in zip(operands, partials, strict=True):
            sizes[operand] += sizes[number] * abs(p)
    return sizes, data


def rounded_away(program, cases, output):
    """How far an output moves if every node is off by its own size: steep graphs enlarge it."""
    sizes, data = sizes_of_terms(program, cases, output)
    return sum(size * abs(x) for size, x in zip(sizes, data, strict=True) if x != 0.0)


@pytest.mark.parametrize("templates", [TEMPLATES, {}], ids=["template", "formula"])
@pytest.mark.parametrize("op", ops.BUILTINS, ids=lambda op: op.name)
@given(data=st.data())
def test_each_operation_is_right_at_far_ends(op, templates, data):
    xs = data.draw(operands_of(op))
    y = op.value(floats, *xs)
    partials = op.partials(floats, y, *xs)
    assume(math.isfinite(y))
    leaves = [Value(x) for x in xs]
    fixed = data.draw(st.booleans()) and op.name == "pow"
    program = record(
        microbp.engine.call(op, *leaves), inputs=leaves[:1] if fixed else leaves, parameters=[]
    )
    with patch.object(python_source, "TEMPLATES", templates):
        world = module(program.source())
    xs, partials = (xs[:1], partials[:1]) if fixed else (xs, partials)
    for at in xs, [np.array([x, x, 1.0]) for x in xs]:
        got, found = world["backward"](*at)
        if at is not xs:
            got, found = got[:2], {k: np.broadcast_to(v, 3)[1:2] for k, v in found.items()}
        assert np.ravel(got) == pytest.approx(y, rel=1e-14, abs=5e-324)
        for d, exact in zip(found.values(), partials, strict=True):
            if 1e-300 < abs(exact) < 1e300 or exact == 0.0:
                assert np.ravel(d) == pytest.approx(exact, rel=1e-13, abs=1e-300)
            else:
                assert np.ravel(d) == pytest.approx(exact, rel=1e-3, abs=1e-300)


def test_every_operation_of_the_table_can_be_written():
    for op in ops.BUILTINS:
        xs = [Value(0.5), Value(0.25), Value(0.75)][: op.arity]
        if op is ops.ACOSH:
            xs = [Value(1.5)]
        record(microbp.engine.call(op, *xs), inputs=xs).source()


@pytest.mark.parametrize("root", [microbp.sqrt, microbp.asin, lambda x: (x + 1.0) ** 0.5])
def test_a_zero_adjoint_passes_on_zero(root):
    x = Value({microbp.sqrt: 0.0, microbp.asin: 1.0}.get(root, -1.0))
    gone = record(root(x) * 0.0, inputs=[x], parameters=[])
    _, found = module(gone.source())["backward"](x.data)
    assert list(found.values()) == [0.0]
    there = record(root(x), inputs=[x], parameters=[])
    _, found = module(there.source())["backward"](x.data)
    assert list(found.values()) == [math.inf]


def test_derivatives_that_are_alike_in_all_cases_are_given_for_each():
    x, b = Value(0.0, "x"), Value(0.0, "b")
    _, found = module(record(x + b, inputs=[x]).source())["backward"](np.zeros(64))
    assert found["b"].shape == (64,)
    assert np.sum(found["b"]) == 64.0


def test_silu_is_right_where_its_sigmoid_has_lost_its_digits():
    x = Value(1.0)
    world = module(record(microbp.silu(x), inputs=[x], parameters=[]).source())
    for at in (-745.1, -740.0, -720.0):
        assert world["forward"](at) == microbp.silu(Value(at)).data
