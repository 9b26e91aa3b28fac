"""The kernels' own classes, called with junk."""

import contextlib
import dataclasses
from array import array

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microbp import Value
from microbp.replay.program import record
from tests.helpers.robustness import REFUSALS, everyday, some_junk

NUMBERS = [
    array("d"),
    array("d", [1.0]),
    array("d", [1.0] * 3),
    array("i", [1, 2]),
    np.empty((0, 0)),
    np.empty((0, 1)),
    np.empty((2, 0)),
    np.ones((3, 1)),
    np.ones((3, 2)),
    np.ones((3, 3)),
    np.ones((70, 1)),
    np.ones((70, 2)),
    np.ones((2, 3)).T,
    np.ones(3),
    np.ones((3, 1), dtype=np.float32),
]


def recording(**changes):
    """A recording that is sound, but for what is changed."""
    x, w = Value(1.0), Value(0.5)
    sound = everyday(x, w)._recording
    return dataclasses.replace(sound, **changes)


def ints(*numbers):
    return array("i", numbers)


@pytest.mark.engine("compiled")  # kernels are of the compiled engine
@settings(max_examples=300)
@given(st.data())
def test_kernels_called_with_junk_raise_or_answer(data):
    from microbp.replay.compiled import interpreter

    x, w = Value(1.0), Value(0.5)
    sound = everyday(x, w)._recording
    kernel = interpreter.Kernel(sound, data.draw(st.booleans()))
    fit = interpreter.Cases(np.ones((3, 1)), 8)
    weights, out, grad = array("d", [0.5]), np.empty((2, 3)), array("d", [0.0])
    junk = st.sampled_from(
        [*some_junk(), *NUMBERS, sound, kernel, fit, weights, out, 8, 64, 0, [w], [x, w]]
    )
    call, fitting = data.draw(
        st.sampled_from(
            [
                (kernel.replay, [fit, weights, out, grad, np.empty((3, 1)), 1]),
                (kernel.replay, [fit, weights, out, None, None, 2]),
                (kernel.width_for, [3]),
                (interpreter.Kernel, [sound, True]),
                (interpreter.Cases, [np.ones((3, 1)), 8]),
                (interpreter.Workspace, [kernel, 8]),
                (interpreter.Runner(kernel, [w]).backward, [np.ones((3, 1)), 2]),
                (interpreter.Runner, [kernel, [w]]),
                (interpreter.Training, [kernel, [w], np.ones((3, 1)), out, np.ones((1, 3))]),
                (kernel.__init__, [sound, True]),
                (fit.__init__, [np.ones((3, 1)), 8]),
            ]
        )
    )
    given = list(fitting)
    for place in data.draw(st.lists(st.integers(0, len(given) - 1), max_size=3)):
        given[place] = data.draw(junk)
    with contextlib.suppress(*REFUSALS, MemoryError, BufferError):
        made = call(*given[: data.draw(st.integers(0, len(given)))])
        if isinstance(made, interpreter.Training):
            made.sweep()
            made.__init__(*given)
            made.sweep()
        if isinstance(made, interpreter.Cases):
            kernel.replay(made, weights, np.empty((2, made.count)))
    for some in (
        interpreter.Training,
        interpreter.Runner,
        interpreter.Cases,
        interpreter.Kernel,
        interpreter.Workspace,
    ):
        with pytest.raises((TypeError, AttributeError, ValueError)):
            some.__new__(some)
    assert (type(w.data), x.data) == (float, 1.0)


BROKEN = {
    "an operand after its operation": {"operands": lambda r: ints(*[10**6] * len(r.operands))},
    "an operand below 0": {"operands": lambda r: ints(-1, *r.operands[1:])},
    "itself as operand": {"operands": lambda r: ints(r.leaves, *r.operands[1:])},
    "no operands": {"operands": lambda r: ints()},
    "an operand too many": {"operands": lambda r: ints(*r.operands, 0)},
    "starts backwards": {"starts": lambda r: ints(*reversed(r.starts))},
    "starts too late": {"starts": lambda r: ints(1, *r.starts[1:])},
    "starts too few": {"starts": lambda r: r.starts[:-1]},
    "starts beyond": {"starts": lambda r: ints(0, 10**9, *r.starts[2:])},
    "no starts": {"starts": lambda r: ints()},
    "an unknown operation": {"code": lambda r: ints(99, *r.code[1:])},
    "an operation below 0": {"code": lambda r: ints(-1, *r.code[1:])},
    "operations of other arities": {"code": lambda r: ints(*reversed(r.code))},
    "an output beyond": {"outputs": lambda r: ints(10**6)},
    "an output below 0": {"outputs": lambda r: ints(-1)},
    "fewer inputs": {"inputs": lambda r: -1},
    "other types": {"code": lambda r: array("d", r.code)},
    "lists": {"starts": lambda r: list(r.starts)},
    "other operations": {"ops": lambda r: tuple([None] * len(r.ops))},
    "no operations": {"ops": lambda r: ()},
}


@pytest.mark.engine("compiled")  # kernels are of the compiled engine
@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("of_inputs", [False, True])
def test_a_recording_of_no_graph_is_refused(how, of_inputs):
    from microbp.replay.compiled import interpreter

    ((field, change),) = BROKEN[how].items()
    with pytest.raises((TypeError, ValueError, AttributeError)):
        interpreter.Kernel(recording(**{field: change(recording())}), of_inputs)


@pytest.mark.engine("compiled")  # kernels are of the compiled engine
def test_what_changes_behind_a_kernels_back_does_no_harm():
    from microbp.replay.compiled import interpreter

    x, ws = Value(1.0), [Value(2.0), Value(3.0)]
    program = record(ws[0] * x + ws[1], [x], ws)
    cases, out = np.ones((3, 1)), np.empty((1, 3))
    training = interpreter.Training(program._executor.kernel(), ws, cases, out, np.empty((0, 3)))
    ws.append(Value(5.0))
    ws[0] = None
    assert training.sweep() == (15.0, 3, True)
    program._recording.code[0] = 99
    program._recording.operands[0] = 10**6
    assert training.sweep() == (15.0, 3, True)


@pytest.mark.engine("compiled")  # kernels are of the compiled engine
@pytest.mark.parametrize("count", [1, 3])
def test_a_recording_that_has_changed_since_is_checked_again(count):
    """A kernel makes its plan, or lays out its rows, when the first cases come."""
    from microbp.replay.compiled import interpreter

    for field in ("operands", "code", "starts", "outputs"):
        changed = recording()
        kernel, numbers = interpreter.Kernel(changed, False), getattr(changed, field)
        numbers[-1] = 10**6
        cases, out = interpreter.Cases(np.ones((count, 1)), 1), np.empty((2, count))
        for _ in range(2):
            with pytest.raises(ValueError, match="describes no graph"):
                kernel.replay(cases, array("d", [0.5]), out)
        with pytest.raises(BufferError):  # so that all indices stay within
            numbers.append(0)
