"""Units, layers of them, and their error: what `nn` and `losses` ask of the engine in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from microbp._support.coerce import listed
from microbp.core import ops
from microbp.core.ops import Op
from microbp.core.python.value import Value, apply, call, dot, leaves


def unit(
    weights: Sequence[Any], activities: Sequence[Any], bias: Any, op: Op | None, label: str
) -> Value:
    """A unit's output, with its label: the operation of its total input, or that itself."""
    y: Value = dot(weights, activities, bias)
    y = y if op is None else apply(op, y)
    y.label = label
    return y


def activities(
    inputs: Any,
    groups: Mapping[str, list[str]],
    layers: Mapping[str, Any],
    fed_by: Mapping[str, list[str]],
    plain: Any,
) -> dict[str, list[Value]]:
    """The activity of every input and unit of a net, by the name of its group or layer.

    `plain` is nn's `Plain`: of layers that are no more than that, the compiled engine makes the
    nodes at once.
    """
    given = plain.inputs_by_group(inputs, groups)
    found = {name: leaves(given[name], "net", labels) for name, labels in groups.items()}
    for name, each in layers.items():
        sources = [found[source] for source in fed_by[name]]
        found[name] = each(sources[0] if len(sources) == 1 else [*chain(*sources)])
    return found


def layer(neurons: Sequence[Any], inputs: Any, plain: Any) -> list[Value]:
    """The activity of each neuron for these inputs."""
    activities = activities_into(inputs, len(neurons[0].weights), "Layer")
    return [neuron.activity(activities) for neuron in neurons]


def activities_into(xs: Any, wanted: int, where: str) -> list[Value]:
    """The inputs of a unit or layer as Values; TypeError or ValueError where they are no such."""
    found = _values(xs, where, "inputs")
    if len(found) != wanted:
        raise ValueError(f"{where}: expected {wanted} inputs, got {len(found)}")
    return found


def paired(where: str, outputs: Any, targets: Any) -> tuple[list[Value], list[Value]]:
    """The outputs and the targets of a loss as Values; ValueError where one is left over."""
    ys, ds = _values(outputs, where, "outputs"), _values(targets, where, "targets")
    if len(ys) != len(ds):
        raise ValueError(f"{where}: {len(ys)} outputs but {len(ds)} targets")
    return ys, ds


def squared_error(outputs: Any, targets: Any) -> Any:
    """`microbp.losses.squared_error`."""
    errors = [y - d for y, d in zip(*paired("squared_error", outputs, targets), strict=True)]
    return call(ops.TOTAL, *[e * e for e in errors]) * 0.5 if errors else 0.0


def _values(xs: Any, where: str, what: str) -> list[Value]:
    return leaves(xs if type(xs) is list else listed(xs, where, what), where)
