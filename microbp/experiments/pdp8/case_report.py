"""What the problems of PDP chapter 8 share: few cases, shown one by one, and the book's figure.

"Learning internal representations by error propagation", in Parallel Distributed Processing,
vol. 1 (1986), is the paper's companion. Its problems are small: XOR, parity, an encoder,
addition, negation, and T against C.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from microbp.core.grad_mode import no_grad
from microbp.experiments.result import Trained
from microbp.nn import Net
from microbp.training import Case, History, right_side


class Chapter8(Trained):
    """A run of such a problem: as any other, with all cases in its report.

    reported: what the book says, "" where nothing is known.
    """

    def __init__(
        self, net: Any, history: History, cases: Sequence[Case], reported: str = ""
    ) -> None:
        super().__init__(net, history)
        self.cases = cases
        self.reported = reported

    def lines(self) -> list[tuple[str, str]]:
        book = [("the book reports", self.reported)] if self.reported else []
        return [*super().lines(), *book]

    def tables(self) -> list[str]:
        return [*super().tables(), self._cases_table()]

    def _cases_table(self) -> str:
        """Each case with its targets, what the net says, and whether that is right."""
        rows = []
        with no_grad():
            for inputs, targets in self.cases:
                outputs = self.net(inputs)
                said = " ".join(f"{y.data:.2f}" for y in outputs)
                verdict = "" if right_side(outputs, targets) else "wrong"
                rows.append((self.shown(inputs), _short(targets), said, verdict))
        rows.insert(0, ("case", "target", "output", ""))
        widths = [max(map(len, column)) + 3 for column in zip(*rows, strict=True)]
        return "\n".join(
            "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows
        )

    def shown(self, inputs: Any) -> str:
        """A case's inputs in the report."""
        return _short(inputs)


def _short(numbers: Any) -> str:
    return " ".join(f"{float(x):g}" for x in numbers)


def bits(number: int, width: int) -> list[float]:
    """A number's binary digits, the highest first.

    >>> bits(6, width=4)
    [0.0, 1.0, 1.0, 0.0]
    """
    return [float(number >> place & 1) for place in reversed(range(width))]


def layered_net(
    inputs: int, hidden: int, outputs: int, *, seed: int, init: float, direct: int
) -> Net:
    """A net with one hidden layer, and where `direct` is not 0 with the inputs feeding the outputs.

    >>> len(layered_net(2, 1, 1, seed=0, init=0.5, direct=1).parameters())
    7
    """
    net = Net(inputs, rng=random.Random(seed), init=init).add("hidden", hidden)
    return net.add("output", outputs, of=["x", "hidden"] if direct else ["hidden"])
