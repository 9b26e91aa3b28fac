"""The threads of one replay: what ends them, and what happens where there are none."""

import itertools
import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

from benchmarks.reliability.child import status_of
from microbp import Value, operation
from microbp.core import engine
from microbp.replay.program import record

pytestmark = pytest.mark.skipif(engine.name != "compiled", reason="NumPy's replay has no threads")
CASES = np.linspace(0.0, 1.0, 20_000)[:, None]


def chain(length=100):
    x, w = Value(1.0), Value(0.5)
    y = x * w
    for _ in range(length):
        y = (y * w).tanh()
    return record(y, [x], [w]), w


@pytest.mark.parametrize("allowed", [0, 1, 3])
def test_where_the_system_gives_fewer_threads_the_results_have_the_same_bits(monkeypatch, allowed):
    from microbp.replay.compiled import interpreter

    program, w = chain()
    expected = program.forward(CASES).tobytes(), program.backward(CASES), w.grad
    start, started = interpreter.start_new_thread, itertools.count(1)

    def some(*arguments):
        if next(started) > allowed:
            raise RuntimeError("can't start new thread")
        return start(*arguments)

    monkeypatch.setattr(interpreter, "start_new_thread", some)
    w.grad = 0.0
    forward = program.forward(CASES, threads=4).tobytes()
    assert (forward, program.backward(CASES, threads=1), w.grad) == expected
    started = itertools.count(1)
    w.grad = 0.0
    assert (program.backward(CASES, threads=4), w.grad) == expected[1:]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_a_formula_raises_is_raised_once(threads):
    raising = []

    def value(m, x):
        if raising and x > 0.5:
            raise SystemExit(raising[0])
        return x

    own = operation("own", value=value, partials=lambda m, y, x: (1.0,))
    x = Value(1.0)
    program = record(own(x) * 2.0, [x])
    raising.append("first")
    with pytest.raises(SystemExit, match="first"):
        program.forward(CASES, threads=threads)
    raising.clear()
    assert program.forward(CASES, threads=threads).tolist() == (2.0 * CASES[:, 0]).tolist()


def test_two_replays_at_once_raise_each_its_own():
    barrier = threading.Barrier(2)

    def value(m, x):
        if x < 2.0:
            barrier.wait(10)
            raise SystemExit(x)
        return x

    own = operation("own", value=value, partials=lambda m, y, x: (1.0,))
    x = Value(2.0)
    program = record(own(x), [x])
    program.forward([[2.0]])
    found = []

    def work(number):
        with pytest.raises(SystemExit) as error:
            program.forward([[number]])
        found.append((number, error.value.code))

    crew = [threading.Thread(target=work, args=(float(i),)) for i in range(2)]
    for thread in crew:
        thread.start()
    for thread in crew:
        thread.join()
    assert sorted(found) == [(0.0, 0.0), (1.0, 1.0)]


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks there")
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="it warns of forks beside threads")
def test_a_fork_while_its_threads_are_at_work_is_told_in_the_child():
    program, _ = chain(300)
    cases = np.linspace(0.0, 1.0, 100_000)[:, None]
    pipe, children = os.pipe(), []

    def fork(*_):
        children.append(os.fork())

    before = signal.signal(signal.SIGALRM, fork)
    signal.setitimer(signal.ITIMER_REAL, 0.03)
    outcome = b"finished"
    try:
        program.forward(cases, threads=2)
    except RuntimeError as error:
        outcome = str(error).encode()
    finally:
        signal.signal(signal.SIGALRM, before)
    if children == [0]:
        again = program.forward(CASES, threads=2).tobytes() == program.forward(CASES).tobytes()
        os.write(pipe[1], outcome + b"; same bits" * again)
        os._exit(0)
    assert outcome == b"finished"
    assert status_of(children[0], 30.0) == 0
    assert os.read(pipe[0], 1000) == (
        b"replay: this process was forked while its threads were at work; same bits"
    )


@pytest.mark.thorough
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks there")
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="it warns of forks beside threads")
def test_a_child_forked_during_another_threads_replay_can_replay():
    program, _ = chain(300)
    cases = np.linspace(0.0, 1.0, 100_000)[:, None]
    expected = program.forward(CASES).tobytes()
    thread = threading.Thread(target=program.forward, args=(cases,), kwargs={"threads": 2})
    thread.start()
    time.sleep(0.02)
    child = os.fork()
    if child == 0:
        os._exit(0 if program.forward(CASES, threads=2).tobytes() == expected else 1)
    assert status_of(child, 30.0) == 0
    thread.join()
