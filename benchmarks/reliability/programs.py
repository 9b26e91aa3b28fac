"""Random programs of the engine: build, differentiate, delete, copy, pickle, change, interrupt."""

from __future__ import annotations

import copy
import gc
import math
import pickle
import sys
from collections.abc import Callable
from random import Random
from types import FrameType
from typing import Any

from microbp import Value, detect_anomaly, dot, no_grad, total
from microbp.core import grad_mode
from microbp.core.toposort import operands_first

WHAT = "a random program of 60 acts on Values, gradients and copies checked"
TIMES = 5_000
ACTS = 60
MOST = 30
"""Values that are kept at a time."""


def attempt(rng: Random) -> str:
    values = [Value(rng.uniform(-2.0, 2.0), f"x{i}") for i in range(3)]
    for _ in range(ACTS):
        rng.choice(KINDS)(values, rng)
        while len(values) > MOST:
            del values[rng.randrange(len(values))]
    assert grad_mode.unusual == [], "a mode is still on"
    return "right"


def build(values: list[Value], rng: Random) -> None:
    a, b, c = rng.choices(values, k=3)
    makers: list[Callable[[], Value]] = [
        lambda: a + b, lambda: a * b, lambda: a - 0.5 * b, lambda: a.tanh(), lambda: (-a).sigmoid(),
        lambda: dot([a, b], [c, 1.0], b), lambda: total([a, b, c]), lambda: a.maximum(b, c),
        lambda: Value(a.data, (a,), (1.0,)),
    ]  # fmt: skip
    values.append(rng.choice(makers)())


def leaf(values: list[Value], rng: Random) -> None:
    values.append(Value(rng.uniform(-2.0, 2.0), rng.choice(["", "x", "ﬁ", "\ud800"])))


def set_numbers(values: list[Value], rng: Random) -> None:
    x = rng.choice(values)
    before = [(node, node.data, node.partials) for node in values if node is not x]
    x.grad, x.label = rng.uniform(-1.0, 1.0), rng.choice(["", "y"])
    if x.op is None:
        x.data = rng.uniform(-2.0, 2.0)
    assert all(node.data == y and node.partials == p for node, y, p in before)


def set_attribute(values: list[Value], rng: Random) -> None:
    x = rng.choice(values)
    x.note = rng.choice([1.0, "text", [rng.choice(values)], rng.choice(values), x])  # type: ignore[attr-defined]


def delete(values: list[Value], rng: Random) -> None:
    if len(values) > 3:
        del values[rng.randrange(len(values))]
    if rng.random() < 0.02:
        gc.collect()


def backward(values: list[Value], rng: Random) -> None:
    root = rng.choice(values)
    nodes = operands_first(root)
    adjoints = dict.fromkeys(nodes, 0.0)
    adjoints[root] = 1.0
    for node in reversed(nodes):
        for operand, partial in zip(node.operands, node.partials, strict=True):
            adjoints[operand] += adjoints[node] * partial if partial and adjoints[node] else 0.0
    before = {node: node.grad if node.op is None else 0.0 for node in nodes}
    root.backward()
    for node in nodes:
        expected = before[node] + adjoints[node]
        near = math.isclose(node.grad, expected, rel_tol=1e-6, abs_tol=1e-6)
        assert near or not math.isfinite(expected) or abs(expected) > 1e6, (node, expected)


def copies(values: list[Value], rng: Random) -> None:
    chosen = rng.choices(values, k=rng.randrange(1, 4))
    protocol = rng.randrange(pickle.HIGHEST_PROTOCOL + 1)
    copier: Callable[[Any], Any] = rng.choice([
        copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x, protocol)),
    ])  # fmt: skip
    twins = copier(chosen)
    ours, theirs = operands_first(*chosen), operands_first(*twins)
    place = {node: i for i, node in enumerate(ours)}
    place |= {node: i for i, node in enumerate(theirs)}
    for node, twin in zip(ours, theirs, strict=True):
        assert [place[x] for x in node.operands] == [place[x] for x in twin.operands]
        fields = [(x.data, x.grad, x.label, x.op, x.partials) for x in (node, twin)]
        assert repr(fields[0]) == repr(fields[1])
        assert vars(node).keys() - {"_asked"} == vars(twin).keys() - {"_asked"}
    if rng.random() < 0.5:
        values += twins


def modes(values: list[Value], rng: Random) -> None:
    a = rng.choice(values)
    with no_grad():
        assert (a * 2.0).operands == ()
    if math.isfinite(a.data * 2.0):
        with detect_anomaly():
            assert len((a * 2.0).operands) == 2


def interrupt(values: list[Value], rng: Random) -> None:
    """Another act, with a KeyboardInterrupt at some line of it."""
    act, left = rng.choice([build, backward, copies, modes, set_numbers]), rng.randrange(200)

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal left
        if event == "line" and frame.f_globals.get("__name__", "").startswith("microbp."):
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    tracer = sys.gettrace()
    sys.settrace(trace)
    try:
        act(values, rng)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(tracer)
    a = values[0]
    assert len((a * 2.0).operands) == 2, "a mode is still on"


KINDS: list[Callable[[list[Value], Random], None]] = [
    *[build] * 6, leaf, set_numbers, set_attribute, delete, backward, backward, copies, modes,
    interrupt,
]  # fmt: skip
