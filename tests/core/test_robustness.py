"""Whatever is done to it, the engine in use neither crashes nor leaks, and sums are right."""

import contextlib
import copy
import dataclasses
import gc
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from array import array
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import microbp
from microbp import Value, detect_anomaly, dot, logsumexp, total
from microbp.core import engine, ops
from microbp.core.custom_op import operation
from microbp.replay.program import record

REFUSALS = (TypeError, ValueError, AttributeError, ArithmeticError, RuntimeError)

# --- Nothing leaks


def counts(*shared):
    """The references to what every node holds one to."""
    gc.collect()  # of exceptions, whose frames hold it
    table = [ops.MUL, ops.ADD, ops.TANH, ops.DOT, ops.TOTAL, ops.LOGSUMEXP]
    return [sys.getrefcount(thing) for thing in (Value, *table, *shared)]


def resident():
    """This process's memory in bytes."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells memory in /proc")
def test_a_million_graphs_leave_nothing():
    x, w, label = Value(0.5), Value(2.0), "a label of some length"

    def graphs(number):
        for _ in range(number):
            y = x * w + x
            y.label = label
            y.backward()

    graphs(1000)
    before, held = counts(x, w, label), resident()
    graphs(1_000_000 if engine.name == "compiled" else 100_000)
    assert counts(x, w, label) == before
    assert resident() - held < 1_000_000


class Explosive:
    def __float__(self):
        raise RuntimeError("no number after all")


def attempts(x):
    """Each fails somewhere in the middle."""
    boom = Explosive()
    wrong = operation("wrong", value=lambda m, a, b: a, partials=lambda m, y, a, b: (1.0, None))
    short = operation("short", value=lambda m, a, b: a, partials=lambda m, y, a, b: (1.0,))
    failing = operation("failing", value=lambda m, a: 1 / 0, partials=lambda m, y, a: (a,))
    y = x * 3.0
    return [
        lambda: x * boom,
        lambda: boom - x,
        lambda: Value(boom),
        lambda: Value(1.0, 7),
        lambda: dot([x, y, boom], [x, y, 1.0]),
        lambda: dot([x, y], [x, boom]),
        lambda: dot([x, y], [x, y], boom),
        lambda: total([x, y, x, boom]),
        lambda: logsumexp([x, 2.0, boom]),
        lambda: wrong(x, y),
        lambda: short(x, y),
        lambda: failing(x),
        lambda: y.backward(boom),
        lambda: setattr(y, "grad", boom),
        lambda: setattr(x, "data", boom),
        lambda: setattr(y, "data", 1.0),
        lambda: setattr(y, "label", boom),
        lambda: (x - x).log(),
        lambda: x / (x - x),
        lambda: engine.apply(ops.ADD, x),
        lambda: engine.restored(1.0, 0.0, "", ops.ADD, (1.0,), (x, y)),
        lambda: engine.restored("x", 0.0, "", ops.ADD, (1.0, 1.0), (x, y)),
        lambda: engine.optimizer_steps.descend([x, y], 0.1, 1.0),
    ]


@pytest.mark.parametrize("which", range(23))
def test_an_error_in_the_middle_leaks_nothing_and_changes_nothing(which, monkeypatch):
    monkeypatch.setattr("microbp.core.custom_op._own", {})  # what is made here is forgotten again
    monkeypatch.setattr("microbp.core.custom_op.table", dict(ops.table))
    x = Value(0.5, "x")
    attempt = attempts(x)[which]

    def often():
        for _ in range(50):
            with pytest.raises(
                (TypeError, ValueError, AttributeError, RuntimeError, ArithmeticError)
            ):
                attempt()
            with detect_anomaly(), pytest.raises((*(Exception,),)):
                attempt()

    often()
    before = counts(x)
    often()
    assert counts(x) == before
    assert (x.data, x.grad, x.label) == (0.5, 0.0, "x")


# --- Nothing crashes

def junk():
    return [
        *(None, "x", 3, -1, 2.5, 1j, b"", [], [1.0], (), {}, object()),
        *(Value, Value(1.0), ops.ADD, len),
    ]


def calls():
    """All that an engine lets anyone call."""
    steps = ("descend", "gather_momentum", "zero_grads")
    return [
        *(Value, engine.apply, engine.call, engine.dot, engine.restored, engine.reverse_order),
        *(getattr(engine.optimizer_steps, name) for name in steps),
        *(getattr(Value, name) for name in dir(Value) if callable(getattr(Value, name))),
        *(getattr(microbp, name) for name in ("dot", "total", "logsumexp", "exp", "maximum")),
    ]


@given(st.data(), st.booleans())
def test_junk_gets_an_exception_or_an_answer(data, of_a_value):
    call = data.draw(st.sampled_from(calls()))
    arguments = data.draw(st.lists(st.sampled_from(junk()), max_size=6))
    v = Value(2.0) * 3.0
    with contextlib.suppress(*REFUSALS):
        call(*([v] if of_a_value else []), *arguments)
    assert (v * 1.0).data == 6.0


@pytest.mark.parametrize("name", ["data", "grad", "label", "op", "operands", "partials", "x"])
def test_attributes_cannot_be_deleted(name):
    v = Value(2.0, "v") * 3.0
    with pytest.raises(AttributeError):
        delattr(v, name)
    assert (v.data, v.grad, v.label) == (6.0, 0.0, "")


def test_a_value_class_of_ones_own_is_refused():
    with pytest.raises(TypeError, match=r"^type 'Value' is not an acceptable base type$"):
        type("Mine", (Value,), {})


def test_a_value_made_again_is_as_it_was():
    v = Value(2.0, "v") * 3.0
    for again in (lambda: v.__init__(5.0), lambda: v.__init__(5.0, "w"), lambda: v.__init__()):
        again()
        assert (v.data, v.op.name, v.operands[0].label) == (6.0, "mul", "v")


def test_a_label_is_a_plain_string():
    class Holder(str):
        __slots__ = ("held",)

    label = Holder("h")
    label.held = v = Value(2.0, label)
    assert type(v.label) is str
    assert v.label == "h"


DEEP = """
import pickle, sys
from microbp.core.engine import Value
assert sys.getrecursionlimit() == 1000
x = Value(1.0, "x")
y = x
for _ in range({depth}):
    y = -y
