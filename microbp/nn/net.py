"""A net of layers: each is fed by any input groups and any earlier layers."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.arguments import named_arguments
from microbp._support.coerce import shown
from microbp._support.missing_names import missing_attribute
from microbp.core.engine import Value, activities, optimizer_steps
from microbp.core.functions import Scalar
from microbp.nn.arguments import (
    check_weights,
    checked_groups,
    checked_rng,
    checked_sizes,
    checked_sources,
    whole,
)
from microbp.nn.initial import RANGE, checked_init, fitting
from microbp.nn.state import parameters_in, read_state, write_state
from microbp.nn.units import PLAIN, Layer, check_softmax, checked_activation

Inputs: TypeAlias = Sequence[Scalar] | Mapping[str, Sequence[Scalar]]
"""The inputs of one case: a sequence, or one for each group by its name."""


_ELSEWHERE = {
    "backward": "loss.backward(), of a Value",
    "fit": "microbp.train(net, (X, y))",
    "forward": "net(inputs)",
    "named_parameters": "net.parameters(); each has a label",
    "params": "net.parameters()",
    "predict": "net(inputs), or [net(x) for x in X]",
    "train": "microbp.train(net, (X, y))",
    "weights": "net.parameters(), or net.layers['hidden'].neurons[0].weights",
}


class Net:
    """A layered net: groups of inputs, then layers, each fed by any groups and layers before it.

    In one line, 2 inputs, two hidden layers of 16 units and one output:

    >>> net = Net(2, [16, 16, 1])
    >>> list(net.layers), len(net.parameters()), len(net([0.5, 1.0]))
    (['hidden1', 'hidden2', 'output'], 337, 1)

    The hidden layers get `activation`, the last one `output`. By default these are relu and
    linear: losses other than the squared error take total inputs. The names are those of
    `ACTIVATIONS`; `output` may also be "softmax".

    Or layer by layer, here the 6-2-1 net of the paper's Fig. 1, and one with direct connections
    from input to output; such layers are sigmoid by default:

    >>> net = Net(6, rng=random.Random(8), init=0.3).add("hidden", 2).add("output", 1)
    >>> len(net.parameters()), len(net([0, 1, 0, 0, 1, 0]))
    (17, 1)
    >>> skipping = Net(2, seed=0).add("hidden", 1)
    >>> skipping = skipping.add("output", 1, of=["x", "hidden"])

    Inputs may be in several groups with names: Net({"person": 24, "relation": 12}). A single
    group is called x.

    `seed`, by default 0, makes the generator that draws the weights, or `rng` is it. `init` says
    from where they are drawn: a number r, uniformly from [-r, r], as are the biases; "uniform" is
    0.3. "xavier" (elsewhere: Glorot) draws from +-sqrt(6 / (inputs + units)) of the layer, "he"
    (Kaiming) from +-sqrt(6 / inputs), "zeros" gives 0; the biases are then 0. By default layers
    in a list start as "he" where the activation is relu or similar, else as "xavier", and
    others from 0.3.

    Raises TypeError or ValueError for arguments of other kinds, for both a seed and an rng, for
    more than ten million weights in a layer, or for a softmax of one unit, which is always 1.
    """

    @named_arguments("Net", {"hidden": "layers", "random_state": "seed", "units": "layers"})
    def __init__(
        self,
        inputs: int | Mapping[str, int],
        layers: Sequence[int] | None = None,
        *,
        activation: str | None = None,
        output: str | None = None,
        seed: int | None = None,
        rng: random.Random | None = None,
        init: float | str | None = None,
    ) -> None:
        self.inputs = checked_groups(inputs)
        sizes = checked_sizes(layers)
        if layers is None and (activation is not None or output is not None):
            raise TypeError(
                "Net: activation and output are of layers in a list, as in Net(2, [16, 1]); "
                "add(name, units, activation=...) says them for one layer"
            )
        activation = checked_activation(
            "relu" if activation is None else activation, "Net: activation"
        )
        output = checked_activation(
            "linear" if output is None else output, "Net: output", of_layer=True
        )
        self._init = None if init is None else checked_init(init, "Net")
        self._rng = checked_rng(seed, rng)
        self.seed = seed if rng is not None or seed is not None else 0
        for feeding, units in pairwise([sum(self.inputs.values()), *sizes]):
            check_weights(units, feeding, "Net")  # before any is drawn
        check_softmax(output, sizes[-1] if sizes else 0, "Net: output")
        self._input_labels = {name: self._labels(name) for name in self.inputs}
        self.layers: dict[str, Layer] = {}
        self.fed_by: dict[str, list[str]] = {}
        hidden = len(sizes) - 1
        for i, units in enumerate(sizes, 1):
            name = "output" if i > hidden else "hidden" if hidden == 1 else f"hidden{i}"
            kind = output if i > hidden else activation
            start = fitting(kind) if self._init is None else self._init
            self._add(name, units, None, kind, start)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise missing_attribute(self, name, _ELSEWHERE)

    def add(
        self, name: str, units: int, *, of: Iterable[str] | None = None, activation: str = "sigmoid"
    ) -> Net:
        """Add a layer, fed by the groups and layers named in `of`, or by the layer before it.

        Its weights are drawn at once, unit by unit. Returns the net itself. Raises ValueError
        for a name that is taken or unknown, or for fewer than one unit.
        """
        return self._add(name, units, of, activation, RANGE if self._init is None else self._init)

    def _add(
        self, name: str, units: int, of: Iterable[str] | None, activation: str, init: float | str
    ) -> Net:
        if not isinstance(name, str):
            raise TypeError(
                f"add: expected a name for the layer, as in add('hidden', 2), got {shown(name)}"
            )
        units = whole(units, f"add: units of layer {name!r}")
        activation = checked_activation(activation, "add: activation", of_layer=True)
        before = [*self.inputs, *self.layers]
        if name in before:
            raise ValueError(f"add: there is already a layer or group of inputs called {name!r}")
        if of is None:
            sources = before[-1:] if self.layers else list(self.inputs)
        else:
            sources = checked_sources(of, before)
        check_weights(units, sum(self._size(source) for source in sources), "add")
        check_softmax(activation, units, "add: activation")
        labels = [label for source in sources for label in self._labels(source)]
        self.layers[name] = Layer(
            len(labels),
            units,
            rng=self._rng,
            init=init,
            activation=activation,
            name=name,
            sources=labels,
        )
        self.fed_by[name] = sources
        return self

    def _size(self, name: str) -> int:
        return self.inputs[name] if name in self.inputs else len(self.layers[name].neurons)

    def _labels(self, name: str) -> list[str]:
        return [f"{name}{i}" for i in range(1, self._size(name) + 1)]

    def __call__(self, inputs: Inputs) -> list[Value]:
        """The outputs of the last layer; ValueError where the inputs don't fit the net."""
        if not self.layers:
            raise ValueError(
                "net: there are no layers yet: write Net(2, [16, 1]), or net.add('output', 1)"
            )
        return [*self.activities(inputs).values()][-1]

    def activities(self, inputs: Inputs) -> dict[str, list[Value]]:
        """The activity of every input and unit for one case, by the name of its group or layer."""
        return activities(inputs, self._input_labels, self.layers, self.fed_by, PLAIN)

    def parameters(self) -> list[Value]:
        """Every weight and bias, layer by layer and unit by unit, in the order they were drawn."""
        return [p for layer in self.layers.values() for p in layer.parameters()]

    def ranges(self) -> list[float | None]:
        """How far from 0 each parameter was drawn, in their order; None where it just is 0."""
        return [r for layer in self.layers.values() for r in layer.ranges()]

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
            rows.append((name, str(len(units)), sources, layer.activation, str(count)))
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
                    "activation": layer.activation,
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
        self._set(parameters_in(self.state_dict(), state, where))

    def _set(self, numbers: Sequence[float]) -> None:
        for p, data in zip(self.parameters(), numbers, strict=True):
            p.data = data

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the state to a JSON file, complete or not at all; every float keeps its bits."""
        return write_state(path, self.state_dict())

    def load(self, path: str | os.PathLike[str]) -> None:
        """Set the weights to those in a file that `save` wrote.

        Raises FileMismatch where it does not fit this net, is damaged, or is larger than 1 MiB and
        64 bytes for each parameter; OSError where it can't be read. Nothing is changed then.
        """
        file = read_state(path, len(self.parameters()))
        found = parameters_in(self.state_dict(), file.state, file.name)
        file.check_intact()
        self._set(found)
