"""Notebook 2: the reverse sweep, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microbp._support.coerce import shown
from microbp.checking import gradcheck
from microbp.core.engine import Value
from microbp.course.answers import called, check_parameters, near, number
from microbp.course.verdicts import NotRight, NotYet

NAMES = ("d", "t", "p", "q")


def by_hand(adjoints: Any) -> str:
    if adjoints is ...:
        raise NotYet("put a number in place of every ...")
    if not isinstance(adjoints, Mapping):
        raise NotRight(f"expected a dict with the adjoints of d, t, p and q, got {shown(adjoints)}")
    for name in NAMES:
        if name not in adjoints:
            raise NotRight(f"the adjoint of {name} is missing in the dict")
    if any(adjoints[name] is ... for name in NAMES):
        raise NotYet("put a number in place of every ...")
    d, t, p, q = (number(adjoints[name], f"the adjoint of {name}") for name in NAMES)
    if (d, t) == (1.0, 5.0):
        raise NotRight(
            "d and t are the wrong way round. If d changes, the product d * t changes t times as "
            "much"
        )
    if (d, t) != (5.0, 1.0):
        raise NotRight("begin with d and t. The adjoint of E is 1; times the partial of each")
    if p in (5.0, 1.0):
        raise NotRight("p is told something by both d and t. It adds them up")
    if p != 6.0:
        raise NotRight(f"{p:g} for p. It is told 5 · 1 and 1 · 1")
    if q == 6.0:
        raise NotRight("d falls when q grows, so the partial of p - q with respect to q is -1")
    if q == 4.0:
        raise NotRight("the sign of q's adjoint. It is told a part by d, times -1, and one by t")
    if q != -4.0:
        raise NotRight(f"{q:g} for q. It is told one part by d, times -1, and one by t")
    return "two tables, and all four adjoints from one reverse sweep"


ONCE = {"E": 1.0, "s": 4.0, "h": 4.0, "b": 4.0, "w": 8.0, "x": 12.0}


def backward(my_backward: Any) -> str:
    w, x, b = Value(3.0, "w"), Value(2.0, "x"), Value(-4.0, "b")
    h = w * x
    s = h + b
    E = s * s
    h.label, s.label, E.label = "h", "s", "E"
    nodes = {node.label: node for node in (E, s, h, b, w, x)}
    if not callable(my_backward):
        raise NotRight(f"expected your function, got {shown(my_backward)}")
    check_parameters(my_backward, ([E, s, h],))
    my_backward([E, s, h])
    if not any(node.grad for node in nodes.values()):
        raise NotYet("no grad has changed")
    if E.grad != 1.0:
        raise NotRight(f"dE/dE is 1, but the root has {E.grad:g}")
    if s.grad == 2.0:
        raise NotRight("s has 2. It is told 2 twice and has to add up: += and not =")
    for name, node in nodes.items():
        if node.grad != ONCE[name]:
            raise NotRight(f"{name} has {node.grad:g} and should have {ONCE[name]:g}")
    my_backward([E, s, h])
    _judge_second_pass(nodes)
    return "one pass, and two passes, give what backward gives"


def _judge_second_pass(nodes: dict[str, Value]) -> None:
    root = nodes["E"].grad
    if root != 1.0:
        raise NotRight(f"in the second pass the root has {root:g}; it has 1 in every pass")
    for name in ("s", "h"):
        grad = nodes[name].grad
        if grad != ONCE[name]:
            raise NotRight(
                f"after the second pass {name} has {grad:g} and should have {ONCE[name]:g}. In "
                "between, every pass starts from 0"
            )
    for name in ("b", "w", "x"):
        grad = nodes[name].grad
        if grad == ONCE[name]:
            raise NotRight(f"after two passes {name} should have twice {grad:g}")
        if grad != 2.0 * ONCE[name]:
            raise NotRight(f"after two passes {name} has {grad:g}")


CASES = [(1.0, 2.0), (2.0, 3.0), (-1.0, 1.5)]


def _slope(w: float, cases: list[tuple[float, float]]) -> float:
    return sum(2.0 * (w * x - d) * x for x, d in cases)


def many_cases(derivative: Any) -> str:
    mine = number(called(derivative, 0.5, list(CASES)), "what you return")
    if number(called(derivative, 0.5, list(CASES))) != mine:
        raise NotRight("a second call gives another number. Make a new leaf, or set its grad to 0")
    true = _slope(0.5, CASES)
    if near(mine, true / len(CASES)):
        raise NotRight("that is the mean over the cases; the error is their sum")
    if near(mine, _slope(0.5, CASES[-1:])):
        raise NotRight("that is the last case alone; let the leaf add up over all of them")
    if near(mine, _slope(0.5, CASES[:1])):
        raise NotRight("that is the first case alone. Does the `return` stand inside the loop?")
    if near(mine, true / 2):
        raise NotRight("half of it: this error has no factor of 1/2")
    if near(mine, sum((0.5 * x - d) ** 2 for x, d in CASES)):
        raise NotRight("that is the error itself; we want to know how fast it changes")

    def summed(w: Value) -> Value:
        error = sum((w.data * x - d) ** 2 for x, d in CASES)
        return Value(error, (w,), (number(called(derivative, w.data, list(CASES))),))

    if not near(mine, true) or gradcheck(summed, -2.0).verdict != "pass":
        raise NotRight(f"{mine:g}, but gradcheck sees the error move {true:g} times as far as w")
    return "gradcheck agrees, and a second call gives the same"


JUDGES = (by_hand, backward, many_cases)
