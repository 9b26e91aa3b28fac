"""A net of layers: each is fed by any input groups and any earlier layers."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from microbp.core.engine import Value, leaves, optimizer_steps
from microbp.core.functions import Scalar
from microbp.nn.state import parameters_in, read_state, write_state
from microbp.nn.units import Layer

Inputs: TypeAlias = Sequence[Scalar] | Mapping[str, Sequence[Scalar]]
"""The inputs of one case: a sequence, or one for each group by its name."""


class Net:
    """A layered net: groups of inputs, then layers, each fed by any groups and layers before it.

    The 6-2-1 net of the paper's Fig. 1, and one with direct connections from input to output:

    >>> net = Net(6, rng=random.Random(8), init=0.3).add("hidden", 2).add("output", 1)
    >>> len(net.parameters()), len(net([0, 1, 0, 0, 1, 0]))
    (17, 1)
    >>> skipping = Net(2, rng=random.Random(0)).add("hidden", 1)
    >>> skipping = skipping.add("output", 1, of=["x", "hidden"])

    Inputs may be in several groups with names: Net({"person": 24, "relation": 12}, rng=...). A
    single group is called x. The weights of a layer are drawn uniformly from [-init, init].
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
        """Add a layer, fed by the groups and layers named in `of`, or by the layer before it.

        Its weights are drawn at once, unit by unit. Returns the net itself. Raises ValueError
        for a name that is taken or unknown, or for fewer than one unit.
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
        """The activity of every input and unit for one case, by the name of its group or layer."""
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
        """Every weight and bias, layer by layer and unit by unit, in the order they were drawn."""
        return [p for layer in self.layers.values() for p in layer.parameters()]

    def zero_grad(self) -> None:
        """Set the gradient of every weight and bias to 0."""
        optimizer_steps.zero_grads(self.parameters())

    def __repr__(self) -> str:
        return self.summary()

    def summary(self) -> str:
        """The net as a table: each layer with its units, what feeds it, and its parameters.

        It is also the net's repr:

        >>> Net(6, rng=random.Random(8)).add("hidden", 2).add("output", 1)
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
        """Set the weights to those in the `state_dict` of a net of the same shape.

        Raises FileMismatch, naming the first difference, for any other shape; nothing is
        changed then. `where` says in the error where the state is from.
        """
        found = parameters_in(self.state_dict(), state, where)
        for p, data in zip(self.parameters(), found, strict=True):
            p.data = data

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the state to a JSON file, complete or not at all; every float keeps its bits."""
        return write_state(path, self.state_dict())

    def load(self, path: str | os.PathLike[str]) -> None:
        """Set the weights to those in a file that `save` wrote.

        Raises FileMismatch where it does not fit this net, OSError where it can't be read.
        """
        self.load_state_dict(read_state(path), Path(path).name)
