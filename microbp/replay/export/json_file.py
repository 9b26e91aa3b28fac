"""Write a recording to a JSON file and read it back, checking everything and executing nothing.

A file lists the nodes in order: the labels of the inputs; the parameters and constants, each with
its label and number; and the operations, each with its name, the node numbers of its operands
and, if it has one, its label. Infinities and NaN are the strings "inf", "-inf" and "nan".
"""

from __future__ import annotations

import json
import math
import os
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from microbp._support.atomic_file import FileMismatch, as_path, write_whole
from microbp._support.coerce import shown
from microbp._support.json_state import NOT_FINITE, checksum, read_state_file
from microbp.core.engine import Value
from microbp.core.ops import DOT, Op, table
from microbp.replay.recording import Recording

FORMAT = "microbp program"
VERSION = 2
KEYS = (
    "format", "version", "inputs", "parameters", "constants", "operations", "outputs", "several",
)  # fmt: skip
MOST = 2**28
"""Bytes of the largest file that is read: some four million operations."""
BEGINNING = rf'\s*\{{\s*"format"\s*:\s*"{FORMAT}"'
"""What another file doesn't begin with: it is refused unread."""


def save(recording: Recording, path: str | os.PathLike[str], *, several: bool) -> Path:
    """Write a recording, with its parameters' numbers as they are now, completely or not at all.

    Raises ValueError for an operation that its name would not bring back, as it has been
    redefined or removed from the table, or for a file of more than `MOST` bytes; OSError if it
    can't be written.
    """
    for op in recording.ops:
        if table.get(op.name) is not op:
            raise ValueError(f"save: the operation {op.name!r} has been replaced since")
    text = _text(recording, several)
    if len(text) > MOST:
        raise ValueError(f"save: a file of {len(text):,} bytes, where load reads at most {MOST:,}")
    return write_whole(as_path(path, "save"), text)


def nodes_as_json(recording: Recording) -> dict[str, Any]:
    """The nodes and outputs as plain data, with the parameters' numbers as they are now."""
    labels = recording.labels
    numbers = [*(p.data for p in recording.parameters), *recording.constants]
    leaves = [
        [labels.get(i, ""), x if math.isfinite(x) else str(x)]
        for i, x in enumerate(numbers, recording.inputs)
    ]
    return {
        "inputs": [labels.get(i, "") for i in range(recording.inputs)],
        "parameters": leaves[: len(recording.parameters)],
        "constants": leaves[len(recording.parameters) :],
        "operations": [
            [op.name, list(operands), *([labels[number]] if number in labels else [])]
            for number, op, operands in recording.operations()
        ],
        "outputs": list(recording.outputs),
    }


def _text(recording: Recording, several: bool) -> str:
    """The file: a line for each node."""
    state: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        **nodes_as_json(recording),
        "several": several,
    }
    entries = [_entry(key, part) for key, part in state.items()]
    entries.append(_entry("checksum", checksum(state)))
    return "{\n " + ",\n ".join(entries) + "\n}\n"


def _entry(key: str, part: Any) -> str:
    """An entry as JSON; nodes have a line each."""
    if key in KEYS[2:6]:
        return f'"{key}": [' + ",".join(f"\n  {json.dumps(row)}" for row in part) + "]"
    return f'"{key}": {json.dumps(part)}'


def load(path: str | os.PathLike[str]) -> tuple[Recording, bool]:
    """The recording in a file that `save` wrote, and whether it has several outputs.

    Its parameters are new leaves. Everything is checked first, and memory is in proportion to
    the size of the file. Raises FileMismatch, naming the place, for a file that holds no
    recording, is damaged or has more than `MOST` bytes, and OSError if it can't be read.
    """
    file = read_state_file(as_path(path, "load"), MOST, what=FORMAT, begins=BEGINNING)
    try:
        found = _recording(file.state)
    except FileMismatch as error:
        raise FileMismatch(f"{file.name}: {error}") from None
    file.check_intact()
    return found