y.backward()
twin = pickle.loads(pickle.dumps(y))
del y
twin.backward()
while twin.op is not None:
    (twin,) = twin.operands
assert x.grad == 1.0 and twin.grad == 2.0, (x, twin)
"""


def test_a_deep_graph_is_built_swept_pickled_and_dropped(python):
    ran = python(DEEP.format(depth=300_000))
    assert (ran.stderr, ran.returncode) == ("", 0)


# --- Old nodes and new


@pytest.mark.parametrize("gap", [0, 1, 100, 4095, 4096, 70_000, 300_000])
def test_operands_may_be_much_older_than_what_uses_them(gap):
    """Ages differ by little or by much, and by just what separates one block from the next."""
    x = Value(2.0)
    old = x * x
    for _ in range(gap):
        _ = -x
    middle = old * 3.0
    for _ in range(gap):
        _ = -x
    y = total([old * middle, middle, old, x * old])
    y.backward()
    y.backward()
    # y = 3 h^2 + 4 h + x h with h = x^2
    assert (x.grad, old.grad) == (2 * (12 * 8 + 8 * 2 + 3 * 4), 6 * 4 + 4 + 2)


def test_many_ages_far_apart():
    x = Value(1.0)
    kept = []
    for i in range(60):
        kept.append(x * (i + 1.0))
        for _ in range(i * i):
            _ = -x
    y = total([a * b for a, b in zip(kept, reversed(kept), strict=True)])
    y.backward()
    assert x.grad == sum(2 * (i + 1) * (60 - i) for i in range(60))
    assert copy.deepcopy(y).data == pickle.loads(pickle.dumps(y)).data == y.data


# --- Threads and interruptions


def at_once(work, threads=4):
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        crew = [threading.Thread(target=work) for _ in range(threads)]
        for thread in crew:
            thread.start()
        for thread in crew:
            thread.join()
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.engine("compiled")  # its sweep can be halted for another's
def test_sweeps_over_shared_leaves_add_up_in_any_number_of_threads():
    x, w = Value(3.0), Value(5.0)

    def work():
        for _ in range(2000):
            y = dot([x, w], [w, x]) - x * w
            y.backward()

    at_once(work)
    assert (x.grad, w.grad) == (4 * 2000 * 5.0, 4 * 2000 * 3.0)


@pytest.mark.engine("compiled")  # its sweep can be halted for another's
def test_sweeps_of_one_graph_add_up_in_any_number_of_threads():
    x = Value(1.0)
    y = x
    for _ in range(1000):
        y = y + 0.0
    at_once(lambda: [y.backward() for _ in range(500)])
    assert x.grad == 4 * 500


SWEEPING = """
import time
from microbp.core.engine import Value
x = Value(1.0)
y = x
for _ in range(1_000_000):
    y = -y
print("ready", flush=True)
try:
    while True:
        y.backward()
