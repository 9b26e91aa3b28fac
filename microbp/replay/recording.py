"""A graph as a few arrays: each operation once, and what its operands are."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from microbp.core.engine import Value, reverse_order, was_compared
from microbp.core.ops import CUSTOM, Op
from microbp.core.toposort import operands_first
from microbp.replay.compiled import extension


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A frozen graph. Its nodes are numbered: inputs, parameters, constants, then operations.

    Operations come in the order in which they were made, so each after its operands; a replay goes
    back in the opposite order, as a backward pass does. An operation that occurs several times with
    the same operands is kept once, where it was made first.
    """

    inputs: int
    """How many inputs there are."""
    parameters: tuple[Value, ...]
    constants: array[float]
    ops: tuple[Op, ...]
    """Each operation that occurs, once."""
    code: array[int]
    """For each node after the leaves, its place in `ops`."""
    starts: array[int]
    """Where each node's operands begin in `operands`; the last entry is where they end."""
    operands: array[int]
    """The operands of all nodes, as node numbers."""
    outputs: array[int]
    labels: Mapping[int, str]
    """By node number, for the nodes that have a label."""
    compared: str
    """The repr of the first node that depends on the inputs and was compared or used as a bool,
    so that a Python `if` may have shaped the graph; "" if there is none."""

    @property
    def leaves(self) -> int:
        """The number of inputs, parameters and constants together."""
        return self.inputs + len(self.parameters) + len(self.constants)

    def operations(self) -> Iterator[tuple[int, Op, Sequence[int]]]:
        """For each operation its node number, its Op, and the node numbers of its operands."""
        for at, code in enumerate(self.code):
            operands = self.operands[self.starts[at] : self.starts[at + 1]]
            yield self.leaves + at, self.ops[code], operands

    def unused_inputs(self) -> list[int]:
        """The inputs on which no output depends."""
        used = {*self.operands, *self.outputs}
        return [i for i in range(self.inputs) if i not in used]


def recorded(
    outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value] | None
) -> Recording:
    """Record the graph below the outputs.

    Leaves that are not named are constants, or parameters if `parameters` is None.
    """
    compiled = extension("flatten")
    flattened = _flattened if compiled is None else compiled.flattened
    named = None if parameters is None else list(parameters)
    found = flattened(list(outputs), list(inputs), named)
    wanted, constants, ops, code, starts, operands, ends, labels, compared = found
    return Recording(
        inputs=len(inputs),
        parameters=tuple(wanted),
        constants=constants,
        ops=ops,
        code=code,
        starts=starts,
        operands=operands,
        outputs=ends,
        labels=labels,
        compared="" if compared is None else repr(compared),
    )


def _flattened(
    outputs: list[Value], inputs: list[Value], parameters: list[Value] | None
) -> tuple[Any, ...]:
    """The fields of a Recording, in its order; the compiled engine has its own in Cython."""
    order = operands_first(*outputs)
    if parameters is None:
        given = set(inputs)
        parameters = [node for node in order if node.op is None and node not in given]
    fixed = made_by_hand(order, {*inputs, *parameters})
    if fixed:
        order = operands_first(*outputs, stop=fixed)
    kept = {node for node in order if node.op is not None and node not in fixed}
    order = [node for node in order if node not in kept]  # leaves; then operations by age
    order.extend(node for node in reversed(reverse_order(*outputs)) if node in kept)
    number = {leaf: i for i, leaf in enumerate([*inputs, *parameters])}
    constants = array("d")
    same: dict[str, int] = {}
    for node in order:
        if node not in kept and node not in number:
            bits = node.data.hex()  # which tells 0.0 from -0.0
            if bits not in same:
                same[bits] = len(inputs) + len(parameters) + len(constants)
                constants.append(node.data)
            number[node] = same[bits]
    ops: dict[Op, int] = {}
    code, starts, operands = array("i"), array("i", [0]), array("i")
    first = len(inputs) + len(parameters) + len(constants)
    known: dict[tuple[int, ...], int] = {}
    for node in order:
        op = node.op
        if op is None or node not in kept:
            continue
        key = (ops.setdefault(op, len(ops)), *[number[operand] for operand in node.operands])
        at = known.setdefault(key, first + len(code))
        number[node] = at
        if at == first + len(code):
            code.append(key[0])
            operands.extend(key[1:])
            starts.append(len(operands))
    compared = [node for node in dict.fromkeys([*inputs, *order]) if was_compared(node)]
    labels: dict[int, str] = {}
    for node in [*inputs, *parameters, *order]:
        if node.label:
            labels.setdefault(number[node], node.label)
    ends = array("i", [number[output] for output in outputs])
    trap = first_that_varies(compared, order, inputs) if compared else None
    return parameters, constants, tuple(ops), code, starts, operands, ends, labels, trap


def made_by_hand(order: Sequence[Value], leaves: Set[Value]) -> set[Value]:
    """The nodes made by `Value(data, children, local_grads)`: constants of a recording.

    Raises ValueError for one that depends on these leaves: nothing tells its number for others.
    """
    found, varying = set[Value](), set(leaves)
    for node in order:
        varies = not varying.isdisjoint(node.operands)
        if varies:
            varying.add(node)
        if node.op is CUSTOM:
            if varies:
                raise ValueError(
                    f"record: {node!r} was made by Value(data, children, local_grads) and depends "
                    "on inputs or parameters: there is no formula to compute it from other "
                    "numbers. Write it with microbp's own operations, or state its formulas once "
                    "by microbp.operation"
                )
            found.add(node)
    return found


def first_that_varies(
    compared: Sequence[Value], order: Sequence[Value], inputs: Sequence[Value]
) -> Value | None:
    """The first compared node that depends on the inputs; `order` has operands before results."""
    varying = set(inputs)
    for node in order:
        if not varying.isdisjoint(node.operands):
            varying.add(node)
    return next((node for node in compared if node in varying), None)