def _recording(state: Any) -> tuple[Recording, bool]:
    """The recording in a parsed file; FileMismatch for the first part that is wrong."""
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise FileMismatch(f"not a {FORMAT}")
    version = state.get("version")
    if type(version) is not int or version != VERSION:
        raise FileMismatch(f"version {shown(version)} of the format; this microbp reads {VERSION}")
    for key in state:
        if key not in KEYS:
            raise FileMismatch(f"unknown key {shown(key)}")
    for key in KEYS[2:-1]:
        if not isinstance(state.get(key), list):
            raise FileMismatch(f"{key}: expected a list, got {shown(state.get(key))}")
    several = state.get("several")
    if type(several) is not bool:
        raise FileMismatch(f"several: expected true or false, got {shown(several)}")

    named = [_label(label, f"input {i}") for i, label in enumerate(state["inputs"])]
    parameters = [_leaf(row, f"parameter {i}") for i, row in enumerate(state["parameters"])]
    constants = [_leaf(row, f"constant {i}") for i, row in enumerate(state["constants"])]
    named.extend(label for label, _ in [*parameters, *constants])
    ops: dict[Op, int] = {}
    code, starts, operands = array("i"), array("i", [0]), array("i")
    for i, row in enumerate(state["operations"]):
        op, numbers, label = _operation(row, f"operation {i}", len(named))
        code.append(ops.setdefault(op, len(ops)))
        operands.extend(numbers)
        starts.append(len(operands))
        named.append(label)
    outputs = array("i", _numbers(state["outputs"], "outputs", len(named)))
    if not outputs or (len(outputs) > 1 and not several):
        expected = "at least one" if several else "one"
        raise FileMismatch(f"outputs: expected {expected}, got {len(outputs)}")
    recording = Recording(
        inputs=len(state["inputs"]),
        parameters=tuple(Value(x, label) for label, x in parameters),
        constants=array("d", [x for _, x in constants]),
        ops=tuple(ops),
        code=code,
        starts=starts,
        operands=operands,
        outputs=outputs,
        labels={i: label for i, label in enumerate(named) if label},
        compared="",
    )
    return recording, several


def _leaf(row: Any, where: str) -> tuple[str, float]:
    """The label and the number of a parameter or constant."""
    if not isinstance(row, list) or len(row) != 2:
        raise FileMismatch(f"{where}: expected a label and a number, got {shown(row)}")
    label, x = row
    if isinstance(x, str) and x in NOT_FINITE:
        x = NOT_FINITE[x]
    if type(x) not in (float, int):
        raise FileMismatch(f"{where}: expected a number, got {shown(x)}")
    return _label(label, where), float(x)


def _label(label: Any, where: str) -> str:
    if not isinstance(label, str):
        raise FileMismatch(f"{where}: expected a string as its label, got {shown(label)}")
    return label


def _operation(row: Any, where: str, earlier: int) -> tuple[Op, list[int], str]:
    """An operation, the numbers of its operands, and its label."""
    if not isinstance(row, list) or len(row) not in (2, 3) or not isinstance(row[1], list):
        raise FileMismatch(
            f"{where}: expected a name, operands and perhaps a label, got {shown(row)}"
        )
    name, operands, *label = row
    op = table.get(name) if isinstance(name, str) else None
    if op is None:
        raise FileMismatch(
            f"{where}: there is no operation {shown(name)}; define a custom operation by "
            "microbp.operation before you load the file"
        )
    where = f"{where} ({name})"
    count = len(operands)
    if op.arity is not None and count != op.arity:
        raise FileMismatch(f"{where}: expected {op.arity} operands, got {count}")
    if op is DOT and count % 2 == 0:
        raise FileMismatch(f"{where}: expected weights, as many activities and a bias, got {count}")
    return op, _numbers(operands, where, earlier), _label(label[0], where) if label else ""


def _numbers(found: Iterable[Any], where: str, earlier: int) -> list[int]:
    """Node numbers, each below `earlier`."""
    numbers = list(found)
    for number in numbers:
        if type(number) is not int or not 0 <= number < earlier:
            raise FileMismatch(
                f"{where}: expected numbers of earlier nodes, below {earlier}, got {shown(number)}"
            )
    return numbers
