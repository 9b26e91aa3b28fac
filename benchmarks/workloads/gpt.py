"""A training step of a very small GPT of scalars, in the style of Karpathy's microgpt.

One layer of 16 dimensions with 4 heads, a block of 16, 27 tokens: the letters, and one that
begins and ends a document. The document is a word of seven letters, so that a step has eight
positions. A batch is 64 such words, whose letters are inputs: 1 for the letter, 0 for all others.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, TypeAlias

from benchmarks.workload import Nary, NaryOperations, Operations, Pairwise, Sums, Workload

DIMENSIONS, HEADS, BLOCK, TOKENS, INNER = 16, 4, 16, 27, 64
HEAD = DIMENSIONS // HEADS
END = TOKENS - 1
DOCUMENT = [END, *(ord(letter) - ord("a") for letter in "neurons"), END]
BATCH = 64

SHAPES = {
    "token": (TOKENS, DIMENSIONS),
    "position": (BLOCK, DIMENSIONS),
    "query": (DIMENSIONS, DIMENSIONS),
    "key": (DIMENSIONS, DIMENSIONS),
    "value": (DIMENSIONS, DIMENSIONS),
    "mix": (DIMENSIONS, DIMENSIONS),
    "widen": (INNER, DIMENSIONS),
    "narrow": (DIMENSIONS, INNER),
    "logits": (TOKENS, DIMENSIONS),
}
"""Each matrix by its rows and columns; a row holds the weights of one output."""

Vector: TypeAlias = Sequence[Any]


def _initial() -> list[float]:
    rng = random.Random(3)
    size = sum(rows * columns for rows, columns in SHAPES.values())
    return [rng.gauss(0.0, 0.08) for _ in range(size)]


class _Model:
    """The net, over the contender's numbers and one way to write sums."""

    def __init__(self, ops: Operations, sums: Sums, numbers: Sequence[Any]) -> None:
        self.ops, self.sums = ops, sums
        self.matrices: dict[str, list[Vector]] = {}
        at = 0
        for name, (rows, columns) in SHAPES.items():
            end = at + rows * columns
            self.matrices[name] = [numbers[i : i + columns] for i in range(at, end, columns)]
            at = end
        self.keys: list[Vector] = []
        self.values: list[Vector] = []

    def linear(self, name: str, x: Vector) -> Vector:
        return [self.sums.dot(row, x) for row in self.matrices[name]]

    def normed(self, x: Vector) -> Vector:
        """x, scaled to a mean square of 1."""
        scale = (self.sums.dot(x, x) / len(x) + 1e-5) ** -0.5
        return [a * scale for a in x]

    def softmax(self, x: Vector) -> Vector:
        exps = [self.ops.exp(a) for a in x]
        whole = self.sums.total(exps)
        return [e / whole for e in exps]

    def attention(self, x: Vector) -> Vector:
        """The heads' output from this position and those before it."""
        query = self.linear("query", x)
        self.keys.append(self.linear("key", x))
        self.values.append(self.linear("value", x))
        heads: list[Any] = []
        for at in range(0, DIMENSIONS, HEAD):
            mine = slice(at, at + HEAD)
            scores = [self.sums.dot(query[mine], key[mine]) / HEAD**0.5 for key in self.keys]
            shares = self.softmax(scores)
            heads += [
                self.sums.dot(shares, [value[i] for value in self.values])
                for i in range(at, at + HEAD)
            ]
        return self.linear("mix", heads)

    def logits(self, embedding: Vector, position: int) -> Vector:
        """The logit of each token as the next one."""
        embedded = zip(embedding, self.matrices["position"][position], strict=True)
        x: Vector = self.normed([t + p for t, p in embedded])
        x = [a + b for a, b in zip(self.attention(self.normed(x)), x, strict=True)]
        inner = [self.ops.relu(a) for a in self.linear("widen", self.normed(x))]
        x = [a + b for a, b in zip(self.linear("narrow", inner), x, strict=True)]
        return self.linear("logits", x)


def _loss(ops: Operations, sums: Sums, numbers: Sequence[Any]) -> Any:
    """The mean cross-entropy of each next token."""
    model = _Model(ops, sums, numbers)
    losses = [
        sums.cross_entropy(model.logits(model.matrices["token"][token], position), following)
        for position, (token, following) in enumerate(pairwise(DOCUMENT))
    ]
    return sums.total(losses) * (1.0 / len(losses))


def documents() -> list[list[int]]:
    """The words of the batch, as tokens."""
    rng = random.Random(11)
    letters = len(DOCUMENT) - 2
    return [[END, *(rng.randrange(END) for _ in range(letters)), END] for _ in range(BATCH)]


def one_hot_cases() -> list[list[float]]:
    """The same words, each of their letters as 26 inputs."""
    return [
        [float(token == letter) for letter in document[1:-1] for token in range(END)]
        for document in documents()
    ]


def one_hot_loss(ops: Operations, numbers: Sequence[Any], case: Sequence[Any]) -> Any:
    """The mean cross-entropy of each next token of one word of the batch."""
    sums = Pairwise(ops)
    model = _Model(ops, sums, numbers)
    letters = [case[at : at + END] for at in range(0, len(case), END)]
    columns = list(zip(*model.matrices["token"][:END], strict=True))
    embeddings = [[sums.dot(column, letter) for column in columns] for letter in letters]
    losses = []
    for position, embedding in enumerate([model.matrices["token"][END], *embeddings]):
        logits = model.logits(embedding, position)
        exps = [ops.exp(logit) for logit in logits]
        right = (
            sums.dot(letters[position], logits[:END]) if position < len(letters) else logits[END]
        )
        losses.append(ops.log(sums.total(exps)) - right)
    return sums.total(losses) * (1.0 / len(losses))


def _pairwise(ops: Operations, numbers: Sequence[Any]) -> Any:
    return _loss(ops, Pairwise(ops), numbers)


def _nary(ops: NaryOperations, numbers: Sequence[Any]) -> Any:
    return _loss(ops, Nary(ops), numbers)


GPT = Workload("gpt", "a training step of a small GPT of scalars", _initial, _pairwise)
GPT_NARY = Workload(
    "gpt-dot", "the same GPT with `dot`, `total` and `logsumexp`", _initial, _nary, nary=True
)
