"""T against C, PDP chapter 8: which letter is it, in any rotation? Hidden units share a kernel.

Each letter is five squares on a 3 by 3 field, in four rotations. Every hidden unit sees a window
of 3 by 3 squares, and all have the same nine weights: so it does not matter where a letter is,
and what is learned in one place holds in all others.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from microbp.core.engine import Value
from microbp.core.functions import Scalar, dot, sigmoid
from microbp.experiments.case_report import CaseReport
from microbp.experiments.experiment import Experiment
from microbp.experiments.result import Picture
from microbp.experiments.tied import TiedNet, momentum_for
from microbp.nn import Neuron
from microbp.plots import hinton
from microbp.training import Case, train

T = ("###", " # ", " # ")
C = ("## ", "#  ", "## ")


def rotations(letter: Sequence[str]) -> list[tuple[str, ...]]:
    """The letter in its four rotations, each a quarter turn further.

    >>> rotations(T)[1]
    ('  #', '###', '  #')
    """
    found = [tuple(letter)]
    for _ in range(3):
        found.append(tuple("".join(column) for column in zip(*reversed(found[-1]), strict=True)))
    return found


CASES: list[Case] = [
    ([float(square == "#") for row in rotated for square in row], [float(letter is T)])
    for letter in (T, C)
    for rotated in rotations(letter)
]
"""The eight pictures, row by row; the target is 1 for T."""

WINDOWS = [
    [(row, column) for row in range(top, top + 3) for column in range(left, left + 3)]
    for top in range(-2, 3)
    for left in range(-2, 3)
]
"""All 25 windows that hold at least one square of the field."""


class OneKernel(TiedNet):
    """25 hidden units with one kernel, and an output unit with one weight from all of them.

    >>> net = OneKernel(random.Random(0), init=0.3)
    >>> len(net.parameters()), len(net([0.0] * 9))
    (12, 1)
    """

    def __init__(self, rng: random.Random, init: float) -> None:
        self.kernel = Neuron(9, rng=rng, init=init, label="kernel")
        for place, w in enumerate(self.kernel.weights, 1):
            w.label = f"kernel{place}"
        self.kernel.bias.label = "kernel bias"
        self.weight = Value(rng.uniform(-init, init), "output weight")
        self.bias = Value(rng.uniform(-init, init), "output bias")
        self.weights = [*self.kernel.parameters(), self.weight, self.bias]
        self.copies = [len(WINDOWS)] * 11 + [1]
        self._init = init

    def ranges(self) -> list[float | None]:
        return [*self.kernel.ranges(), self._init, self._init]

    def __call__(self, inputs: Sequence[Scalar]) -> list[Value]:
        """The output for a picture of nine squares."""
        seen = {(k // 3, k % 3): x for k, x in enumerate(inputs)}
        hidden = [self.kernel([seen.get(place, 0.0) for place in window]) for window in WINDOWS]
        return [sigmoid(dot([self.weight] * len(hidden), hidden, self.bias))]


class TC(CaseReport):
    """A run: the kernel is shown as a picture."""

    def tables(self) -> list[str]:
        kernel = [w.data for w in self.net.kernel.weights]
        rows = ["".join(f"{x:9.3f}" for x in kernel[k : k + 3]) for k in (0, 3, 6)]
        rest = "  ".join(f"{p.label} {p.data:.3f}" for p in self.net.parameters()[9:])
        return ["\n".join(["kernel", *rows]), rest, self.cases_table()]

    def pictures(self) -> dict[str, Picture]:
        kernel = [w.data for w in self.net.kernel.weights]
        rows = [kernel[k : k + 3] for k in (0, 3, 6)]
        return {"kernel": (lambda ax: hinton(rows, ax), (3.0, 3.0)), **super().pictures()}

    def shown(self, inputs: Any) -> str:
        squares = "".join("#" if x else "." for x in inputs)
        return " ".join(squares[k : k + 3] for k in (0, 3, 6))


def t_c(
    seed: int = 2,
    sweeps: int = 10_000,
    lr: float = 0.5,
    momentum: float = 0.9,
    init: float = 0.5,
    rule: str = "averaged",
    **how: Any,
) -> TC:
    """Train a net with one kernel of 3 by 3 weights to tell T from C, whichever way round.

    No square tells them apart, nor any pair of squares, wherever it may be: both letters have
    the same number of each. It takes three squares. The kernel is moved over the picture; the
    gradient of each of its weights is averaged over the 25 places, or summed.
    """
    net = OneKernel(random.Random(seed), init)
    history = train(net, CASES, momentum_for(net, rule, lr, momentum), sweeps=sweeps, **how)
    return TC(net, history, CASES)


run = Experiment(
    t_c,
    "t-c",
    title="T against C (PDP ch. 8)",
    settings={"rule": "of the copies' gradients: averaged, or summed"},
)
