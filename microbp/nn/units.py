"""The paper's units, and layers of them."""

from __future__ import annotations

import random
from collections.abc import Sequence

from microbp.core import ops
from microbp.core.engine import Value, leaves, unit
from microbp.core.functions import Scalar

ACTIVATIONS = {
    "sigmoid": ops.SIGMOID,
    "tanh": ops.TANH,
    "relu": ops.RELU,
    "softplus": ops.SOFTPLUS,
    "linear": None,
}
"""The functions from total input to activity, by name; "linear" is the total input itself."""


class Neuron:
    """One unit: a node for its total input (equation 1) and one for its activity (equation 2).

    The weights and then the bias are drawn uniformly from [-init, init]. `label` names the node
    of the activity and, together with `sources`, the weights.

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
        """The activity for these inputs; ValueError if they are not as many as the weights."""
        op = ACTIVATIONS[self.activation]
        return unit(self.weights, inputs, self.bias, op, self.label)

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.weights, self.bias]


class Layer:
    """Units with the same inputs; their weights are drawn one unit after the other.

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
        """The activity of each unit for these inputs."""
        inputs = leaves(inputs, "Value")
        return [neuron(inputs) for neuron in self.neurons]

    def parameters(self) -> list[Value]:
        """Each unit's weights and bias, unit by unit."""
        return [p for neuron in self.neurons for p in neuron.parameters()]
