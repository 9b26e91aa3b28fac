"""The paper's units, and layers of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from microbp._support.suggest import did_you_mean
from microbp.core import ops
from microbp.core.engine import Value, leaves, unit
from microbp.core.functions import Scalar, exp, logsumexp
from microbp.nn.initial import RANGE, ranges

ACTIVATIONS: dict[str, ops.Op | None] = {
    "sigmoid": ops.SIGMOID,
    "tanh": ops.TANH,
    "relu": ops.RELU,
    "softplus": ops.SOFTPLUS,
    "linear": None,
    **{name: ops.table[name] for name in ("leaky_relu", "gelu", "silu") if name in ops.table},
}
"""The functions from total input to activity, by name; "linear" is the total input itself."""

SOFTMAX = "softmax"
"""The activation of a whole layer: exp(x_j) / sum_k exp(x_k), probabilities that add up to 1."""


def checked_activation(activation: str, *, of_layer: bool = False) -> str:
    """The activation itself; raises ValueError if there is none of that name."""
    known = [*ACTIVATIONS, SOFTMAX] if of_layer else list(ACTIVATIONS)
    if not isinstance(activation, str) or activation not in known:
        hint = did_you_mean(activation, known, {"logistic": "sigmoid", "identity": "linear"})
        got = f"{activation!r}{hint}"
        raise ValueError(f"activation: expected one of {', '.join(known)}; got {got}")
    return activation


class Neuron:
    """One unit: a node for its total input (equation 1) and one for its activity (equation 2).

    The weights and then the bias are drawn uniformly from [-init, init]; `init` may also be a
    name, as for a `Net`. `label` names the node of the activity and, together with `sources`, the
    weights. `units` is how many there are in the layer, for the init "xavier".

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
        init: float | str = RANGE,
        activation: str = "sigmoid",
        label: str = "",
        sources: Sequence[str] = (),
        units: int = 1,
    ) -> None:
        checked_activation(activation)
        of_weights, of_bias = ranges(init, inputs, units)
        sources = sources or [str(i) for i in range(1, inputs + 1)]
        self.weights = [
            Value(
                rng.uniform(-of_weights, of_weights),
                f"w[{label},{source}]" if label else f"w{source}",
            )
            for source in sources
        ]
        bias = 0.0 if of_bias is None else rng.uniform(-of_bias, of_bias)
        self.bias = Value(bias, f"b[{label}]" if label else "b")
        self.activation = activation
        self.label = label

    def __call__(self, inputs: Sequence[Scalar]) -> Value:
        """The activity for these inputs; ValueError if they are not as many as the weights."""
        op = ACTIVATIONS[self.activation]
        return unit(self.weights, inputs, self.bias, op, self.label)

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.weights, self.bias]


class Layer:
    """Units with the same inputs; their weights are drawn one unit after the other.

    The activation may also be "softmax": then the units are linear, and the activities of the
    layer are the softmax of their total inputs.

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
        init: float | str = RANGE,
        activation: str = "sigmoid",
        name: str = "",
        sources: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.activation = checked_activation(activation, of_layer=True)
        softmax = activation == SOFTMAX
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
        """The activity of each unit for these inputs."""
        inputs = leaves(inputs, "Value")
        if self.activation != SOFTMAX:
            return [neuron(inputs) for neuron in self.neurons]
        totals = [unit(n.weights, inputs, n.bias, None, "") for n in self.neurons]
        log_sum = logsumexp(totals)
        activities = [exp(x - log_sum) for x in totals]
        for y, neuron in zip(activities, self.neurons, strict=True):
            y.label = neuron.label
        return activities

    def parameters(self) -> list[Value]:
        """Each unit's weights and bias, unit by unit."""
        return [p for neuron in self.neurons for p in neuron.parameters()]
