"""What the compiled kernels are given may lie about itself, or change while they look."""

import dataclasses
import threading
from array import array

import numpy as np
import pytest

from microbp import Value, exp, maximum, operation
from microbp.core import engine, ops
from microbp.replay.program import record
from tests.helpers.live_buffers import live

pytestmark = pytest.mark.skipif(engine.name != "compiled", reason="kernels are of that engine")


@pytest.fixture
def interpreter():
    from microbp.replay.compiled import interpreter

    return interpreter


def ones(*shape):
    return np.ones(shape)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    "arrays",
    [
        [ones(10, 1), ones(20_000, 1)],
        [ones(20_000, 1), ones(10, 1)],
        [ones(10, 1), ones(10, 3), ones(20_000, 1)],
        [ones(100, 1), ones(2, 1), ones(5000, 1)],
    ],
)
def test_cases_whose_buffer_changes_between_two_looks(arrays, threads):
    x, w = Value(1.0), Value(2.0)
    program = record(w * x, [x], [w])
    for _ in range(3):
        first = len(arrays[0])
        w.grad = 0.0
        assert program.backward(live(*arrays), threads=threads) == 2.0 * first
        assert w.grad == first


class Liar:
    """A Value, if you ask isinstance."""

    op, label, data, grad = None, "", 1.0, 0.0

    @property
    def __class__(self):
        return Value


@pytest.mark.parametrize("place", ["outputs", "inputs", "parameters"])
def test_what_only_claims_to_be_a_value_is_no_value(place):
    from microbp.replay.compiled.flatten import flattened

    x, w = Value(1.0), Value(2.0)
    given = {"outputs": [x * w], "inputs": [x], "parameters": [w]}
    given[place] = [Liar()]
    with pytest.raises(TypeError, match="expected Values"):
        record(given["outputs"], given["inputs"], given["parameters"])
    with pytest.raises(TypeError, match="expected Values"):
        flattened(*given.values())


@pytest.mark.parametrize("place", ["inputs", "parameters"])
def test_inputs_and_parameters_that_are_no_leaves(place):
    from microbp.replay.compiled.flatten import flattened

    x, w = Value(1.0), Value(2.0)
    given = {"outputs": [x * w], "inputs": [x], "parameters": [w]} | {place: [x * w]}
    with pytest.raises(TypeError, match="expected leaves"):
        flattened(*given.values())


class LongList(list):
    """Longer than it says."""

    def __len__(self):
        return 3


@pytest.mark.parametrize("op", [ops.ADD, ops.TOTAL, ops.NEG, ops.DOT])
def test_a_node_is_made_of_operands_as_they_are_and_not_as_many_as_they_say(op):
    xs = [Value(1.0) for _ in range(2000)]
    node = engine.restored(1.0, 0.0, "", op, LongList([1.0] * 2000), LongList(xs))
    assert len(node.operands) == 2000
    node.backward()
    assert [x.grad for x in xs] == [1.0] * 2000
    with pytest.raises(ValueError, match="2000 partials for 3 operands"):
        engine.restored(1.0, 0.0, "", op, LongList([1.0] * 2000), LongList(xs[:3]))


class LikeDot:
    """An operation that passes for `dot` where it is looked up."""

    name, arity = "other", 2

    def __hash__(self):
        return hash(ops.DOT)

    def __eq__(self, other):
        return other is ops.DOT


def broken(field, value):
    x, w = Value(1.0), Value(0.5)
    sound = record(x * w + exp(x), [x], [w])._recording
    return dataclasses.replace(sound, **{field: value})


@pytest.mark.parametrize(
    "cases", [np.zeros(3), np.zeros((3, 2, 1)), np.zeros((3, 2), "f"), np.zeros((3, 2), ">d")]
)
def test_cases_that_are_no_table_of_floats(interpreter, cases):
    with pytest.raises(ValueError, match=r"^replay: expected a 2-dimensional array of floats, "):
        interpreter.Cases(cases, 8)


