"""Check what a user gives to make a net."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from microbp._support.arguments import texts
from microbp._support.coerce import shown, whole_number

_UNLIKE_INPUTS = (str, bytes, bytearray, Mapping, Set)

MOST = 10_000_000
"""More weights than that would take gigabytes, and be made for minutes."""


def whole(given: Any, where: str) -> int:
    """A whole number of inputs or units, from 1 on; TypeError or ValueError for anything else."""
    found = whole_number(given, where, 1)
    if found > MOST:
        raise ValueError(f"{where}: expected at most {MOST:,}, got {shown(found)}")
    return found


def check_weights(units: int, inputs: int, where: str) -> None:
    """ValueError for a layer that would have too many weights."""
    if units * inputs > MOST:
        raise ValueError(
            f"{where}: expected at most {MOST:,} weights in a layer, got {units:,} units with "
            f"{inputs:,} inputs each"
        )


def checked_groups(inputs: Any) -> dict[str, int]:
    """How many inputs each group has; a single number is the group x."""
    if isinstance(inputs, (list, tuple)):
        sizes = [*inputs] if len(inputs) > 1 else [2, 16, 1]
        raise TypeError(
            f"Net: expected the number of inputs, then a list of layers, as in "
            f"Net({shown(sizes[0])}, {shown(sizes[1:])}), got {shown(inputs)}"
        )
    if not isinstance(inputs, Mapping):
        return {"x": whole(inputs, "Net: inputs")}
    if not inputs:
        raise ValueError("Net: inputs: expected at least one group, got none")
    groups = {}
    for name, size in inputs.items():
        if not isinstance(name, str):
            raise TypeError(f"Net: inputs: expected a name for each group, got {shown(name)}")
        groups[name] = whole(size, f"Net: inputs: group {name!r}")
    return groups


def checked_sizes(layers: Any) -> list[int]:
    """The number of units of each layer; none for None."""
    if layers is None:
        return []
    if isinstance(layers, (str, bytes, Mapping, Set)) or not isinstance(layers, Iterable):
        write = f": write [{layers}]" if type(layers) is int else ""
        raise TypeError(
            f"Net: expected a list of the number of units in each layer, got {shown(layers)}{write}"
        )
    sizes = [whole(units, "Net: units of a layer") for units in layers]
    if not sizes:
        raise ValueError(f"Net: expected at least one layer, got {shown(layers)}")
    return sizes


def inputs_by_group(inputs: Any, groups: Mapping[str, Sequence[str]]) -> Mapping[str, Any]:
    """The inputs of one case, as many of each group as it has labels; TypeError or ValueError."""
    if isinstance(inputs, (list, tuple)) or not isinstance(inputs, Mapping):
        if len(groups) > 1:
            raise ValueError(f"net: expected inputs by group, {list(groups)}, got one sequence")
        inputs = dict.fromkeys(groups, inputs)
    elif inputs.keys() != groups.keys():
        raise ValueError(f"net: expected inputs {list(groups)}, got {shown(list(inputs))}")
    given: Mapping[str, Any] = inputs
    for name, labels in groups.items():
        xs = given[name]
        try:
            if not isinstance(xs, list) and isinstance(xs, _UNLIKE_INPUTS):
                raise TypeError
            count = len(xs)
        except TypeError:
            raise TypeError(
                f"net: expected a sequence of {len(labels)} inputs {name}, got {shown(xs)}"
            ) from None
        if count != len(labels):
            hint = ""
            if count and hasattr(xs[0], "__len__"):
                hint = " rows: write [net(x) for x in X], as a net takes one case at a time"
            raise ValueError(f"net: expected {len(labels)} inputs {name}, got {count}{hint}")
    return given


def checked_sources(of: Any, known: Iterable[str]) -> list[str]:
    """What feeds a layer, by name: a list, or one name alone."""
    known = list(known)
    names = [of] if isinstance(of, str) else texts(of, "add: of")
    for name in names:
        if name not in known:
            raise ValueError(
                f"add: no layer or group is called {name!r}; there are {', '.join(known)}"
            )
    if not names:
        raise ValueError(f"add: expected what feeds the layer, of {', '.join(known)}; got none")
    return names


def checked_rng(seed: Any, rng: Any) -> random.Random:
    """The generator that draws the weights: `rng`, or one from the seed, by default 0."""
    if rng is None:
        return random.Random(0 if seed is None else whole_number(seed, "Net: seed"))
    if seed is not None:
        raise TypeError(f"Net: expected a seed or an rng, got both: {shown(seed)} and {shown(rng)}")
    return generator(rng, "Net", f", or seed={shown(rng)}")


def generator(rng: Any, where: str, otherwise: str = "") -> random.Random:
    """What draws the weights, a random.Random or similar; TypeError for anything else."""
    if not callable(getattr(rng, "uniform", None)) or isinstance(rng, type):
        write = f": write rng=random.Random({rng}){otherwise}" if type(rng) is int else ""
        raise TypeError(f"{where}: expected rng to be a random.Random, got {shown(rng)}{write}")
    found: random.Random = rng
    return found
