"""The state of a net, its shape and its weights as plain data: in a file, and checked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from microbp._support.atomic_file import FileMismatch, as_path, write_whole
from microbp._support.coerce import shown
from microbp._support.json_state import StateFile, read_state_file, with_checksum

BYTES = 2**20, 64
"""How many bytes the file of a net may have, and for each of its parameters."""


def write_state(path: str | os.PathLike[str], state: Mapping[str, Any]) -> Path:
    """Write a state to a JSON file, complete or not at all; every float keeps its bits."""
    return write_whole(as_path(path, "save"), with_checksum(state, indent=1))


def read_state(path: str | os.PathLike[str], parameters: int) -> StateFile:
    """What the file of a net with so many parameters holds.

    FileMismatch where it is not JSON or larger than it can be, OSError where it can't be read.
    """
    plain, each = BYTES
    file = read_state_file(
        as_path(path, "load"), plain + each * parameters, what="file of this net"
    )
    unknown = [*(set(file.state) - {"inputs", "layers"})] if isinstance(file.state, dict) else []
    if unknown:
        raise FileMismatch(f"{file.name}: unknown key {shown(unknown[0])}")
    return file


def parameters_in(ours: Mapping[str, Any], theirs: Any, where: str) -> list[float]:
    """The parameters in the state `theirs`, in the order of `Net.parameters`.

    Raises FileMismatch, naming `where` it comes from and the first difference, where the net is
    not of the same shape as that of the state `ours`.
    """
    try:
        return list(_checked_parameters(ours, theirs, where))
    except (TypeError, LookupError, AttributeError, ValueError, OverflowError) as problem:
        if isinstance(problem, FileMismatch):
            raise
        why = "expected what state_dict() gives"
        if not isinstance(theirs, Mapping):
            why += f", got {shown(theirs)}"
        elif isinstance(problem, KeyError):
            why += f", which has {problem}"
        raise FileMismatch(f"{where} does not hold the state of a net: {why}") from None


def _checked_parameters(ours: Mapping[str, Any], theirs: Any, where: str) -> Iterable[float]:
    if list(theirs["inputs"].items()) != list(ours["inputs"].items()):
        raise FileMismatch(
            f"{where} holds a net with inputs {theirs['inputs']} where this net has "
            f"{ours['inputs']}"
        )
    if len(theirs["layers"]) != len(ours["layers"]):
        raise FileMismatch(
            f"{where} holds {len(theirs['layers'])} layers where this net has {len(ours['layers'])}"
        )
    for number, (own, layer) in enumerate(zip(ours["layers"], theirs["layers"], strict=True), 1):
        own_units = len(own["biases"])
        for units in (len(layer["biases"]), len(layer["weights"])):
            if units != own_units:
                raise FileMismatch(
                    f"{where} holds a layer of {units} units where this net has {own_units} "
                    f"(layer {number})"
                )
        for key in ("name", "fed_by", "activation"):
            if layer[key] != own[key]:
                raise FileMismatch(
                    f"{where}: {key} is {layer[key]!r} where this net has {own[key]!r} "
                    f"(layer {number})"
                )
        for weights, own_weights, bias in zip(
            layer["weights"], own["weights"], layer["biases"], strict=True
        ):
            if len(weights) != len(own_weights):
                raise FileMismatch(
                    f"{where} holds a unit of {len(weights)} weights where this net has "
                    f"{len(own_weights)} (layer {number})"
                )
            for x in (*weights, bias):
                if type(x) not in (float, int):
                    raise FileMismatch(f"{where} holds {x!r} for a weight (layer {number})")
                yield float(x)
