"""The paper's units, and layers of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from microbp._support.arguments import text, texts
from microbp._support.coerce import shown
from microbp._support.suggest import did_you_mean
from microbp.core import ops
from microbp.core.engine import Value, activities_into, layer, unit
from microbp.core.functions import Scalar, exp, logsumexp
from microbp.nn.arguments import check_weights, generator, inputs_by_group, whole
from microbp.nn.initial import RANGE, checked_init, ranges

ACTIVATIONS: dict[str, ops.Op | None] = {
    "sigmoid": ops.SIGMOID,
    "tanh": ops.TANH,
    "relu": ops.RELU,
    "softplus": ops.SOFTPLUS,
    "linear": None,
    "leaky_relu": ops.LEAKY_RELU,
    "gelu": ops.GELU,
    "silu": ops.SILU,
}
"""The functions from total input to activity, by name; "linear" is the total input itself."""

SOFTMAX = "softmax"
"""The activation of a whole layer: exp(x_j) / sum_k exp(x_k), probabilities that add up to 1."""


_ALSO_CALLED = {"logistic": "sigmoid", "identity": "linear"}


def checked_activation(activation: Any, where: str, *, of_layer: bool = False) -> str:
    """The activation itself; raises ValueError if there is none of that name."""
    known = [*ACTIVATIONS, SOFTMAX] if of_layer else list(ACTIVATIONS)
    if isinstance(activation, str) and activation in known:
        return activation
    asked = getattr(activation, "__name__", activation)
    got = shown(activation) + did_you_mean(asked, known, _ALSO_CALLED)
    if isinstance(activation, str) and activation == SOFTMAX:
        got += ", which is of a whole layer: write output='softmax'"
    if isinstance(activation, (list, tuple)):
        got += ": write add(name, units, activation=...) for layers that differ"
    raise ValueError(f"{where}: expected one of {', '.join(known)}; got {got}")


def check_softmax(activation: str, units: int, where: str) -> None:
    """ValueError for a softmax of a single unit, which learns nothing."""
    if activation == SOFTMAX and units == 1:
        raise ValueError(
            f"{where}: a softmax of 1 unit is always 1: write 'sigmoid', or a unit for each class"
        )


def checked_shape(
    where: str, inputs: Any, units: Any, sources: Any
) -> tuple[int, int, Sequence[str]]:
    """How many inputs and units, and the names of the inputs: by default 1, 2, ..."""
    inputs = whole(inputs, f"{where}: inputs")
    units = whole(units, f"{where}: units")
    check_weights(units, inputs, where)
    sources = texts(sources, f"{where}: sources") or [str(i) for i in range(1, inputs + 1)]
    if len(sources) != inputs:
        raise ValueError(f"{where}: {inputs} inputs but {len(sources)} sources")
    return inputs, units, sources


class Neuron:
    """One unit: a node for its total input (equation 1) and one for its activity (equation 2).

    The weights and then the bias are drawn uniformly from [-init, init]; `init` may also be a
    name, as for a `Net`. `label` names the node of the activity and, together with `sources`, the
    weights. `units` is how many there are in the layer, for the init "xavier".

    >>> unit = Neuron(2, rng=random.Random(8), init=0.3)
    >>> y = unit([1.0, 0.0])
    >>> y.op.name, y.operands[0].op.name
    ('sigmoid', 'dot')

    Raises TypeError or ValueError for arguments of other kinds.
    """

    _ranges: Sequence[float | None] = ()  # of pickles from before there were any

    def __init__(
        self,
        inputs: int,
        *,
        rng: random.Random,
        init: float | str = RANGE,
        activation: str = "sigmoid",
        label: str = "",
        sources: Sequence[str] = (),
        units: int = 1,
    ) -> None:
        self.activation = checked_activation(activation, "Neuron: activation")
        self.label = text(label, "Neuron: label")
        inputs, units, sources = checked_shape("Neuron", inputs, units, sources)
        of_weights, of_bias = ranges(checked_init(init, "Neuron"), inputs, units)
        rng = generator(rng, "Neuron")
        self.weights = [
            Value(
                rng.uniform(-of_weights, of_weights),
                f"w[{label},{source}]" if label else f"w{source}",
            )
            for source in sources
        ]
        self._ranges = [*[of_weights] * inputs, of_bias]
        bias = 0.0 if of_bias is None else rng.uniform(-of_bias, of_bias)
        self.bias = Value(bias, f"b[{label}]" if label else "b")

    def __call__(self, inputs: Sequence[Scalar]) -> Value:
        """The activity for these inputs; ValueError if they are not as many as the weights."""
        return self.activity(activities_into(inputs, len(self.weights), "Neuron"))

    def activity(self, inputs: list[Value]) -> Value:
        """The activity for inputs that are Values, and as many as the weights."""
        op = ACTIVATIONS[self.activation]
        return unit(self.weights, inputs, self.bias, op, self.label)

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.weights, self.bias]

    def ranges(self) -> list[float | None]:
        """How far from 0 each parameter was drawn, in this order; None where it just is 0."""
        return list(self._ranges)


class Layer:
    """Units with the same inputs; their weights are drawn one unit after the other.

    The activation may also be "softmax": then the units are linear, and the activities of the
    layer are the softmax of their total inputs.

    >>> layer = Layer(2, 3, rng=random.Random(8))
    >>> len(layer([0.0, 1.0])), len(layer.parameters())
    (3, 9)

    Raises TypeError or ValueError for arguments of other kinds.
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        *,
        rng: random.Random,
        init: float | str = RANGE,
        activation: str = "sigmoid",
        name: str = "",
        sources: Sequence[str] = (),
    ) -> None:
        self.name = text(name, "Layer: name")
        self.activation = checked_activation(activation, "Layer: activation", of_layer=True)
        inputs, units, sources = checked_shape("Layer", inputs, units, sources)
        init, rng = checked_init(init, "Layer"), generator(rng, "Layer")
        check_softmax(self.activation, units, "Layer: activation")
        softmax = self.activation == SOFTMAX
        self.neurons = [
            Neuron(
                inputs,
                rng=rng,
                init=init,
                activation="linear" if softmax else activation,
                label=f"{name}{j}" if name else "",
                sources=sources,
                units=units,
            )
            for j in range(1, units + 1)
        ]

    def __call__(self, inputs: Sequence[Scalar]) -> list[Value]:
        """The activity of each unit for these inputs; ValueError if they are too few or many."""
        neurons = self.neurons
        if self.activation != SOFTMAX:
            return layer(neurons, inputs, PLAIN)
        inputs = activities_into(inputs, len(neurons[0].weights), "Layer")
        totals = [unit(n.weights, inputs, n.bias, None, "") for n in neurons]
        log_sum = logsumexp(totals)
        activities = [exp(x - log_sum) for x in totals]
        for y, neuron in zip(activities, neurons, strict=True):
            y.label = neuron.label
        return activities

    def parameters(self) -> list[Value]:
        """Each unit's weights and bias, unit by unit."""
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def ranges(self) -> list[float | None]:
        """How far from 0 each parameter was drawn, in this order; None where it just is 0."""
        return [r for neuron in self.neurons for r in neuron.ranges()]


class Plain(NamedTuple):
    """What layers and neurons do, where no subclass and no program has another method do it."""

    call: Callable[..., list[Value]]
    activity: Callable[..., Value]
    activations: Mapping[str, ops.Op | None]
    inputs_by_group: Callable[[Any, Mapping[str, list[str]]], Mapping[str, Any]]
    """Checks the inputs of a net."""
    neuron: type[Neuron]


PLAIN = Plain(Layer.__call__, Neuron.activity, ACTIVATIONS, inputs_by_group, Neuron)
