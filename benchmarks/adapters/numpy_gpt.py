"""The GPT by hand in NumPy: all positions of all words at once, there and back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.workload import Workload
from benchmarks.workloads.gpt import DIMENSIONS, HEAD, HEADS, SHAPES

Array = NDArray[np.float64]

EPSILON = 1e-5
ATTENDED = ("query", "key", "value")


def rows_of(flat: Array) -> dict[str, Array]:
    """Views of the numbers as matrices, those for attention also as the one they make together."""
    sizes = [rows * columns for rows, columns in SHAPES.values()]
    spans = pairwise(accumulate(sizes, initial=0))
    found = {
        name: flat[start:end].reshape(shape)
        for (name, shape), (start, end) in zip(SHAPES.items(), spans, strict=True)
    }
    start = sum(sizes[: list(SHAPES).index(ATTENDED[0])])  # they follow one another
    attended = len(ATTENDED) * DIMENSIONS
    found["attended"] = flat[start : start + attended * DIMENSIONS].reshape(attended, DIMENSIONS)
    return found


class GptByHand:
    def __init__(self, workload: Workload, documents: Sequence[Sequence[int]]) -> None:
        self.matrices = rows_of(np.array(workload.numbers()))
        self.flat = np.zeros(len(workload.numbers()))
        self.derivatives = rows_of(self.flat)
        tokens = np.array(documents)
        self.words, self.positions = len(tokens), tokens.shape[1] - 1
        self.tokens = tokens[:, :-1].ravel()
        self.next = np.arange(self.tokens.size), tokens[:, 1:].ravel()
        self.hidden = np.triu(np.full((self.positions, self.positions), -np.inf), 1)

    def step(self) -> None:
        m, words, positions = self.matrices, self.words, self.positions
        by_head = (words, positions, len(ATTENDED), HEADS, HEAD)

        embedded = m["token"][self.tokens].reshape(words, positions, DIMENSIONS)
        embedded += m["position"][:positions]
        x, scale = _normed(embedded.reshape(-1, DIMENSIONS))
        normed, attention_scale = _normed(x)
        attended = (normed @ m["attended"].T).reshape(by_head).transpose(2, 0, 3, 1, 4)
        query, key, value = attended
        scores = query @ key.swapaxes(-1, -2)
        scores *= HEAD**-0.5
        scores += self.hidden
        shares = np.exp(scores, out=scores)
        shares /= shares.sum(axis=-1, keepdims=True)
        heads = (shares @ value).transpose(0, 2, 1, 3).reshape(-1, DIMENSIONS)
        middle = heads @ m["mix"].T
        middle += x
        fed, inner_scale = _normed(middle)
        inner = fed @ m["widen"].T
        np.maximum(inner, 0.0, out=inner)
        last = inner @ m["narrow"].T
        last += middle
        exps = last @ m["logits"].T
        np.exp(exps, out=exps)
        exps /= exps.sum(axis=1, keepdims=True)
        self.error = -np.log(exps[self.next]).sum() / positions

        into = self.derivatives
        exps[self.next] -= 1.0
        exps *= 1.0 / positions
        np.matmul(exps.T, last, out=into["logits"])
        d_last = exps @ m["logits"]
        np.matmul(d_last.T, inner, out=into["narrow"])
        d_inner = d_last @ m["narrow"]
        d_inner *= inner > 0.0
        np.matmul(d_inner.T, fed, out=into["widen"])
        d_middle = _back(d_inner @ m["widen"], fed, inner_scale)
        d_middle += d_last
        np.matmul(d_middle.T, heads, out=into["mix"])
        d_heads = (d_middle @ m["mix"]).reshape(words, positions, HEADS, HEAD).swapaxes(1, 2)
        d_shares = d_heads @ value.swapaxes(-1, -2)
        d_shares -= np.einsum("whij,whij->whi", d_shares, shares)[..., None]
        d_shares *= shares
        d_shares *= HEAD**-0.5
        d_attended = np.empty(by_head)
        d_query, d_key, d_value = d_attended.transpose(2, 0, 3, 1, 4)
        np.matmul(d_shares, key, out=d_query)
        np.matmul(d_shares.swapaxes(-1, -2), query, out=d_key)
        np.matmul(shares.swapaxes(-1, -2), d_heads, out=d_value)
        flat = d_attended.reshape(-1, len(ATTENDED) * DIMENSIONS)
        np.matmul(flat.T, normed, out=into["attended"])
        d_x = _back(flat @ m["attended"], normed, attention_scale)
        d_x += d_middle
        d_embedded = _back(d_x, x, scale)
        into["token"][:] = 0.0
        np.add.at(into["token"], self.tokens, d_embedded)
        into["position"][:positions] = d_embedded.reshape(words, positions, -1).sum(axis=0)

    def loss(self) -> float:
        return float(self.error)

    def gradient(self) -> list[float]:
        return [float(d) for d in self.flat]


def _normed(x: Array) -> tuple[Array, Array]:
    """Each row scaled to a mean square of 1, and by what."""
    scale = np.einsum("ij,ij->i", x, x)
    scale /= DIMENSIONS
    scale += EPSILON
    scale **= -0.5
    return x * scale[:, None], scale


def _back(d: Array, y: Array, scale: Array) -> Array:
    """The adjoint of what `_normed` made y of, from y's."""
    d -= y * (np.einsum("ij,ij->i", d, y) / DIMENSIONS)[:, None]
    d *= scale[:, None]
    return d
