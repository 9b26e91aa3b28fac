"""The GPT in JAX: vectorized over positions and words, its value and gradient, through `jit`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from benchmarks.workloads.gpt import DIMENSIONS, HEAD, HEADS, SHAPES


def gpt_loss(documents: Sequence[Sequence[int]]) -> Callable[[Any], Any]:
    """The loss of the numbers, with the words as constants."""
    tokens = np.array(documents)
    words, positions = len(tokens), tokens.shape[1] - 1
    hidden = jnp.triu(jnp.full((positions, positions), -jnp.inf), 1)

    def normed(x: Any) -> Any:
        return x / jnp.sqrt(jnp.mean(x * x, axis=-1, keepdims=True) + 1e-5)

    def by_head(x: Any) -> Any:
        return x.reshape(words, positions, HEADS, HEAD)

    def loss(numbers: Any) -> Any:
        m, at = {}, 0
        for name, shape in SHAPES.items():
            end = at + shape[0] * shape[1]
            m[name] = numbers[at:end].reshape(shape)
            at = end
        x = normed(m["token"][tokens[:, :-1]] + m["position"][:positions])
        attending = normed(x)
        query, key, value = (by_head(attending @ m[name].T) for name in ("query", "key", "value"))
        scores = jnp.einsum("bihd,bjhd->bhij", query, key) / HEAD**0.5 + hidden
        exps = jnp.exp(scores)
        shares = exps / exps.sum(axis=-1, keepdims=True)
        heads = jnp.einsum("bhij,bjhd->bihd", shares, value).reshape(words, positions, DIMENSIONS)
        x = x + heads @ m["mix"].T
        x = x + jnp.maximum(normed(x) @ m["widen"].T, 0.0) @ m["narrow"].T
        logits = x @ m["logits"].T
        right = jnp.take_along_axis(logits, tokens[:, 1:, None], axis=-1)[..., 0]
        losses = jnp.log(jnp.exp(logits).sum(axis=-1)) - right
        return losses.sum() / positions

    return loss
