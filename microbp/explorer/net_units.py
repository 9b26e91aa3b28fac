"""Find the units and connections of a net in its recording, and stand them in columns.

A unit is a sum of parameters times other nodes, and the function of it, if there is one. So nets
of any classes are found, tied weights and nets in time among them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from microbp.explorer.unit_names import unit_names
from microbp.nn import ACTIVATIONS
from microbp.replay.recording import Recording

_OF_A_UNIT = {op.name for op in ACTIVATIONS.values() if op is not None}
_SUMS = ("add", "total", "dot")


@dataclass
class _Sum:
    """A sum of parameters times other nodes, as pairs of node numbers, and of biases."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    biases: list[int] = field(default_factory=list)


@dataclass
class _Unit:
    node: int
    total: int
    sum: _Sum
    column: int = 0
    label: str = ""


def net_units(recording: Recording, inputs: int) -> dict[str, Any]:
    """Columns of units, units and connections, as plain data for the page.

    The recording's outputs are the error and the net's outputs; its first `inputs` inputs are
    those of the net.
    """
    operations = {node: (op.name, list(of)) for node, op, of in recording.operations()}
    first = recording.inputs
    parameters = range(first, first + len(recording.parameters))
    sums = _sums(operations, parameters)
    activities = _activities(operations, sums, set(recording.outputs))
    units = [_Unit(i, -1, _Sum()) for i in range(inputs)]
    units += [_Unit(activities[total], total, found) for total, found in sums.items()]
    place = {unit.node: i for i, unit in enumerate(units)}
    place |= {unit.total: i for i, unit in enumerate(units) if unit.total >= 0}
    connections = []
    for to, unit in enumerate(units[inputs:], inputs):
        sources = []
        for parameter, source in unit.sum.pairs:
            source = _known(source, operations, place, recording)
            if source in place and place[source] != to:
                sources.append(place[source])
                parts = {"from": place[source], "to": to, "parameter": parameter - first}
                connections.append(parts)
        unit.column = 1 + max((units[source].column for source in sources), default=0)
    _softmax_outputs(recording, operations, units, place)
    _label(units, recording, connections, inputs)
    return {
        "columns": _columns(units, connections),
        "units": [
            {
                "label": unit.label,
                "node": unit.node,
                "total": unit.total,
                "bias": unit.sum.biases[0] - first if unit.sum.biases else -1,
            }
            for unit in units
        ],
        "connections": connections,
    }


Operations = Mapping[int, tuple[str, list[int]]]


def _sums(operations: Operations, parameters: range) -> dict[int, _Sum]:
    """The sums that are no part of a larger one, by their nodes, operands before results."""
    found: dict[int, _Sum] = {}
    parts: set[int] = set()
    for node, (name, operands) in operations.items():
        sum_ = _Sum()
        within = []
        if name == "dot":
            terms = len(operands) // 2
            pairs: Iterable[tuple[int, int]] = zip(
                operands[:terms], operands[terms : 2 * terms], strict=True
            )
            rest = operands[2 * terms :]
        elif name == "mul":
            pairs, rest = [(operands[0], operands[1])], []
        elif name in _SUMS:
            pairs, rest = [], operands
        else:
            continue
        for a, b in pairs:
            if (a in parameters) != (b in parameters):
                sum_.pairs.append((a, b) if a in parameters else (b, a))
        for operand in rest:
            if operand in found:
                sum_.pairs += found[operand].pairs
                sum_.biases += found[operand].biases
                within.append(operand)
            elif operand in parameters:
                sum_.biases.append(operand)
        if sum_.pairs:
            found[node] = sum_
            parts.update(within)
    return {node: sum_ for node, sum_ in found.items() if node not in parts}


def _activities(
    operations: Operations, sums: Mapping[int, _Sum], outputs: set[int]
) -> dict[int, int]:
    """The node of each sum's activity: the function of it, or itself."""
    found = {total: total for total in sums}
    for node, (name, operands) in operations.items():
        total = operands[0] if operands else -1
        if name in _OF_A_UNIT and found.get(total) == total and total not in outputs:
            found[total] = node
    return found


def _known(
    node: int, operations: Operations, place: Mapping[int, int], recording: Recording
) -> int:
    """The unit from which this node comes, through functions of one node that varies."""
    leaves = range(recording.inputs, recording.leaves)
    while node not in place and node in operations:
        varying = [operand for operand in operations[node][1] if operand not in leaves]
        if len(set(varying)) != 1:
            break
        node = varying[0]
    return node


def _softmax_outputs(
    recording: Recording,
    operations: Operations,
    units: Sequence[_Unit],
    place: Mapping[int, int],
) -> None:
    """A unit of a softmax layer has its probability as its activity: exp(total - log sum)."""
    for output in recording.outputs[1:]:
        name, operands = operations.get(output, ("", []))
        if name == "exp" and operations.get(operands[0], ("",))[0] == "sub":
            total = operations[operands[0]][1][0]
            if total in place:
                units[place[total]].node = output


def _label(
    units: Sequence[_Unit],
    recording: Recording,
    connections: Sequence[Mapping[str, int]],
    inputs: int,
) -> None:
    """The nodes' labels; an input may have its name from a weight, as in w[hidden1,x1]."""
    names = unit_names(recording.labels.values())
    labels = {node: names.get(label, label) for node, label in recording.labels.items()}
    for unit in units:
        unit.label = labels.get(unit.node, "") or labels.get(unit.total, "")
    for connection in connections:
        unit = units[connection["from"]]
        weight = labels.get(recording.inputs + connection["parameter"], "")
        named = re.fullmatch(r"w\[.*,([^,\]]+)\]", weight)
        if connection["from"] < inputs and named and not unit.label:
            unit.label = named[1]
    outputs = recording.outputs[1:]
    for i, unit in enumerate(units):
        if not unit.label and unit.node in outputs:
            unit.label = f"output{outputs.index(unit.node) + 1 if len(outputs) > 1 else ''}"
        elif not unit.label:
            unit.label = f"x{i + 1}" if i < inputs else f"unit {i - inputs + 1}"
    times = Counter((unit.column, unit.label) for unit in units)
    seen: Counter[tuple[int, str]] = Counter()
    for unit in units:
        key = unit.column, unit.label
        if times[key] > 1:
            seen[key] += 1
            unit.label = f"{unit.label} {seen[key]}"


def _columns(
    units: Sequence[_Unit], connections: Sequence[Mapping[str, int]]
) -> list[dict[str, Any]]:
    """The units by how far they are from the inputs; columns of the same weights are steps."""
    count = 1 + max(unit.column for unit in units)
    members: list[list[int]] = [[] for _ in range(count)]
    for i, unit in enumerate(units):
        members[unit.column].append(i)
    weights: list[set[int]] = [set() for _ in range(count)]
    for connection in connections:
        weights[units[connection["to"]].column].add(connection["parameter"])
    step = 0
    columns = []
    for c, column in enumerate(members):
        stems = dict.fromkeys(re.sub(r"(?<=\d)_\d+$|[\s\d]+$", "", units[i].label) for i in column)
        name = ", ".join(stems)
        if any(weights[c] & weights[other] for other in range(count) if other != c):
            step += 1
            name = f"step {step}"
        columns.append({"name": name, "units": column})
    return columns
