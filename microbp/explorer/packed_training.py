"""A training's data in as few characters as the page can read: page/training/unpack.js reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any


def packed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same, with lists of whole numbers as texts, and without what the page has no use for.

    Those are the labels of the program's nodes, which stand with the units, and the parameters'
    numbers at the time of its recording.
    """
    return {
        **data,
        "program": data["program"] and _program(data["program"]),
        "net": data["net"] and _net(data["net"]),
        "cases": [_row(row) for row in data["cases"]],
        "held_out": data["held_out"]
        and data["held_out"] | {"cases": [_row(row) for row in data["held_out"]["cases"]]},
        "state": {key: x for key, x in data["state"].items() if key == "steps" or any(x)},
        "settings": data["settings"]
        | {
            key: data["settings"].get(key) and runs(data["settings"][key])
            for key in ("decaying", "copies")
        },
        "frames": data["frames"] and _frames(data["frames"], len(data["cases"])),
        "reinit": data["reinit"] and _ranges(data["reinit"]),
    }


def runs(numbers: Iterable[int]) -> str:
    """Whole numbers as a text: 3-7 for those from 3 to 7, 5*3 for a 5 three times.

    >>> runs([3, 4, 5, 6, 7, 5, 5, 5, -1])
    '3-7 5*3 -1'
    """
    found: list[tuple[int, int, int]] = []  # the first, the step to the next, how many
    for x in numbers:
        if found:
            first, step, count = found[-1]
            after = x - first
            if count == 1 and after in (0, 1) and (after == 0 or first >= 0):
                found[-1] = first, after, 2
                continue
            if count > 1 and after == step * count:
                found[-1] = first, step, count + 1
                continue
        found.append((x, 0, 1))
    return " ".join(
        str(first) if count == 1 else f"{first}-{first + count - 1}" if step else f"{first}*{count}"
        for first, step, count in found
    )


def _program(program: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "inputs": len(program["inputs"]),
        "constants": [x for _, x in program["constants"]],
        "operations": [f"{name} {runs(operands)}" for name, operands, *_ in program["operations"]],
        "outputs": runs(program["outputs"]),
    }


def _net(net: Mapping[str, Any]) -> dict[str, Any]:
    units, connections = net["units"], net["connections"]
    return {
        "columns": [[column["name"], runs(column["units"])] for column in net["columns"]],
        "labels": [unit["label"] for unit in units],
        **{key: runs(unit[key] for unit in units) for key in ("node", "total", "bias")},
        **{
            key: runs(connection[key] for connection in connections)
            for key in ("from", "to", "parameter")
        },
    }


def _frames(frames: Mapping[str, Any], cases: int) -> dict[str, Any]:
    """Errors and cases right of the sweeps that are shown; and at which sweep all came right."""
    right = frames["right"]
    shown = [sweep for sweep in frames["sweeps"] if sweep < len(right)]
    return {
        **frames,
        "errors": [frames["errors"][sweep] for sweep in shown],
        "right": [right[sweep] for sweep in shown],
        "solved": right.index(cases) if cases in right else -1,
    }


def _row(row: Sequence[Any]) -> Any:
    """A row of 0s and 1s as a text of them; any other as it is."""
    bits = all(type(x) is int and x in (0, 1) for x in row)
    return "".join(map(str, row)) if bits else row


def _ranges(drawn: Iterable[Mapping[str, Any]]) -> list[Any]:
    """One after the other: which parameters, and between which numbers they are drawn."""
    return [
        [low, high, runs(each["parameter"] for each in group)]
        for (low, high), group in groupby(drawn, lambda each: (each["low"], each["high"]))
    ]