except KeyboardInterrupt:
    print(time.time())
assert x.grad == int(x.grad) > 0  # whole sweeps only
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.engine("compiled")  # leaves a sweep half done in plain Python
def test_ctrl_c_ends_a_long_run_of_sweeps_within_a_second_and_leaves_whole_sums():
    home = str(Path(microbp.__file__).parents[1])
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SWEEPING)],
        cwd=home,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.3)
    sent = time.time()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert float(output) - sent < 1.0


# --- Recorded programs


def everyday(x, w):
    y = (w * x + 1.0).tanh() * dot([w, x], [x, w], w) + logsumexp([x, w * 2.0])
    return record([y, (x + 3.0).log()], [x], [w])


def programs(number, x, w):
    """Recorded, replayed, made to fail, and dropped."""
    for _ in range(number):
        program = everyday(x, w)
        cases = [[1.0], [2.0], [3.0]]
        program.forward(cases)
        program.input_gradient(cases)
        program.backward(cases)
        for bad in ([[-4.0]], [["x"]], [[1.0, 2.0]]):
            with contextlib.suppress(*REFUSALS):
                program.backward(bad)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            program.backward([[1e200], [float("inf")]])


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells memory in /proc")
def test_many_programs_leave_nothing():
    x, w = Value(1.0, "x"), Value(0.5, "w")
    programs(300, x, w)
    log = ops.LOG
    before, held = counts(x, w, log), resident()
    programs(700, x, w)
    assert counts(x, w, log) == before
    assert resident() - held < 1_000_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells memory in /proc")
def test_replaying_often_leaves_nothing():
    x, w = Value(1.0, "x"), Value(0.5, "w")
    program = everyday(x, w)
    cases = np.linspace(1.0, 2.0, 5000)[:, None]

    def often(number):
        for threads in range(1, number + 1):
            program.forward(cases)
            program.input_gradient(cases)
            program.backward(cases, threads=1 + threads % 3)

    often(30)
    before, held = counts(x, w), resident()
    often(150)
    assert counts(x, w) == before
    assert resident() - held < 3_000_000


def test_sweeps_of_one_program_in_several_threads():
    """The sums are right where additions to the gradients don't meet, as in C they can't."""
    x, w = Value(1.0), Value(2.0)
    program = record(w * w * x, [x])
    cases = np.arange(1500.0)[:, None]
    errors = []

    def work():
        errors.extend(program.backward(cases) for _ in range(50))

    at_once(work)
    assert errors == [4.0 * 1500 * 1499 / 2] * 200
    if engine.name == "compiled":
        assert w.grad == 200 * 4.0 * 1500 * 1499 / 2


REPLAYING = """
import time
from microbp import Value, sin
from microbp.replay.program import record
x, w = Value(1.0), Value(1.0)
y = x * w
for _ in range(20_000):
    y = sin(y)
program = record(y, [x], [w])
cases = [[i / 1000] for i in range({cases})]
program.forward(cases[:1])
print("ready", flush=True)
try:
    while True:
        program.backward(cases, threads={threads})
        before = w.grad
except KeyboardInterrupt:
    print(time.time())
cases = cases[:3]
w.grad = 0.0
program.backward(cases)
grad = w.grad
program.backward(cases)
assert w.grad == 2 * grad != 0.0
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.engine("compiled")  # NumPy looks for signals itself
@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_ends_a_long_replay(threads):
    home = str(Path(microbp.__file__).parents[1])
    code = textwrap.dedent(REPLAYING.format(cases=100_000, threads=threads))
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=home,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)
        sent = time.time()
        process.send_signal(signal.SIGINT)
        try:
            output, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert float(output) - sent < 10.0  # a sweep takes a minute


# --- The kernels' own classes, called by anyone

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
        [*JUNK, *NUMBERS, sound, kernel, fit, weights, out, 8, 64, 0, [w], [x, w]]
    )
    call, fitting = data.draw(
        st.sampled_from(
            [
                (kernel.replay, [fit, weights, out, grad, np.empty((3, 1)), 1]),
                (kernel.replay, [fit, weights, out, None, None, 2]),
                (kernel.width_for, [3]),
                (interpreter.Kernel, [sound, True]),
                (interpreter.Cases, [np.ones((3, 1)), 8]),
                (interpreter.Space, [kernel, 8]),
                (interpreter.Sweeper(kernel, [w]).sweep, [np.ones((3, 1)), 2]),
                (interpreter.Sweeper, [kernel, [w]]),
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
        interpreter.Sweeper,
        interpreter.Cases,
        interpreter.Kernel,
        interpreter.Space,
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
