"""The paper's units, in layers: each layer may be fed by any input group and any earlier layer."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from microbp._support.atomic_file import FileMismatch as FileMismatch
from microbp._support.atomic_file import write_whole
from microbp.core import ops
from microbp.core.engine import Value, leaves, optimizer_steps, unit
from microbp.core.functions import Scalar

Inputs: TypeAlias = Sequence[Scalar] | Mapping[str, Sequence[Scalar]]

ACTIVATIONS = {
    "sigmoid": ops.SIGMOID,
    "tanh": ops.TANH,
    "relu": ops.RELU,
    "softplus": ops.SOFTPLUS,
    "linear": None,
}
"""A unit's output as a function of its total input; "linear" is the total input itself."""


class Neuron:
    """One unit: its total input (equation 1) as one node, then its output (equation 2).

    The weights and then the bias, a weight like any other, are drawn uniformly from
    [-init, init]. `label` names the output's node and, with `sources`, the weights.

    >>> unit = Neuron(2, rng=random.Random(8), init=0.3)
    >>> y = unit([1.0, 0.0])
    >>> y.op.name, y.operands[0].op.name
    ('sigmoid', 'dot')

    Raises ValueError for an unknown activation.
    """

    def __init__(
        self,
        inputs: int,
        *,
        rng: random.Random,
        init: float = 0.3,
        activation: str = "sigmoid",
        label: str = "",
        sources: Sequence[str] = (),
    ) -> None:
        if activation not in ACTIVATIONS:
            known = ", ".join(ACTIVATIONS)
            raise ValueError(f"activation: expected one of {known}; got {activation!r}")
        sources = sources or [str(i) for i in range(1, inputs + 1)]
        self.weights = [
            Value(rng.uniform(-init, init), f"w[{label},{source}]" if label else f"w{source}")
            for source in sources
        ]
        self.bias = Value(rng.uniform(-init, init), f"b[{label}]" if label else "b")
        self.activation = activation
        self.label = label

    def __call__(self, inputs: Sequence[Scalar]) -> Value:
        """The output for these activities; ValueError where they are not as many as the weights."""
        op = ACTIVATIONS[self.activation]
        return unit(self.weights, inputs, self.bias, op, self.label)

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.weights, self.bias]


class Layer:
    """Units side by side, each fed by all the same inputs, drawn one unit after the other.

    >>> layer = Layer(2, 3, rng=random.Random(8))
    >>> len(layer([0.0, 1.0])), len(layer.parameters())
    (3, 9)
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        *,
        rng: random.Random,
        init: float = 0.3,
        activation: str = "sigmoid",
        name: str = "",
        sources: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.neurons = [
            Neuron(
                inputs,
                rng=rng,
                init=init,
                activation=activation,
                label=f"{name}{j}" if name else "",
                sources=sources,
            )
            for j in range(1, units + 1)
        ]

    def __call__(self, inputs: Sequence[Scalar]) -> list[Value]:
        """Each unit's output for these activities."""
        inputs = leaves(inputs, "Value")
        return [neuron(inputs) for neuron in self.neurons]

    def parameters(self) -> list[Value]:
        """Each unit's weights and bias, unit by unit."""
        return [p for neuron in self.neurons for p in neuron.parameters()]