@pytest.mark.parametrize("field", ["code", "starts", "operands", "outputs", "constants"])
@pytest.mark.parametrize("kind", ["q", "f", "h"])
def test_a_recording_in_numbers_of_another_size(interpreter, field, kind):
    with pytest.raises(ValueError, match=r"^replay: expected a 1-dimensional array of"):
        interpreter.Kernel(broken(field, array(kind, [0, 0, 0])), False)


@pytest.mark.parametrize("inputs", [2**62, 2**63 - 1, 2**61, 2**31, 2**32 + 1])
def test_more_inputs_than_can_be_counted(interpreter, inputs):
    for of_inputs in (False, True):
        with pytest.raises(ValueError, match="describes no graph"):
            interpreter.Kernel(broken("inputs", inputs), of_inputs)


def test_an_operation_that_passes_for_another_has_that_ones_operands(interpreter):
    x, w = Value(1.0), Value(0.5)
    recording = record(x * w, [x], [w])._recording
    with pytest.raises(ValueError, match="describes no graph"):
        interpreter.Kernel(dataclasses.replace(recording, ops=(LikeDot(),)), False)


@pytest.mark.parametrize("op", [op for op in ops.BUILTINS if op.arity is None])
def test_an_operation_of_no_operands_at_all(interpreter, op):
    x = Value(1.0)
    of_one = record(maximum(x, -x), [x])._recording
    bare = dataclasses.replace(
        of_one, ops=(op,), code=array("i", [0]), starts=array("i", [0, 0]),
        operands=array("i"), outputs=array("i", [of_one.leaves]),
    )  # fmt: skip
    if op is ops.DOT:
        with pytest.raises(ValueError, match="describes no graph"):
            interpreter.Kernel(bare, False)
        return
    kernel, out = interpreter.Kernel(bare, False), np.empty((1, 3))
    kernel.replay(interpreter.Cases(ones(3, 1), 8), array("d"), out)


@pytest.mark.parametrize("columns", [2**31, 2**57])
def test_no_cases_of_very_many_columns(interpreter, columns):
    with pytest.raises(ValueError, match="columns"):
        interpreter.Cases(np.empty((0, columns)), 64)


def calling(callback):
    """An operation of one's own that calls back while a replay runs."""

    def value(m, x):
        callback()
        return x

    return operation("calling", value=value, partials=lambda m, y, x: (1.0,))


@pytest.mark.parametrize("inner", ["sweep", "sweep_of", "refill", "backward"])
def test_a_running_sweep_keeps_all_others_out(interpreter, inner):
    x, w = Value(1.0), Value(2.0)
    table, told = np.arange(4.0)[:, None], [None]

    def call_back():
        if not told:
            told.append(None)
            table[:] = 100.0
            calls = {"sweep_of": (3,), "backward": (ones(50_000, 1),)}
            with pytest.raises(RuntimeError, match="running already") as error:
                getattr(training, inner)(*calls.get(inner, ()))
            told[0] = error

    program = record(calling(call_back)(x) * w, [x], [w])
    out = np.empty((1, 4))
    training = interpreter.Training(program._executor.kernel(), [w], table, out, np.empty((0, 4)))
    told.clear()
    assert training.sweep()[0] == 12.0
    assert told[0] is not None
    assert (out.tolist(), w.grad) == ([[0.0, 2.0, 4.0, 6.0]], 6.0)


def test_a_sweep_of_one_case_keeps_other_threads_out(interpreter):
    x, w = Value(1.0), Value(2.0)
    inside, go_on = threading.Event(), threading.Event()

    def wait():
        inside.set()
        go_on.wait(10)

    go_on.set()
    program = record(calling(wait)(x) * w, [x], [w])
    go_on.clear()
    inside.clear()
    table = np.array([[1.0], [50.0]])
    training = interpreter.Training(
        program._executor.kernel(), [w], table, np.empty((1, 2)), np.empty((0, 2))
    )
    found = []
    thread = threading.Thread(target=lambda: found.append(training.sweep_of(0)))
    thread.start()
    inside.wait(10)
    with pytest.raises(RuntimeError, match="running already"):
        training.sweep_of(1)
    go_on.set()
    thread.join()
    assert found[0][0] == 2.0
