"""Names for the operations of a graph that have none: v1, v2, ..."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from microbp.core.engine import Value


def name_operations(operations: Iterable[Value], nodes: Iterable[Value]) -> None:
    """Label each operation that has no label v1, v2, ..., in the order they were computed."""
    taken = {node.label for node in nodes}
    free = (name for name in map("v{}".format, count(1)) if name not in taken)
    for node in operations:
        node.label = node.label or next(free)
