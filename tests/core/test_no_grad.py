"""`no_grad` makes plain leaves, in its own thread or task."""

import asyncio
import threading

import pytest

from microbp import DomainError, detect_anomaly, dot, no_grad, total
from microbp.core.engine import Value
from tests.helpers.nodes import state


def recorded():
    return (Value(2.0) * 3).op is not None and dot([Value(2.0)], [3.0]).op is not None


def test_no_grad_makes_plain_leaves():
    x = Value(2.0, "x")
    with no_grad():
        made = [x * 3, -x, x.exp(), x**2, 2 / x, dot([x, x], [1, 2], x), total([x]), +(x + 1)]
    for node in made:
        assert state(node) == state(Value(node.data))
    made[0].backward()
    assert x.grad == 0.0
    assert recorded()


def test_no_grad_still_minds_the_domain():
    with no_grad(), pytest.raises(DomainError):
        Value(-1.0).log()


def test_no_grad_leaves_graphs_already_made_alone():
    x = Value(3.0)
    y = x * x
    with no_grad():
        y.backward()
    assert (x.grad, y.operands) == (6.0, (x, x))


def test_no_grad_is_a_decorator():
    @no_grad()
    def evaluate(x, again=1):
        return evaluate(x, again - 1) if again else x * 3

    assert evaluate(Value(2.0)).op is None
    assert evaluate(Value(2.0)).op is None
    assert recorded()


def test_no_grad_nests():
    with no_grad():
        with no_grad():
            assert not recorded()
        assert not recorded()
        with detect_anomaly():
            assert not recorded()
    assert recorded()


def test_no_grad_ends_with_an_exception():
    with pytest.raises(LookupError), no_grad(), no_grad():
        raise LookupError
    assert recorded()


def test_no_grad_holds_for_its_own_thread_only():
    entered, looked = threading.Event(), threading.Event()
    inside = []

    def evaluate():
        with no_grad():
            entered.set()
            looked.wait(10)
            inside.append(recorded())

    thread = threading.Thread(target=evaluate)
    thread.start()
    assert entered.wait(10)
    outside = recorded()
    looked.set()
    thread.join()
    assert (outside, inside) == (True, [False])


def test_no_grad_holds_for_its_own_task_only():
    async def evaluate():
        with no_grad():
            await asyncio.sleep(0)
            return recorded()

    async def train():
        await asyncio.sleep(0)
        return recorded()

    async def both():
        return await asyncio.gather(evaluate(), train())

    assert asyncio.run(both()) == [False, True]
