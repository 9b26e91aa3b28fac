"""Find the steps of a net in time: a use of a unit that depends on an earlier one is a new step."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from microbp.core.engine import Value


def time_steps(
    nodes: Sequence[Value],
    place: Mapping[Value, int],
    units: Mapping[int, Hashable],
    layers: Mapping[Hashable, str],
) -> dict[int, int]:
    """The step of each unit's output, from 1 on; empty where no unit depends on itself.

    `units` says which unit each output is of, by its place among the nodes, and `layers` in which
    layer that unit is. Units of a layer that feed one another in a circle are in step. The cases
    of a batch use a unit many times as well, but don't depend on one another.
    """
    circles = _circles(nodes, place, units)
    circled = {unit: (layers[unit], circles[unit]) for unit in circles}
    bits = {key: 1 << k for k, key in enumerate(dict.fromkeys(circled.values()))}
    steps: list[int] = []
    seen: list[int] = []  # the circles used in the node's own step, up to it, as bits
    for i, node in enumerate(nodes):
        step, used = 1, 0
        for j in map(place.__getitem__, node.operands):
            if steps[j] > step:
                step, used = steps[j], seen[j]
            elif steps[j] == step:
                used |= seen[j]
        if i in units:
            bit = bits.get(circled.get(units[i], ("", 0)), 0)
            step, used = (step + 1, bit) if used & bit else (step, used | bit)
        steps.append(step)
        seen.append(used)
    found = {i: steps[i] for i in units}
    return found if max(found.values(), default=1) > 1 else {}


def _circles(
    nodes: Sequence[Value], place: Mapping[Value, int], units: Mapping[int, Hashable]
) -> dict[Hashable, int]:
    """For each unit that depends on itself, the units on which it depends and that depend on it."""
    numbers = {unit: k for k, unit in enumerate(dict.fromkeys(units.values()))}
    below: list[int] = []  # the units used up to each node, as bits
    fed_by = dict.fromkeys(numbers, 0)
    for i, node in enumerate(nodes):
        used = 0
        for j in map(place.__getitem__, node.operands):
            used |= below[j]
        if i in units:
            fed_by[units[i]] |= used
            used |= 1 << numbers[units[i]]
        below.append(used)
    recurrent = [unit for unit, k in numbers.items() if fed_by[unit] >> k & 1]
    return {
        unit: sum(
            1 << numbers[other]
            for other in recurrent
            if fed_by[unit] >> numbers[other] & 1 and fed_by[other] >> numbers[unit] & 1
        )
        for unit in recurrent
    }
