"""The result of a problem with few cases: the report shows each of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microbp.core.functions import data_of
from microbp.core.grad_mode import no_grad
from microbp.experiments.result import Trained
from microbp.training import Case, History, right_side


class CaseReport(Trained):
    """A run of a problem with few cases, all of which are in its report.

    reported: what the PDP book reports, "" if nothing is known.
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
        return [*super().tables(), self.cases_table()]

    def cases_table(self) -> str:
        """Each case with its targets and the net's outputs, and which of them are wrong."""
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

    def case_names(self) -> list[str]:
        return [self.shown(inputs) for inputs, _ in self.cases]

    def shown(self, inputs: Any) -> str:
        """A case's inputs as text."""
        return _short(inputs)


def _short(numbers: Any) -> str:
    return " ".join(f"{data_of(x):g}" for x in numbers)
