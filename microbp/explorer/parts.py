"""Fold a graph that is no net: operations that were computed one after the other are a part."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from microbp.core.engine import Value, reverse_order
from microbp.drawing.grouping import Group

MOST = 6
"""Parts that a telephone shows at a readable size."""


def parts(nodes: Sequence[Value], most: int = MOST, within: int = 1) -> list[Group]:
    """At most `most` parts, one after the other, each cut into so many if `within` is not 1.

    A part has about as many operations as another, and ends where few results are still needed,
    as at the end of a unit or a layer. It has the leaves that nothing else needs, too. Other leaves
    are grouped by their labels: "w" has w1 to w99. Smaller parts never have a node of two larger
    ones. The nodes are in the order of `operands_first`.
    """
    order = [*reversed(reverse_order(nodes[-1]))]
    live = _live(order)
    cuts = _cuts(0, len(order), most, live)
    pieces: list[tuple[int, ...]] = [(k,) for k in range(len(cuts))]
    if within > 1:
        finer = [_cuts(*cut, within, live) for cut in cuts]
        pieces = [(k, j) for k, found in enumerate(finer) for j in range(len(found))]
        cuts = [cut for found in finer for cut in found]
    part_of = {
        node: piece
        for piece, (start, end) in zip(pieces, cuts, strict=True)
        for node in order[start:end]
    }
    users: dict[Value, set[tuple[int, ...]]] = defaultdict(set)
    for node in order:
        for operand in node.operands:
            users[operand].add(part_of[node])
    members: dict[tuple[int, ...], list[int]] = {piece: [] for piece in pieces}
    shared = []
    for i, node in enumerate(nodes):
        if node.op is not None:
            members[part_of[node]].append(i)
        elif len(users[node]) == 1:
            members[min(users[node])].append(i)
        elif len({piece[0] for piece in users[node]}) > 1:
            shared.append(i)
    found = [
        _part(piece, nodes, places, users) for piece, places in members.items() if len(places) > 1
    ]
    return sorted([*_leaves(nodes, shared), *found], key=lambda group: group.outputs[0])


def _live(order: Sequence[Value]) -> list[int]:
    """How many results are still needed after each operation."""
    last = {operand: t for t, node in enumerate(order) for operand in node.operands}
    changes = [1] * len(order)
    for node in order:
        if node in last:
            changes[last[node]] -= 1
    return [*accumulate(changes)]


def _cuts(start: int, end: int, most: int, live: Sequence[int]) -> list[tuple[int, int]]:
    """The operations from start to end in at most so many pieces, each as its start and end."""
    length = (end - start) / most
    edges = [start]
    for k in range(1, most):
        middle, reach = start + k * length, max(length / 4, 0.5)
        near = range(max(int(middle - reach) + 1, edges[-1] + 1), min(int(middle + reach) + 1, end))
        if near:
            edges.append(min(near, key=lambda t: (live[t - 1], abs(t - middle))))
    return [*zip(edges, [*edges[1:], end], strict=True)]


def _part(
    piece: tuple[int, ...],
    nodes: Sequence[Value],
    members: Sequence[int],
    users: Mapping[Value, set[tuple[int, ...]]],
) -> Group:
    operations = [i for i in members if nodes[i].op is not None]
    labels = [nodes[i].label for i in operations if nodes[i].label]
    named = f": {' … '.join(dict.fromkeys([labels[0], labels[-1]]))}" if labels else ""
    name = f"part {'.'.join(str(k + 1) for k in piece)}{named}"
    leaves = tuple(i for i in members if nodes[i].op is None)
    ends = tuple(i for i in operations if nodes[i] is nodes[-1] or users[nodes[i]] - {piece})
    return Group(name, "part", tuple(members), ends, leaves, len(operations))


def _leaves(nodes: Sequence[Value], shared: Iterable[int]) -> list[Group]:
    """Leaves that several parts use, by the beginnings of their labels."""
    stems: dict[str, list[int]] = defaultdict(list)
    for i in shared:
        stems[re.split(r"[\d\[(._-]", nodes[i].label, maxsplit=1)[0] or "unnamed"].append(i)
    return [
        Group(stem, "leaves", tuple(places), tuple(places), count=len(places))
        for stem, places in stems.items()
        if len(places) > 1
    ]
