"""Nodes in the words of an error message."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from microbp._support.coerce import shortened

if TYPE_CHECKING:
    from microbp.core.python.node import Node


def described(operands: Iterable[Node]) -> str:
    """Operands by label and data: `w3 = -0.25, 2.0`."""
    return ", ".join(
        f"{shortened(x.label)} = {x.data!r}" if x.label else repr(x.data) for x in operands
    )


def computation(node: Node) -> str:
    """What a node computed from what: `sin(x = 2.0) = 0.9092974268256817`."""
    name = "" if node.op is None else node.op.name
    return f"{name}({described(node.operands)}) = {node.data!r}"
