"""Find the nodes that make up a unit or a layer, to be drawn as one box.

They are found by the labels that `microbp.nn` gives, and by the shape of the graph.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import count
from typing import Literal, NamedTuple, TypeAlias

from microbp.core import ops
from microbp.core.engine import Value
from microbp.drawing.time_steps import time_steps

Fold: TypeAlias = Literal["unit", "layer"]


@dataclass(frozen=True)
class Group:
    """Nodes that a picture shows as one box, as places in the list that was folded.

    `kind` is "unit", "layer", "inputs" (a group of them, or one of them in many cases),
    "operations" (the same one, of each member of another group), or, in the explorer, "step" (all
    of a net in time at one time), "weights" (those of all steps), and of a graph that is no net
    "part" or "leaves". `members` are in order;
    `outputs` are those whose data and gradients stand for the box, `parameters` the weights and
    biases. `count` is how many units, inputs or operations the box stands for.

    A unit of a net in time has a group for each of its steps, `step` from 1 on. The first has the
    parameters; they are the others' `tied` ones.
    """

    name: str
    kind: Literal["unit", "layer", "inputs", "operations", "part", "leaves", "step", "weights"]
    members: tuple[int, ...]
    outputs: tuple[int, ...]
    parameters: tuple[int, ...] = ()
    count: int = 1
    step: int = 0
    tied: tuple[int, ...] = ()


def folded(nodes: Sequence[Value], by: Fold) -> list[Group]:
    """The groups of two or more nodes among these, each node in at most one of them.

    The nodes are in the order of `operands_first`. A unit is a node with a label, such as
    "hidden1", that is the activation of a `dot`, or that itself, whose weights are leaves
    labeled "w[hidden1,...]" and whose bias is one labeled "b[hidden1]", as nn labels them. Seen
    in many cases, with the same weights, it is still one unit; where it depends on itself, as in a
    net in time, each step is a group of its own. A layer is the units whose labels
    differ only by their number and that the same units or inputs feed. The inputs are the leaves
    that feed units, named as the weights name them. An operation on every member of a group, as
    in an error, is a group as well, along with the leaves that nothing else uses. All other nodes
    are in no group: they stand for themselves.

    >>> import random
    >>> from microbp.core.toposort import operands_first
    >>> from microbp.nn import Net
    >>> (y,) = Net(6, rng=random.Random(8)).add("hidden", 2).add("output", 1)([0, 1, 0, 0, 1, 0])
    >>> [(group.name, group.count) for group in folded(operands_first(y), "layer")]
    [('x', 6), ('hidden', 2), ('output', 1)]
    """
    sorting = _Sorting(nodes)
    units = list(_units(nodes, sorting.place))
    if not units:
        return []
    steps: Mapping[int, int] = {}
    if by == "unit":
        uses = {unit.output: (unit.label, unit.parameters) for unit in units}
        names = without_numbers(unit.label for unit in units)
        layers: dict[Hashable, str] = {use: names[use[0]] for use in uses.values()}
        steps = time_steps(nodes, sorting.place, uses, layers)
    _sort_units(sorting, units, by, steps)
    _sort_inputs(sorting, units, by, steps)
    _sort_operations(sorting)
    _sort_leaves_of_operations(sorting)
    return sorting.groups()


class _Unit(NamedTuple):
    """One unit in one case."""

    label: str
    output: int
    total: int
    parameters: tuple[int, ...]
    sources: tuple[str, ...]
    activities: tuple[int, ...]


def _units(nodes: Sequence[Value], place: Mapping[Value, int]) -> Iterator[_Unit]:
    sources: dict[tuple[str, tuple[Value, ...]], tuple[str, ...] | None] = {}
    for i, node in enumerate(nodes):
        if not node.label or node.op is None:
            continue
        total = node
        if node.op is not ops.DOT:
            total = node.operands[0]
            if len(node.operands) != 1 or total.op is not ops.DOT or total.label:
                continue
        operands = total.operands
        size = len(operands) // 2
        parameters, activities = (*operands[:size], operands[-1]), operands[size : 2 * size]
        key = node.label, parameters
        if key not in sources:
            sources[key] = _sources(*key)
        names = sources[key]
        if names is not None:
            ours, fed_by = (tuple(map(place.__getitem__, xs)) for xs in (parameters, activities))
            yield _Unit(node.label, i, place[total], ours, names, fed_by)


def _sources(label: str, parameters: tuple[Value, ...]) -> tuple[str, ...] | None:
    """What feeds the unit, by the labels of its weights; None if they are not its weights."""
    *weights, bias = parameters
    start = f"w[{label},"
    if any(p.op is not None for p in parameters) or bias.label != f"b[{label}]":
        return None
    if not all(w.label.startswith(start) and w.label.endswith("]") for w in weights):
        return None
    return tuple(w.label[len(start) : -1] for w in weights)


@dataclass(eq=False)
class _Draft:
    """A group in the making."""

    name: str
    kind: Literal["unit", "layer", "inputs", "operations"]
    members: list[int] = field(default_factory=list)
    outputs: set[int] = field(default_factory=set)
    parameters: set[int] = field(default_factory=set)
    parts: set[Hashable] = field(default_factory=set)
    summands: frozenset[Hashable] = frozenset()  # of a chain of additions
    step: int = 0
    tied: set[int] = field(default_factory=set)


class _Sorting:
    """The nodes, and the draft of the group that owns each, if any: the first that claims it."""

    def __init__(self, nodes: Sequence[Value]) -> None:
        self.nodes = nodes
        self.place = {node: i for i, node in enumerate(nodes)}
        self.owner: list[_Draft | None] = [None] * len(nodes)
        self.drafts: dict[Hashable, _Draft] = {}

    def claim(self, draft: _Draft, *places: int) -> None:
        for i in places:
            if self.owner[i] is None:
                self.owner[i] = draft
                draft.members.append(i)

    def groups(self) -> list[Group]:
        """All groups of two or more nodes, in the order of their first outputs."""
        found = []
        for draft in self.drafts.values():
            members = tuple(sorted(draft.members))
            outputs = tuple(i for i in members if i in draft.outputs)
            parameters = tuple(i for i in members if i in draft.parameters)
            if len(members) > 1 or draft.tied:
                parts, tied = len(draft.parts), tuple(sorted(draft.tied))
                found.append(
                    Group(
                        draft.name,
                        draft.kind,
                        members,
                        outputs,
                        parameters,
                        parts,
                        draft.step,
                        tied,
                    )
                )
        return sorted(found, key=lambda group: group.outputs[0])


def _sort_units(
    sorting: _Sorting, units: Sequence[_Unit], by: Fold, steps: Mapping[int, int]
) -> None:
    layers = without_numbers(unit.label for unit in units)
    copies: dict[str, dict[tuple[int, ...], int]] = defaultdict(dict)  # nets of the same labels
    for unit in units:
        numbers = copies[unit.label]
        copy = numbers.setdefault(unit.parameters, len(numbers))
        name = unit.label if by == "unit" else layers[unit.label]
        step = steps.get(unit.output, 0)
        key = (by, name, copy, step, () if by == "unit" else unit.sources)
        draft = sorting.drafts.setdefault(key, _Draft(name, by, step=step))
        if sorting.owner[unit.output] is None:
            draft.outputs.add(unit.output)
            draft.parameters.update(p for p in unit.parameters if sorting.owner[p] is None)
            draft.parts.add(unit.label)
            if step > 1:
                draft.tied.update(p for p in unit.parameters if sorting.owner[p] is not None)
        sorting.claim(draft, unit.output, unit.total, *unit.parameters)


def _sort_inputs(
    sorting: _Sorting, units: Sequence[_Unit], by: Fold, steps: Mapping[int, int]
) -> None:
    names = dict.fromkeys(source for unit in units for source in unit.sources)
    groups = without_numbers(names) if by == "layer" else {name: name for name in names}
    for unit in units:
        for source, i in zip(unit.sources, unit.activities, strict=True):
            if sorting.nodes[i].op is None and sorting.owner[i] is None:
                name = groups[source]
                step = steps.get(unit.output, 0)  # of the first unit that it feeds
                key = ("inputs", name, step)
                draft = sorting.drafts.setdefault(key, _Draft(name, "inputs", step=step))
                draft.outputs.add(i)
                draft.parts.add(source)
                sorting.claim(draft, i)


def _sort_operations(sorting: _Sorting) -> None:
    """Group operations that do the same with members of the same groups, in any order.

    The additions of a long sum, each of which adds one more term, are one group too.
    """
    for i, node in enumerate(sorting.nodes):
        if node.op is None or node.label or sorting.owner[i] is not None:
            continue
        below = [_owner_or_self(sorting, operand) for operand in node.operands]
        if not any(
            isinstance(draft, _Draft) and (draft.kind == "operations" or len(draft.outputs) > 1)
            for draft in below
        ):
            continue
        draft = _sum_so_far(below) if node.op is ops.ADD else None
        if draft is None:
            key = ("operations", node.op, frozenset(below))
            draft = sorting.drafts.setdefault(key, _Draft(node.op.symbol, "operations"))
            draft.summands = frozenset(below) if node.op is ops.ADD else frozenset()
        draft.parts.add(i)
        sorting.claim(draft, i)


def _owner_or_self(sorting: _Sorting, operand: Value) -> Hashable:
    owner = sorting.owner[sorting.place[operand]]
    return owner or ("leaf" if operand.op is None else operand)


def _sum_so_far(below: Sequence[Hashable]) -> _Draft | None:
    """The chain of additions to which one of these two adds the other."""
    for chain, other in (below, below[::-1]):
        if isinstance(chain, _Draft) and other in chain.summands:
            return chain
    return None


def _sort_leaves_of_operations(sorting: _Sorting) -> None:
    """Move leaves that only one group of operations uses into it, such as targets and factors.

    Then its outputs are known: the members that others use.
    """
    for draft in sorting.drafts.values():
        if draft.kind == "operations" and len(draft.members) == 1:
            sorting.owner[draft.members.pop()] = None
    users: dict[int, _Draft | None] = {}  # None for several, or one that is in no group
    for i, node in enumerate(sorting.nodes):
        owner = sorting.owner[i]
        for j in map(sorting.place.__getitem__, node.operands):
            if users.setdefault(j, owner) is not owner:
                users[j] = None
    for i, node in enumerate(sorting.nodes):
        owner, user = sorting.owner[i], users.get(i)
        if owner is None and node.op is None and user is not None and user.kind == "operations":
            sorting.claim(user, i)
        elif owner is not None and owner.kind == "operations" and user is not owner:
            owner.outputs.add(i)


_NUMBER = re.compile("[0-9]+$")


def without_numbers(labels: Iterable[str]) -> dict[str, str]:
    """The name that each label continues with a number: "hidden" for "hidden12".

    Is "h12" the second of h1, or the twelfth of h? The twelfth if there are h1 to h11 too.
    """
    known = set(labels)
    lasts: dict[str, int] = {}
    return {label: _without_number(label, known, lasts) for label in known}


def _without_number(label: str, known: Set[str], lasts: dict[str, int]) -> str:
    digits = _NUMBER.search(label)
    if digits is None:
        return label
    for end in range(max(digits.start(), 1), len(label)):
        name = label[:end]
        if name not in lasts:
            lasts[name] = next(n for n in count() if f"{name}{n + 1}" not in known)
        if label[end] != "0" and len(label) - end < 10 and int(label[end:]) <= lasts[name]:
            return name
    return label[: digits.start()] or label
