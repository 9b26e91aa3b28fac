"""Fold a net in time by its steps: all that is computed at one time in one box."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from microbp.core.engine import Value
from microbp.drawing.grouping import Group


def step_groups(nodes: Sequence[Value], units: Sequence[Group]) -> list[Group]:
    """Groups of the units at a time, with the inputs of that time; other groups stay as they are.

    The weights, which all steps share, are one more. None where there are no steps.
    """
    at: dict[int, list[Group]] = defaultdict(list)
    for group in units:
        if group.step:
            at[group.step].append(group)
    inputs = _inputs(nodes, units)
    shared = tuple(sorted({i for groups in at.values() for group in groups for i in group.tied}))
    steps = [_step(number, groups, inputs[number], shared) for number, groups in at.items()]
    weights = [Group("weights", "weights", shared, shared, count=len(shared))] if shared else []
    rest = [group for group in units if not group.step]
    return sorted([*weights, *steps, *rest], key=lambda group: group.outputs[0]) if steps else []


def _inputs(nodes: Sequence[Value], units: Sequence[Group]) -> dict[int, list[int]]:
    """The leaves that are in no group, and that one step alone needs."""
    step_of = {i: group.step for group in units for i in group.members}
    users: dict[Value, set[int]] = defaultdict(set)
    for i, node in enumerate(nodes):
        for operand in node.operands:
            users[operand].add(step_of.get(i, 0))
    found: dict[int, list[int]] = defaultdict(list)
    for i, node in enumerate(nodes):
        if node.op is None and i not in step_of and len(users[node]) == 1:
            found[min(users[node])].append(i)
    return found


def _step(
    number: int, groups: Sequence[Group], inputs: Sequence[int], shared: Sequence[int]
) -> Group:
    units = [group for group in groups if group.kind == "unit"] or groups
    members = {*inputs, *(i for group in groups for i in group.members)} - {*shared}
    outputs = sorted(i for group in units for i in group.outputs)
    return Group(
        f"step {number}", "step", tuple(sorted(members)), tuple(outputs), (), len(units), number
    )
