"""A mode that was interrupted, anywhere, has ended."""

import contextvars
import signal
import threading

import pytest

from microbp import detect_anomaly, no_grad
from microbp.core import grad_mode
from microbp.core.engine import Value
from microbp.core.grad_mode import comparisons_noted
from tests.helpers import robustness

MODES = [no_grad, detect_anomaly, comparisons_noted]


def interrupted_at(step, act):
    """Run it, with a KeyboardInterrupt before that instruction; True if it came so far."""

    def ours(frame, event):
        return event != "return" and frame.f_code.co_filename == grad_mode.__file__

    return robustness.interrupted_at(step, act, ours, opcodes=True)


def assert_normal():
    x = Value(1e300)
    assert grad_mode.unusual == []
    assert (x * x).operands == (x, x)
    mode, another = no_grad(), contextvars.Context()
    another.run(mode.__enter__)  # so that modes are looked up here, too
    assert (x * x).operands == (x, x)
    another.run(mode.__exit__)
    with no_grad():
        assert (x * x).operands == ()
    with detect_anomaly():
        assert (-x).operands == (x,)
    assert grad_mode.unusual == []


def nested():
    with no_grad(), detect_anomaly():
        Value(1.0) * 2.0


def decorated():
    no_grad()(lambda: Value(1.0) * 2.0)()


def a_generator():
    def each():
        with no_grad():
            yield Value(1.0) * 2.0

    list(each())


def plain(mode):
    def act():
        with mode():
            Value(1.0) > 0.0  # noqa: B015

    return act


@pytest.mark.parametrize("act", [nested, decorated, a_generator, *map(plain, MODES)])
def test_a_mode_interrupted_anywhere_has_ended(act):
    step = 0
    while interrupted_at(step, act):
        assert_normal()
        step += 1
    assert step > 20
    assert_normal()


def test_one_thread_interrupted_leaves_the_others_mode():
    with no_grad():
        step = 0
        while interrupted_at(step, nested):
            assert len(grad_mode.unusual) == 1
            step += 1
        found = []
        thread = threading.Thread(target=lambda: found.append((Value(1.0) * 2.0).operands))
        thread.start()
        thread.join()
        assert len(found[0]) == 2
    assert_normal()


def test_a_mode_can_be_entered_again_and_within_itself():
    mode = no_grad()
    for _ in range(2):
        with mode:
            with mode:
                assert (Value(1.0) * 2.0).operands == ()
            assert (Value(1.0) * 2.0).operands == ()
        assert_normal()


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="signals that come at any moment")
def test_a_signal_at_any_moment_ends_a_mode():
    def stop(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, stop)
    try:
        for i in range(300):
            try:
                signal.setitimer(signal.ITIMER_REAL, 1e-5 + i * 1e-6)
                for _ in range(500):
                    nested()
            except KeyboardInterrupt:
                pass
            signal.setitimer(signal.ITIMER_REAL, 0.0)
            assert_normal()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
