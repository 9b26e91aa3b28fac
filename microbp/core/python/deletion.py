"""Deletion of deep graphs without recursion, for Pyodide.

Python defers the deletion of what is nested too deeply, but in a browser it misjudges how deep
the stack is: 5,000 nodes in a row end the kernel. So there each node, as it goes, hands its
operands to a list, and the first node to go empties it. A chain through attributes that a program
sets is not taken apart: to look for them would make a node twice as slow to drop, and a leaf seven
times. Elsewhere all this would only cost time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from microbp.core.python.node import Node

_pending: list[Any] = []
_emptying = False


def hand_over_operands(node: Node) -> None:
    """`Node.__del__`: leave the operands to a loop. The node is a leaf from then on."""
    global _emptying
    if node._operation is None:
        return
    _pending.append(node._b)
    _pending.append(node._a)
    node._operation = node._a = node._b = None
    node._born = 0
    if _emptying:
        return
    _emptying = True
    try:
        while _pending:
            _pending.pop()  # deletes the operand, if nobody else holds it: it calls us again
    finally:
        _emptying = False
