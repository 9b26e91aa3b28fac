"""Notebook 2b: your own Value."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from microbp._support.coerce import shown
from microbp.core.engine import Value
from microbp.core.functions import sigmoid
from microbp.course.answers import called, near, number
from microbp.course.judges.notebook_01 import judge_order, listed_by, small_graphs
from microbp.course.verdicts import NotRight, NotYet

FORMULAS: list[tuple[str, Callable[[Any, Any], Any], float, str]] = [
    ("x + y", lambda x, y: x + y, 5.0, "For it Python calls x.__add__(y)"),
    ("x * y", lambda x, y: x * y, 6.0, "For it Python calls x.__mul__(y)"),
    ("x + 1", lambda x, _: x + 1, 4.0, "Put a plain number into a box of its own first"),
    ("x * 4", lambda x, _: x * 4, 12.0, "Put a plain number into a box of its own first"),
    ("1 + x", lambda x, _: 1 + x, 4.0, "For it Python calls x.__radd__(1)"),
    ("4 * x", lambda x, _: 4 * x, 12.0, "For it Python calls x.__rmul__(4)"),
]
"""At x = 3 and y = 2: how it is written, its value, and what to do where it raises."""

GRAPHS = 100


def own_class(Mine: Any) -> str:
    if Mine is ...:
        raise NotYet("write the class")
    is_class = isinstance(Mine, type)
    if not is_class:
        raise NotRight(f"expected your class, got {shown(Mine)}. Hand it over by its name")
    if Mine is Value:
        raise NotRight("this is microbp's own Value. Write one yourself")
    if {"__init__", "__new__"}.isdisjoint(vars(Mine)):
        raise NotYet("write the class in place of the ...")
    for text, formula, expected, hint in FORMULAS:
        try:
            found = formula(Mine(3.0), Mine(2.0))
        except TypeError as error:
            words = f"at x = 3 and y = 2, {text} raises TypeError: {error}. {hint}"
            raise NotRight(words) from None
        if not isinstance(found, Mine):
            raise NotRight(f"{text} gives {shown(found)}, and should give a {Mine.__name__}")
        data = number(found.data, f"the data of {text}")
        if not near(data, expected):
            raise NotRight(f"at x = 3 and y = 2, {text} is {expected:g}, and yours is {data:g}")
    _judge_sweeps(Mine)
    _judge_order_of_sweep(Mine)
    for seed in range(GRAPHS):
        _judge_random_graph(Mine, seed)
    return f"your class and microbp's agree on {GRAPHS} random graphs"


def _judge_sweeps(Mine: Any) -> None:
    """The graph of notebook 2, gone through once and twice."""
    w, x, b = Mine(3.0), Mine(2.0), Mine(-4.0)
    h = w * x
    s = h + b
    E = s * s
    E.backward()
    grads = {
        name: number(node.grad, f"the grad of {name}")
        for name, node in {"E": E, "s": s, "w": w, "x": x, "b": b}.items()
    }
    if not any(grads.values()):
        raise NotRight("backward has changed no grad")
    if grads["E"] != 1.0:
        raise NotRight(f"dE/dE is 1, but the root has {grads['E']:g}")
    if grads["s"] == 2.0:
        raise NotRight("for E = s * s, s has 2. It is told 2 twice and has to add up: += and not =")
    for name, expected in {"s": 4.0, "b": 4.0, "w": 8.0, "x": 12.0}.items():
        if grads[name] != expected:
            raise NotRight(
                f"for E = s * s, s = w * x + b at w = 3, x = 2, b = -4, {name} has "
                f"{grads[name]:g} and should have {expected:g}"
            )
    E.backward()
    twice = number(w.grad, "the grad of w")
    if twice == grads["w"]:
        raise NotRight("after two sweeps a leaf should have twice as much: sweeps add up there")
    if twice != 2.0 * grads["w"]:
        raise NotRight(
            f"after two sweeps w should have 16, and has {twice:g}. In between, every sweep "
            "starts from 0, and the root has 1 in every sweep"
        )


def _judge_order_of_sweep(Mine: Any) -> None:
    """The graph of notebook 1, where the order matters."""
    x = Mine(1.0)
    h = 2 * x
    ((h + 1) * (3 * h)).backward()
    slope = number(x.grad, "the grad of x")
    if not near(slope, 30.0):
        raise NotRight(
            f"the graph of notebook 1 gives {slope:g} for dy/dx, and should give 30. Each node "
            "has its turn once, after all the nodes that use it"
        )


def _judge_random_graph(Mine: Any, seed: int) -> None:
    def graph(kind: Any) -> tuple[list[Any], Any]:
        rng = random.Random(seed)
        leaves = [kind(rng.uniform(-1.0, 1.0)) for _ in range(3)]
        nodes = list(leaves)
        for _ in range(15):
            a, b = rng.choice(nodes), rng.choice(nodes)
            nodes.append(rng.choice([a.__add__, a.__mul__])(b))
        return leaves, nodes[-1]

    (mine, my_root), (leaves, root) = graph(Mine), graph(Value)
    my_root.backward()
    root.backward()
    for my_leaf, leaf in zip(mine, leaves, strict=True):
        slope = number(my_leaf.grad, "the grad of a leaf")
        if not near(slope, leaf.grad):
            raise NotRight(
                f"in a random graph of sums and products a leaf has {slope:g}, and microbp's "
                f"{leaf.grad:g}"
            )


def operation(Own: Any, function: Any) -> str:
    for at in (0.5, -2.0, 3.0):
        x = Own(at)
        y = called(function, x, gives="a Value")
        if not isinstance(y, Own):
            raise NotRight(f"{shown(y)} is no Value of this notebook. Give a node: Value(...)")
        expected = sigmoid(at)
        data = number(y.data, "its data")
        if not near(data, expected):
            raise NotRight(f"at {at} the sigmoid is {expected:.4g}, and yours is {data:.4g}")
        (3 * y).backward()
        slope, true = number(x.grad, "the grad of x"), 3.0 * expected * (1.0 - expected)
        if slope == 0.0:
            raise NotRight("no derivative reaches x. Is x among the operands, with its partial?")
        if near(slope, 3.0 * at * (1.0 - at)):
            raise NotRight("y · (1 - y) is written with the output y. You have put x for y")
        if near(slope, 3.0 * expected):
            raise NotRight("you have y for the derivative, and the factor 1 - y is missing")
        if not near(slope, true):
            raise NotRight(
                f"at {at}, three times the sigmoid moves {true:.4g} times as far as x, and by "
                f"your partial {slope:.4g} times"
            )
    return "value and derivative are those of microbp.sigmoid"


DEEP = 5_000


def deep_order(order_of: Any) -> str:
    for root, _ in small_graphs():
        judge_order(root, listed_by(order_of, root))
    root = Value(1.0, "x")
    for _ in range(DEEP):
        root = -root
    try:
        nodes = listed_by(order_of, root)
    except RecursionError:
        raise NotRight(
            "5,000 nodes in a row are too many for a function that calls itself. Keep the nodes "
            "that are still to be looked at in a list of your own"
        ) from None
    judge_order(root, nodes)
    return "5,000 nodes in a row, and none before all that use it"


JUDGES = (own_class, operation, deep_order)
