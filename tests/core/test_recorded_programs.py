"""Recorded programs leak nothing, and can be run in threads and interrupted."""

import contextlib
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

import microbp
from microbp import Value
from microbp.core import engine, ops
from microbp.replay.program import record
from tests.helpers.robustness import REFUSALS, at_once, counts, everyday, resident


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


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells memory in /proc")
def test_many_programs_leave_nothing():
    x, w = Value(1.0, "x"), Value(0.5, "w")
    programs(300, x, w)
    log = ops.LOG
    before, held = counts(x, w, log), resident()
    programs(700, x, w)
    assert counts(x, w, log) == before
    assert resident() - held < 1_000_000


@pytest.mark.thorough
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
    assert float(output) - sent < 10.0  # the whole pass takes a minute


INTERRUPTED_TWICE = """
import signal
import time
import numpy as np
from microbp import Value, sin
from microbp.replay.program import record
x, w = Value(1.0), Value(1.0)
y = x * w
for _ in range(300):
    y = sin(y)
program = record(y, [x], [w])
cases = np.linspace(0.0, 1.0, 2_000_000)[:, None]
program.forward(cases[:1])
inside, caught = True, False


def interrupt(*_):
    if inside:
        raise KeyboardInterrupt


signal.signal(signal.SIGINT, interrupt)
print("ready", flush=True)
try:
    program.forward(cases, threads=2)
except KeyboardInterrupt:
    inside, caught = False, True
guards = [np.zeros(2_000_000) for _ in range(8)]  # where the outputs were
time.sleep(0.2)
print(caught, sum(map(np.count_nonzero, guards)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
@pytest.mark.engine("compiled")
def test_a_second_ctrl_c_leaves_no_thread_writing():
    home = str(Path(microbp.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(INTERRUPTED_TWICE)],
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.0005)
        try:
            output, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (output, errors, process.returncode) == ("True 0\n", "", 0)
