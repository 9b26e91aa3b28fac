"""The same nets in JAX: the vectorized net, its value and gradient, through `jit`.

The numbers are one array and the cases constants, which is its fastest way here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.adapters.jax_gpt import gpt_loss
from benchmarks.adapters.numpy import columns
from benchmarks.workload import Workload
from benchmarks.workloads.layered import Shape
from benchmarks.workloads.replay import DOCUMENTS, SHAPES

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")


class Adapter:
    def prepared(self, workload: Workload) -> _Jitted:
        if workload.name in DOCUMENTS:
            return _Jitted(gpt_loss(DOCUMENTS[workload.name]), workload)
        return _Jitted(_net_loss(SHAPES[workload.name], workload), workload)


def _net_loss(shape: Shape, workload: Workload) -> Callable[[Any], Any]:
    cases = jax.device_put(columns(shape, workload))
    output = shape.layers[-1].name

    def loss(numbers: Any) -> Any:
        found, at = dict(cases), 0
        for layer in shape.layers:
            rows = shape.fed(layer) + 1
            end = at + rows * layer.units
            units = numbers[at:end].reshape(layer.units, rows)
            at = end
            x = jnp.concatenate([found[source] for source in layer.of], axis=1)
            found[layer.name] = jax.nn.sigmoid(x @ units[:, :-1].T + units[:, -1])
        return 0.5 * jnp.sum((found[output] - cases[output]) ** 2)

    return loss


class _Jitted:
    def __init__(self, loss: Callable[[Any], Any], workload: Workload) -> None:
        self.numbers = jax.device_put(np.array(workload.numbers()))
        self.function = jax.jit(jax.value_and_grad(loss))

    def step(self) -> None:
        self.found = jax.block_until_ready(self.function(self.numbers))

    def loss(self) -> float:
        return float(self.found[0])

    def gradient(self) -> list[float]:
        return [float(d) for d in self.found[1]]
