"""A dropped graph is gone at once, without the garbage collector."""

import copy
import gc
import pickle
import sys
import tracemalloc

import pytest

from microbp import AnomalyError, detect_anomaly, dot, sqrt
from microbp.core import engine
from microbp.core.engine import Value
from tests.helpers.graphs_by_hand import by_hand


def build():
    x = Value(0.5, "x")
    y = x
    for i in range(300):
        y = dot([y, x], [0.5, 0.1], y).tanh() - x / (i + 1)
    return x, y


def use_once():
    build()


def use_sweep():
    x, y = build()
    y.backward()
    assert x.grad != 0.0


def use_copies():
    _, y = build()
    copy.copy(y)
    copy.deepcopy(y).backward()
    pickle.loads(pickle.dumps(y)).backward()


def use_errors():
    x, y = build()
    for attempt in (lambda: (x - x).log(), lambda: y / 0, lambda: y + "1", lambda: Value(None)):
        with pytest.raises((ValueError, TypeError)):
            attempt()
    with pytest.raises(AttributeError):
        y.data = 1.0


def use_anomalies():
    x, y = build()
    with pytest.raises(AnomalyError), detect_anomaly():
        y * 1e308 * 1e308
    with pytest.raises(AnomalyError), detect_anomaly():
        (y * sqrt(x * 0)).backward()


def use_cycle():
    """A reference cycle of the user's own making: only its refusal must not hold on to more."""
    _, y = build()
    z = y * 1
    z._a = z
    with pytest.raises(ValueError, match="cycle"):
        z.backward()
    z._a = y


def count_values():
    if engine.name == "compiled":  # the collector doesn't know them, but each holds its class
        return sys.getrefcount(Value)
    return sum(isinstance(thing, Value) for thing in gc.get_objects())


def test_values_are_counted():
    before = count_values()
    nodes = [Value(1.0), Value(2.0) * 3.0]
    assert count_values() == before + 4
    del nodes
    assert count_values() == before


USES = [use_once, use_sweep, use_copies, use_errors, use_anomalies]


@pytest.mark.parametrize("use", USES)
def test_memory_returns_without_the_garbage_collector(use):
    assert_memory_returns(use)


@by_hand
def test_memory_of_a_refused_cycle_returns():
    assert_memory_returns(use_cycle)


def assert_memory_returns(use):
    """No reference cycle anywhere: a dropped graph is gone at once."""
    use()  # whatever is made once only, is made now
    gc.collect()
    values = count_values()
    gc.disable()
    tracemalloc.start()
    try:
        use()
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(3):
            use()
        after, peak = tracemalloc.get_traced_memory()
        assert count_values() == values
    finally:
        tracemalloc.stop()
        gc.enable()
    assert peak - before > 100_000 or engine.name == "compiled"  # it uses freed nodes again
    assert after - before < 10_000
