"""A graph as a few arrays: what was computed from what, each operation once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microbp.core import engine
from microbp.core.engine import Value, was_compared
from microbp.core.ops import Op
from microbp.core.toposort import operands_first


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A graph, frozen. Its nodes are numbered: inputs, parameters, constants, then operations.

    Every operation comes after its operands, and only once: where the graph computes the same
    from the same several times, the first node stands for all.
    """

    inputs: int
    """How many there are."""
    parameters: tuple[Value, ...]
    constants: array[float]
    ops: tuple[Op, ...]
    """The different operations that occur."""
    code: array[int]
    """Which of `ops` each node after the leaves is."""
    starts: array[int]
    """Where the operands of each begin; one more number, where the last ones end."""
    operands: array[int]
    """The numbers of the operands, node by node."""
    outputs: array[int]
    labels: Mapping[int, str]
    """Of the nodes that have one."""
    compared: str
    """The first node that depends on the inputs and was compared, or asked for its truth, shown for
    people; "" if there is none. A Python `if` has then perhaps decided what the graph is."""

    @property
    def leaves(self) -> int:
        """How many nodes are no operations."""
        return self.inputs + len(self.parameters) + len(self.constants)

    def operations(self) -> Iterator[tuple[int, Op, Sequence[int]]]:
        """Each operation's number, what it is, and the numbers of its operands."""
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
    """The graph that the outputs reach. Leaves not named are constants, or, if `parameters` is
    None, parameters.
    """
    if engine.name == "compiled":
        from microbp.replay.compiled.flatten import flattened
    else:
        flattened = _flattened
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
    """The fields of a Recording, in its order; the compiled engine has the same in C."""
    order = operands_first(*outputs)
    if parameters is None:
        given = set(inputs)
        parameters = [node for node in order if node.op is None and node not in given]
    number = {leaf: i for i, leaf in enumerate([*inputs, *parameters])}
    constants = array("d")
    same: dict[str, int] = {}
    for node in order:
        if node.op is None and node not in number:
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
        if op is None:
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


def first_that_varies(
    compared: Sequence[Value], order: Sequence[Value], inputs: Sequence[Value]
) -> Value | None:
    """The first of the compared nodes that depends on the inputs, all of them in this order."""
    varying = set(inputs)
    for node in order:
        if not varying.isdisjoint(node.operands):
            varying.add(node)
    return next((node for node in compared if node in varying), None)