class Net:
    """A layered net: groups of inputs, then layers, each fed by any groups and layers before it.

    The 6-2-1 net of the paper's Fig. 1, and one whose output also sees the inputs directly:

    >>> net = Net(6, rng=random.Random(8), init=0.3).add("hidden", 2).add("output", 1)
    >>> len(net.parameters()), len(net([0, 1, 0, 0, 1, 0]))
    (17, 1)
    >>> skipping = Net(2, rng=random.Random(0)).add("hidden", 1)
    >>> skipping = skipping.add("output", 1, of=["x", "hidden"])

    Several groups of inputs have names: Net({"person": 24, "relation": 12}, rng=...). The
    inputs of a single group are called x.
    """

    def __init__(
        self, inputs: int | Mapping[str, int], *, rng: random.Random, init: float = 0.3
    ) -> None:
        self.inputs = {"x": inputs} if isinstance(inputs, int) else dict(inputs)
        for name, size in self.inputs.items():
            if size < 1:
                raise ValueError(f"inputs: expected at least 1 in group {name!r}, got {size}")
        self._input_labels = {name: self._labels(name) for name in self.inputs}
        self.layers: dict[str, Layer] = {}
        self.fed_by: dict[str, list[str]] = {}
        self._rng = rng
        self._init = init

    def add(
        self, name: str, units: int, *, of: Iterable[str] | None = None, activation: str = "sigmoid"
    ) -> Net:
        """Add a layer, fed by the groups and layers named in `of`, or by the one before it.

        Its weights are drawn here, unit by unit. Returns the net itself. Raises ValueError for
        a name that is taken or unknown, or for no units.
        """
        before = [*self.inputs, *self.layers]
        sources = before[-1:] if of is None and self.layers else list(of or self.inputs)
        if name in before:
            raise ValueError(f"add: there is already a layer or group of inputs called {name!r}")
        for source in sources:
            if source not in before:
                raise ValueError(f"add: no layer or group is called {source!r}; there are {before}")
        if units < 1:
            raise ValueError(f"add: expected at least 1 unit in layer {name!r}, got {units}")
        labels = [label for source in sources for label in self._labels(source)]
        self.layers[name] = Layer(
            len(labels),
            units,
            rng=self._rng,
            init=self._init,
            activation=activation,
            name=name,
            sources=labels,
        )
        self.fed_by[name] = sources
        return self

    def _labels(self, name: str) -> list[str]:
        size = self.inputs[name] if name in self.inputs else len(self.layers[name].neurons)
        return [f"{name}{i}" for i in range(1, size + 1)]

    def __call__(self, inputs: Inputs) -> list[Value]:
        """The outputs of the last layer; ValueError where the inputs don't fit the net."""
        return list(self.activities(inputs).values())[-1]

    def activities(self, inputs: Inputs) -> dict[str, list[Value]]:
        """What every input and unit gives for one case, by the name of its group or layer."""
        if isinstance(inputs, (list, tuple)) or not isinstance(inputs, Mapping):
            inputs = dict.fromkeys(self.inputs, inputs)
            if len(inputs) > 1:
                raise ValueError(f"net: expected inputs by group, {list(inputs)}, got one sequence")
        elif inputs.keys() != self.inputs.keys():
            raise ValueError(f"net: expected inputs {list(self.inputs)}, got {list(inputs)}")
        found = {}
        for name, labels in self._input_labels.items():
            xs = inputs[name]
            if len(xs) != len(labels):
                raise ValueError(f"net: expected {len(labels)} inputs {name}, got {len(xs)}")
            found[name] = leaves(xs, "Value", labels)
        for name, layer in self.layers.items():
            sources = [found[source] for source in self.fed_by[name]]
            found[name] = layer(sources[0] if len(sources) == 1 else [*chain(*sources)])
        return found

    def parameters(self) -> list[Value]:
        """Every weight and bias, layer by layer and unit by unit: in the order they were drawn."""
        return [p for layer in self.layers.values() for p in layer.parameters()]

    def zero_grad(self) -> None:
        """Set the gradient of every weight and bias to 0."""
        optimizer_steps.zero_grads(self.parameters())

    def summary(self) -> str:
        """The net as a table: each layer with its units, what feeds it, and its parameters.

        >>> print(Net(6, rng=random.Random(8)).add("hidden", 2).add("output", 1).summary())
        layer   units  fed by  activation  parameters
        x           6
        hidden      2  x       sigmoid             14
        output      1  hidden  sigmoid              3
        total                                      17
        """
        rows = [("layer", "units", "fed by", "activation", "parameters")]
        rows += [(name, str(size), "", "", "") for name, size in self.inputs.items()]
        for name, layer in self.layers.items():
            units = layer.neurons
            sources = ", ".join(self.fed_by[name])
            count = len(layer.parameters())
            rows.append((name, str(len(units)), sources, units[0].activation, str(count)))
        rows.append(("total", "", "", "", str(len(self.parameters()))))
        a, b, c, d, e = (max(map(len, column)) for column in zip(*rows, strict=True))
        lines = (f"{r[0]:{a}}  {r[1]:>{b}}  {r[2]:{c}}  {r[3]:{d}}  {r[4]:>{e}}" for r in rows)
        return "\n".join(line.rstrip() for line in lines)

    def state_dict(self) -> dict[str, Any]:
        """The net's shape and all its weights as plain data, for JSON or a copy."""
        return {
            "inputs": dict(self.inputs),
            "layers": [
                {
                    "name": name,
                    "fed_by": list(self.fed_by[name]),
                    "activation": layer.neurons[0].activation,
                    "weights": [[w.data for w in neuron.weights] for neuron in layer.neurons],
                    "biases": [neuron.bias.data for neuron in layer.neurons],
                }
                for name, layer in self.layers.items()
            ],
        }

    def load_state_dict(self, state: Mapping[str, Any], where: str = "state") -> None:
        """Take over the weights of a net of the same shape, as `state` gave them.

        Raises FileMismatch, naming the first difference, for any other shape; the net then
        stays as it was.
        """
        found = _checked_shape(self.state_dict(), state, where)
        for p, data in zip(self.parameters(), found, strict=True):
            p.data = data

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the state to a JSON file, complete or not at all; every float keeps its bits."""
        return write_whole(path, json.dumps(self.state_dict(), indent=1) + "\n")

    def load(self, path: str | os.PathLike[str]) -> None:
        """Take over the weights of a file that `save` wrote.

        Raises FileMismatch where it does not fit this net, OSError where it can't be read.
        """
        try:
            state = json.loads(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            raise FileMismatch(f"{Path(path).name} is not a JSON file: {error}") from None
        self.load_state_dict(state, Path(path).name)


def _checked_shape(ours: Mapping[str, Any], theirs: Any, where: str) -> list[float]:
    """The parameters in a state of the same shape as ours; FileMismatch for any other."""
    try:
        return list(_parameters_in(ours, theirs, where))
    except (TypeError, KeyError, AttributeError):
        raise FileMismatch(f"{where} does not hold the state of a net") from None


def _parameters_in(ours: Mapping[str, Any], theirs: Any, where: str) -> Iterable[float]:
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
        units, own_units = len(layer["biases"]), len(own["biases"])
        if units != own_units or len(layer["weights"]) != own_units:
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
