"""A backward pass that is interrupted, and passes in several threads."""

import sys
import threading
from contextlib import nullcontext

import pytest

from microbp import detect_anomaly, dot
from microbp.core import engine
from microbp.core.engine import Value
from tests.helpers.graphs_by_hand import grads


def interrupted_at(step, backward):
    """Run `backward`, with a KeyboardInterrupt at that line of Python; True if it came so far."""
    steps = iter(range(step, -1, -1))

    def trace(frame, event, argument):
        if frame.f_globals["__name__"].startswith("microbp.") and next(steps) == 0:
            raise KeyboardInterrupt
        return trace

    tracer = sys.gettrace()
    sys.settrace(trace)
    try:
        backward()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(tracer)
    return False


@pytest.mark.parametrize("surroundings", [nullcontext, detect_anomaly])
def test_a_sweep_interrupted_anywhere_leaves_the_next_one_right(surroundings):
    x = Value(2.0)
    h = x * x
    g = dot([h, x], [x, h], h)
    y = g * h
    y.backward()
    expected = grads(x, h, g, y)
    step = 0
    while True:
        x.grad = 0.0
        with surroundings():
            if not interrupted_at(step, y.backward):
                break
        x.grad = 0.0
        y.backward()
        assert grads(x, h, g, y) == expected
        step += 1
    assert (
        step > 30 or engine.name == "compiled"
    )  # its backward pass is one step, but for anomaly detection
    assert grads(x, h, g, y) == expected  # the last one went through


def test_threads_sweep_graphs_of_their_own():
    barrier = threading.Barrier(4)
    results = [None] * 4

    def work(i):
        x = Value(1.0 + i)
        y = x
        for _ in range(3000):
            y = dot([y, 0.5], [0.5, x]) - y * 0.25
        barrier.wait(10)
        for _ in range(5):
            y.backward()
        results[i] = x.grad

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    # y = 0.25 y + 0.5 x, again and again: 2/3 x in the end.
    assert results == [results[0]] * 4
    assert results[0] == pytest.approx(5 * 2 / 3, rel=1e-12)
