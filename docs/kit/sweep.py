"""The tables of a reverse sweep: forward, a row for each operation; backward, for each arrow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from kit.blanks import Copy, factor, number, table, words
from microbp import Value

SIGNS = {"add": ("+", "+"), "sub": ("-", "−"), "mul": ("*", "·")}
"""How each operation is written, in a program and on paper."""


class Part(NamedTuple):
    """What a node passes on to one operand, and what that operand has before and after."""

    node: Value
    adjoint: float
    partial: float
    operand: Value
    before: float
    now: float


def parts(order: Sequence[Value]) -> list[Part]:
    """All that is passed on to operands that have a name.

    order: the nodes that pass on, the root first. Raises ValueError if the engine finds otherwise.
    """
    adjoint = {order[0]: 1.0}
    found = []
    for node in order:
        for operand, partial in zip(node.operands, node.partials, strict=True):
            before = adjoint.get(operand, 0.0)
            now = adjoint[operand] = before + adjoint[node] * partial
            if operand.label:
                found.append(Part(node, adjoint[node], partial, operand, before, now))
    order[0].backward()
    for node, by_hand in adjoint.items():
        if node.grad != by_hand:
            raise ValueError(f"{node.label}: {by_hand} by hand, {node.grad} by backward")
    return found


def forward(copy: Copy, order: Sequence[Value], *, named: bool = True) -> str:
    """The table of the forward pass; the names of the nodes are given, or to be found."""
    rows = []
    for node in reversed(order):
        a, b = node.operands
        typed, written = SIGNS[node.op.name] if node.op else ("", "")
        names = [operand.label or number(operand.data) for operand in (a, b)]
        calculation = f"{number(a.data)} {written} {factor(b.data)}"
        code = f"`{names[0]} {typed} {names[1]}`"
        rows.append(
            [
                _name(copy, node.label, named),
                words(code) if named else copy.blank(code, 1.6),
                f"{copy.blank(calculation, 1.6)} = {copy.blank(number(node.data), 0.8)}",
                _partials(copy, node, named),
            ]
        )
    return table(["node", "computed as", "data", "partials"], rows)


def _partials(copy: Copy, node: Value, named: bool) -> str:
    which = ["the first ", "the second "] if len(set(node.operands)) == 1 else ["", ""]
    return ", &ensp;".join(
        f"for {place}{_name(copy, operand.label, named)}: {copy.blank(number(partial), 0.7)}"
        for place, operand, partial in zip(which, node.operands, node.partials, strict=True)
        if operand.label
    )


def backward(copy: Copy, order: Sequence[Value], *, named: bool = True) -> str:
    """The table of the backward pass."""
    rows = []
    for node, group in groupby(parts(order), key=attrgetter("node")):
        for place, part in enumerate(group):
            to = _name(copy, part.operand.label, named)
            product = f"{number(part.adjoint)} · {factor(part.partial)}"
            share = part.adjoint * part.partial
            total = number(part.now)
            if part.before:
                total = f"{number(part.before)} + {factor(share)} = {total}"
            rows.append(
                [
                    "" if place else _name(copy, node.label, named),
                    "" if place else copy.blank(number(part.adjoint), 0.8),
                    f"{copy.blank(product, 1.6)} = {copy.blank(number(share), 0.8)} to {to}",
                    f"{to} has {copy.blank(total, 2.4)}",
                ]
            )
    return table(["whose turn", "its adjoint", "passes on", "now"], rows)


def _name(copy: Copy, name: str, given: bool) -> str:
    return f"<code>{name}</code>" if given else copy.blank(f"`{name}`", 0.6)
