"""Check what a user gives to make a net."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

from microbp._support.coerce import shown, whole_number


def whole(given: Any, where: str) -> int:
    """A whole number as an int; TypeError for anything else, True and 2.0 among it."""
    return given if type(given) is int else whole_number(given, where, 1)


def checked_groups(inputs: Any) -> dict[str, int]:
    """How many inputs each group has; a single number is the group x."""
    if isinstance(inputs, (list, tuple)):
        sizes = [*inputs] if len(inputs) > 1 else [2, 16, 1]
        raise TypeError(
            f"Net: expected the number of inputs, then a list of layers, as in "
            f"Net({shown(sizes[0])}, {shown(sizes[1:])}), got {shown(inputs)}"
        )
    given = inputs if isinstance(inputs, Mapping) else {"x": inputs}
    if not given:
        raise ValueError("inputs: expected at least one group, got none")
    groups = {}
    for name, size in given.items():
        if not isinstance(name, str):
            raise TypeError(f"inputs: expected a name for each group, got {shown(name)}")
        groups[name] = whole(size, f"inputs: group {name!r}")
        if groups[name] < 1:
            raise ValueError(f"inputs: expected at least 1 in group {name!r}, got {size}")
    return groups


def checked_sizes(layers: Any) -> list[int]:
    """The number of units of each layer; none for None."""
    if layers is None:
        return []
    if isinstance(layers, (str, bytes, Mapping)) or not isinstance(layers, Iterable):
        write = f": write [{layers}]" if type(layers) is int else ""
        raise TypeError(
            f"Net: expected a list of the number of units in each layer, got {shown(layers)}{write}"
        )
    sizes = [whole(units, "Net: units of a layer") for units in layers]
    if not sizes or min(sizes) < 1:
        raise ValueError(
            f"Net: expected at least one layer, and at least 1 unit in each, got {shown(sizes)}"
        )
    return sizes


def checked_rng(seed: Any, rng: Any) -> random.Random:
    """The generator that draws the weights: `rng`, or one from the seed, by default 0."""
    if rng is None:
        return random.Random(0 if seed is None else whole_number(seed, "Net: seed"))
    if seed is not None:
        raise TypeError(f"Net: expected a seed or an rng, got both: {shown(seed)} and {shown(rng)}")
    if not callable(getattr(rng, "uniform", None)) or isinstance(rng, type):
        write = f": write rng=random.Random({rng}), or seed={rng}" if type(rng) is int else ""
        raise TypeError(f"Net: expected rng to be a random.Random, got {shown(rng)}{write}")
    found: random.Random = rng
    return found
