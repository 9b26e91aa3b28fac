"""Find the steps of a net in time: a use of a unit that depends on an earlier one is a new step."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from microbp.core.engine import Value


def time_steps(
    nodes: Sequence[Value], place: Mapping[Value, int], units: Mapping[int, Hashable]
) -> dict[int, int]:
    """The step of each unit's output, from 1 on; empty where no unit depends on itself.

    `units` says which unit each output is of, by its place among the nodes. The cases of a batch
    use a unit many times as well, but don't depend on one another: they are all in step 1.
    """
    bits = {unit: 1 << k for k, unit in enumerate(dict.fromkeys(units.values()))}
    steps: list[int] = []
    seen: list[int] = []  # the units used in the node's own step, up to it, as bits
    for i, node in enumerate(nodes):
        step, used = 1, 0
        for j in map(place.__getitem__, node.operands):
            if steps[j] > step:
                step, used = steps[j], seen[j]
            elif steps[j] == step:
                used |= seen[j]
        if i in units:
            bit = bits[units[i]]
            step, used = (step + 1, bit) if used & bit else (step, used | bit)
        steps.append(step)
        seen.append(used)
    found = {i: steps[i] for i in units}
    return found if max(found.values(), default=1) > 1 else {}
