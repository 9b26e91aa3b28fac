"""Notebook 1: a value and its graph."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from microbp.checking import gradcheck
from microbp.core.engine import Value
from microbp.course.answers import called, items, near, number, refuse
from microbp.course.verdicts import NotRight


def by_hand(answer: Any) -> str:
    found = number(answer)
    refuse(
        found,
        {
            6: "you have both arrows into x * x, but x is also an operand of the sum",
            4: "x * x has two arrows from x, each with a partial of 3",
            12: "12 is y itself; we want to know how fast it changes",
            9: "9 is x * x itself; we want to know how fast y changes",
            3: "3 is one of the two arrows from x into the product. There are two more paths",
            1: "1 is the arrow from x into the sum. What about the two into the product?",
            5: "2 + 3? The two arrows into the product have a partial of 3 each",
            27: "you multiplied the paths. Multiply along a path, and add over paths",
        },
    )
    if not near(found, 7.0):
        raise NotRight(f"{found:g}. There are three paths from x to y; add up their partials")
    return "3 + 3 from the two arrows into the product, and 1 from the sum"


_CUBE_MISTAKES: list[tuple[Callable[[float], float], str]] = [
    (lambda x: x**2, "x**2 lacks the factor 3, which is how often x is a factor"),
    (lambda x: 2 * x**2, "the factor is 3, which is how often x is a factor"),
    (lambda x: 3 * x, "3 * x is a straight line, but x**3 gets ever steeper"),
    (lambda x: x**3, "x**3 is the value itself, and not how fast it changes"),
    (lambda x: 3 * x**3, "the power goes down by 1: it was 3"),
    (lambda x: 6 * x, "6 * x is the slope of the slope"),
    (lambda x: 3 + x**2, "the 3 is a factor, and no summand"),
    (lambda x: (3 * x) ** 2, "only x is squared, and not the 3"),
    (lambda x: x**4 / 4, "x**4 / 4 is what x**3 is the slope of: that is the other way round"),
    (lambda x: 3.0, "3 is the power. How steep x**3 is depends on x"),
    (lambda x: 75.0, "75 is right at x = 5 alone. Write a formula with x"),
]


def cube(partial: Any) -> str:
    mine = {x: number(called(partial, x), "what you return") for x in (5.0, -1.5, 2.0, 0.5)}
    for mistake, words in _CUBE_MISTAKES:
        if all(near(slope, mistake(x)) for x, slope in mine.items()):
            raise NotRight(words)

    def own_cube(leaf: Value) -> Value:
        return Value(leaf.data**3, (leaf,), (number(partial(leaf.data)),))

    points = (-1.5, 0.5, 2.0)
    for x in points:
        if not near(mine[x], 3 * x * x) or gradcheck(own_cube, x).verdict != "pass":
            raise NotRight(
                f"at x = {x} your partial is {mine[x]:g}, but x**3 moves {3 * x * x:.4g} times "
                "as far as x"
            )
    return "gradcheck finds the same slope at " + ", ".join(map(str, points))


def _name(node: Value) -> str:
    return node.label or f"{node.data:g}"


def small_graphs() -> list[tuple[Value, int]]:
    """Roots, and how many nodes each is made of."""
    x = Value(1.0, "x")
    h = 2 * x
    u, v = h + 1, 3 * h
    y = u * v
    h.label, u.label, v.label, y.label = "h", "u", "v", "y"
    a, b = Value(2.0, "a"), Value(3.0, "b")
    product = a * b
    square = product * product
    total = square + a
    product.label, square.label, total.label = "a * b", "square", "total"
    return [(y, 8), (total, 5), (a, 1)]


def order(in_order: Any) -> str:
    for root, count in small_graphs():
        nodes = listed_by(in_order, root)
        judge_order(root, nodes)
        if len(nodes) != count:
            raise NotRight(f"{len(nodes)} nodes, where {_name(root)} has {count}")
    return "every node once, and none before all that use it"


def listed_by(in_order: Any, root: Value) -> list[Value]:
    """The nodes that the learner's function lists."""
    found = called(in_order, root, gives="a list")
    nodes = items(found, "a list of Values")
    if not isinstance(found, (list, tuple)) or not all(isinstance(n, Value) for n in nodes):
        raise NotRight("return a list of Values")
    return nodes


def judge_order(root: Value, nodes: list[Value]) -> None:
    """NotRight where a node comes before one that uses it, or more than once, or not at all."""
    place = {node: at for at, node in enumerate(nodes)}
    if root not in place:
        raise NotRight(f"the root {_name(root)} itself is missing")
    for at, node in enumerate(nodes):
        if place[node] != at:
            raise NotRight(f"{_name(node)} is in the list more than once")
    uses = [(node, operand) for node in nodes for operand in node.operands]
    for node, operand in uses:
        if operand not in place:
            leaves = ". Leaves belong in the list, too" if not operand.operands else ""
            raise NotRight(f"{_name(operand)}, an operand of {_name(node)}, is missing{leaves}")
    if uses and all(place[operand] < place[node] for node, operand in uses):
        raise NotRight(
            "this is the order of the forward pass, operands first. Reverse the list at the end"
        )
    for node, operand in uses:
        if place[operand] < place[node]:
            raise NotRight(
                f"{_name(operand)} comes before {_name(node)}, which uses it, and so would "
                "speak before it has heard everyone"
            )


JUDGES = (by_hand, cube, order)
