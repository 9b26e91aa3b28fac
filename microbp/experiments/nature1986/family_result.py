"""What a net for the family trees has learned: its answers, and its code for the persons."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from microbp.core.grad_mode import no_grad
from microbp.experiments.nature1986.family_data import (
    ANSWERS,
    CASES,
    ENGLISH,
    PEOPLE,
    QUESTIONS,
    RELATIONSHIPS,
    branch,
    generation,
    people,
)
from microbp.experiments.result import Picture, Trained
from microbp.nn import Net
from microbp.plots import hinton_layer
from microbp.training import HeldOut, History, right_side

WHY_NOT = """\
Why it learns nothing: steps as small as these don't hold against the decay, which takes 0.2 %
of each weight in every sweep, 95 % in 1,500. The weights of the lower layers all but vanish,
and with them all that tells one case from another; the output units learn to be off, as they
mostly should. --settings working shows what it takes."""

FEATURES: dict[str, list[float]] = {
    "nationality": [float(person in people(ENGLISH)) for person in PEOPLE],
    "generation": [float(generation(person)) for person in PEOPLE],
    "branch": [float(branch(person)) for person in PEOPLE],
}
"""What the paper found in the person code, as a number for each person."""


class FamilyTrees(Trained):
    """A run of the experiment: the net, how it learned, and the cases it never saw.

    held_out: their numbers in `family_data.CASES`. start: the size of the person code at first.
    deviations: what was done otherwise than printed.
    """

    def __init__(
        self,
        net: Net,
        history: History,
        held_out: list[int],
        start: float,
        deviations: Sequence[str],
    ) -> None:
        super().__init__(net, history)
        self.held_out = held_out
        self.start = start
        self.deviations = deviations

    def case_names(self) -> list[str]:
        """The questions that it learns: "Colin's aunt"."""
        asked = enumerate(QUESTIONS)
        return [f"{person}'s {kin}" for n, (person, kin) in asked if n not in self.held_out]

    def held_out_cases(self) -> HeldOut:
        """The questions that it is asked at the end."""
        names = [f"{person}'s {kin}" for person, kin in (QUESTIONS[n] for n in self.held_out)]
        return HeldOut(self.held_out, [CASES[n] for n in self.held_out], names)

    def unit_names(self) -> tuple[Sequence[str], Sequence[str]]:
        """The persons and the relationships, and the persons."""
        return [*PEOPLE, *RELATIONSHIPS], PEOPLE

    def answer(self, case: int) -> dict[str, float]:
        """The persons whose output units are above 0.5 in this case, with their activities."""
        with no_grad():
            outputs = self.net(CASES[case][0])
        return {name: y.data for name, y in zip(PEOPLE, outputs, strict=True) if y.data > 0.5}

    def is_right(self, case: int) -> bool:
        """Whether it names everybody it should and nobody else."""
        inputs, targets = CASES[case]
        return right_side(self.net(inputs), targets)

    def code(self) -> list[list[float]]:
        """For each unit of the person code its weights from the 24 persons."""
        return person_code(self.net)

    def size(self) -> float:
        """The root mean square of these weights."""
        return size(self.code())

    def correlations(self) -> dict[str, list[float]]:
        """The correlation of each unit's weights with each feature of the persons, from -1 to 1."""
        return {
            name: [_correlation(weights, feature) for weights in self.code()]
            for name, feature in FEATURES.items()
        }

    def tellers(self) -> dict[str, int]:
        """For each feature the number of the unit that represents it best, from 1."""
        return {
            name: 1 + max(range(len(found)), key=lambda unit: abs(found[unit]))
            for name, found in self.correlations().items()
        }

    def numbers(self) -> dict[str, Any]:
        """How well it did; the best correlation with each feature; how many held-out cases are
        right and, for each relationship among them, what share.
        """
        rights = {case: self.is_right(case) for case in self.held_out}
        asked: dict[str, list[bool]] = {}
        for case, right in rights.items():
            asked.setdefault(QUESTIONS[case][1], []).append(right)
        best = {name: max(map(abs, found)) for name, found in self.correlations().items()}
        return {
            **super().numbers(),
            "held_out_right": sum(rights.values()),
            **best,
            "three_units": len(set(self.tellers().values())) == 3,
            "size": self.size(),
            **{
                name: sum(asked[name]) / len(asked[name]) for name in RELATIONSHIPS if name in asked
            },
        }

    def lines(self) -> list[tuple[str, str]]:
        right = sum(map(self.is_right, self.held_out))
        return [
            *super().lines(),
            ("held out and right", f"{right} of {len(self.held_out)}"),
            ("size of person code", f"{self.start:.4f} at first, {self.size():.4f} at the end"),
        ]

    def tables(self) -> list[str]:
        return [self._held_out_table(), self._code_table(), self._deviations_table()]

    def _held_out_table(self) -> str:
        rows = [("held out", "answer", "the net says", "")]
        for case in self.held_out:
            person, relationship = QUESTIONS[case]
            said = ", ".join(f"{name} {y:.2f}" for name, y in self.answer(case).items())
            verdict = "right" if self.is_right(case) else "wrong"
            answers = ", ".join(ANSWERS[QUESTIONS[case]])
            rows.append((f"{person}'s {relationship}", answers, said or "nobody", verdict))
        return "\n".join(f"{a:24}{b:20}{c:44}{d}".rstrip() for a, b, c, d in rows)

    def _code_table(self) -> str:
        found = self.correlations()
        rows = ["person code    " + "".join(f"{name:>13}" for name in found)]
        for unit in range(len(self.code())):
            row = "".join(f"{found[name][unit]:13.2f}" for name in found)
            rows.append(f"unit {unit + 1}         {row}")
        return "\n".join([*rows, "(correlations of a unit's weights with what the persons are)"])

    def _deviations_table(self) -> str:
        if not self.deviations:
            return WHY_NOT
        return "\n".join(["Not as printed:", *(f"  {what}" for what in self.deviations)])

    def pictures(self) -> dict[str, Picture]:
        names = people(ENGLISH)
        return {
            "person-code": (
                lambda ax: hinton_layer(
                    self.net, "person code", ax, rows=["English", "Italian"], columns=names
                ),
                (7.0, 8.0),
            ),
            **super().pictures(),
        }

    def verdict(self) -> str:
        cases, right = self.history.cases, sum(map(self.is_right, self.held_out))
        if self.history.first_all_right() is None:
            return (
                f"This seed has not learned the {cases} cases: "
                f"{self.history[-1].right} come out right at the end."
            )
        of = len(self.held_out)
        if right < of:
            return f"This seed has learned the {cases} cases, and {right} of the {of} it never saw."
        return (
            f"This seed has learned the {cases} cases and all {of} it never saw, as in the paper. "
            "Few seeds do: to show one is to choose it by its outcome."
        )


def person_code(net: Net) -> list[list[float]]:
    """For each unit of the person code its weights from the 24 persons."""
    return [[w.data for w in unit.weights] for unit in net.layers["person code"].neurons]


def size(code: Sequence[Sequence[float]]) -> float:
    """The root mean square of these weights."""
    squares = [w * w for weights in code for w in weights]
    return math.sqrt(sum(squares) / len(squares))


def _correlation(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Pearson's correlation; 0 if either is constant."""
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    x = [value - x_mean for value in xs]
    y = [value - y_mean for value in ys]
    size = math.sqrt(sum(a * a for a in x) * sum(b * b for b in y))
    return sum(a * b for a, b in zip(x, y, strict=True)) / size if size > 0.0 else 0.0
