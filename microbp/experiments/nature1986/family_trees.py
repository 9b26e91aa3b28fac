"""Family trees, the paper's Figs 2-4: a net that is told who is whose uncle, and finds out more.

It learns 100 of 104 cases about two families and is asked the other four. Six units have to tell
24 persons apart: which of them come to stand for the nation, the generation, the branch?

When a seed learns depends on the last bits of its numbers, as small differences grow: without the
compiled engine, whose sums have another order, seed 60 takes 996 sweeps instead of 989.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from typing import Any

from microbp.core.engine import Value, leaves, optimizer_steps
from microbp.core.functions import Scalar, total, where
from microbp.core.grad_mode import no_grad
from microbp.experiments.experiment import Experiment
from microbp.experiments.nature1986.family_data import (
    ANSWERS,
    CASES,
    ENGLISH,
    PEOPLE,
    RELATIONSHIPS,
    branch,
    generation,
    people,
)
from microbp.experiments.result import Picture, Trained
from microbp.losses import Loss, banded_squared_error
from microbp.nn.layers import Net
from microbp.optim import Momentum
from microbp.plots import hinton_layer
from microbp.training import History, right_side, train

DEVIATIONS = (
    "lr is ten times larger: 0.05, and 0.1 from sweep 20 on",
    "the weights start in [-1, 1] (the paper doesn't say where; [-0.3, 0.3] in Fig. 1)",
    "the error of a unit outside its band is counted from the band's edge, 0.8 or 0.2",
    "the biases don't decay",
)
"""What "working" does otherwise than printed. Sweeps, decay and momentum are as in the paper."""

WHY_NOT = """\
Why it learns nothing: steps as small as these don't hold against the decay, which takes 0.2 %
of each weight in every sweep, 95 % in 1,500. The weights of the lower layers all but vanish,
and with them all that tells one case from another; the output units learn to be off, as they
mostly should. --settings working shows what it takes."""

QUESTIONS = list(ANSWERS)

FEATURES: dict[str, list[float]] = {
    "nationality": [float(person in people(ENGLISH)) for person in PEOPLE],
    "generation": [float(generation(person)) for person in PEOPLE],
    "branch": [float(branch(person)) for person in PEOPLE],
}
"""What the paper found in the person code, as a number for each person."""


class FamilyMomentum(Momentum):
    """Momentum by the paper's schedule, in steps of `times` the printed ones.

    ε = 0.005 and α = 0.5 for the first `slow` sweeps, then ε = 0.01 and α = 0.9; after each
    change the parameters in `decaying` shrink by 0.2 %.
    """

    def __init__(self, net: Net, times: float, slow: int, decaying: Sequence[Value]) -> None:
        super().__init__(
            net.parameters(),
            lr=lambda sweep: times * (0.005 if sweep < slow else 0.01),
            momentum=lambda sweep: 0.5 if sweep < slow else 0.9,
        )
        self._decaying = list(decaying)

    def _change(self, lr: float, shrink: float, sweep: int) -> None:
        super()._change(lr, shrink, sweep)
        optimizer_steps.descend(self._decaying, 0.0, 0.998)


def tolerant_squared_error(outputs: Iterable[Scalar], targets: Iterable[Scalar]) -> Value:
    """As the paper has it: (y - d)^2 / 2, but nothing for "on" above 0.8 and "off" below 0.2.

    >>> tolerant_squared_error([0.5, 0.9], [1, 1]).data
    0.125
    """
    pairs = zip(leaves(outputs, "error"), leaves(targets, "error"), strict=True)
    errors = [(y - d, where(d, 0.8 - y, y - 0.2)) for y, d in pairs]
    return total([where(outside, e * e, 0.0) for e, outside in errors]) * 0.5


class FamilyTrees(Trained):
    """A run of the experiment: the net, how it learned, and the cases it never saw.

    held_out: their numbers in `families.CASES`. start: the size of the person code at first.
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

    def answer(self, case: int) -> dict[str, float]:
        """Whom the net names in this case: those whose units are above 0.5, and how much."""
        with no_grad():
            outputs = self.net(CASES[case][0])
        return {name: y.data for name, y in zip(PEOPLE, outputs, strict=True) if y.data > 0.5}

    def is_right(self, case: int) -> bool:
        """Whether it names all that it should and nobody else."""
        inputs, targets = CASES[case]
        return right_side(self.net(inputs), targets)

    def code(self) -> list[list[float]]:
        """For each unit of the person code its weights from the 24 persons."""
        return _code(self.net)

    def size(self) -> float:
        """The root mean square of these weights."""
        return _size(self.code())

    def correlations(self) -> dict[str, list[float]]:
        """How each unit's weights go with each feature of the persons, from -1 to 1."""
        return {
            name: [_correlation(weights, feature) for weights in self.code()]
            for name, feature in FEATURES.items()
        }

    def tellers(self) -> dict[str, int]:
        """For each feature the number of the unit that tells it best, from 1."""
        return {
            name: 1 + max(range(len(found)), key=lambda unit: abs(found[unit]))
            for name, found in self.correlations().items()
        }

    def numbers(self) -> dict[str, Any]:
        """How well it did; the best correlation with each feature; of the held out how many
        are right and, for each relationship among them, what share.
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
        return [self._held_out_table(), self._code_table(), self._settings_told()]

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

    def _settings_told(self) -> str:
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


def family_net(rng: random.Random, init: float = 1.0) -> Net:
    """The paper's five layers: a code for the person and one for the relationship, which meet.

    >>> len(family_net(random.Random(60)).parameters())
    630
    """
    net = Net({"person": len(PEOPLE), "relation": len(RELATIONSHIPS)}, rng=rng, init=init)
    net.add("person code", 6, of=["person"]).add("relation code", 6, of=["relation"])
    net.add("central", 12, of=["person code", "relation code"])
    return net.add("penultimate", 6).add("output", len(PEOPLE))


def family_trees(
    seed: int = 0,
    sweeps: int = 1500,
    settings: str = "working",
    without: int = 0,
    slow: int = 20,
    **how: Any,
) -> FamilyTrees:
    """Train the five-layer net of Figs 2-4 on 100 of 104 questions about two families.

    Its inputs are a person and a relationship, such as Colin and aunt; its outputs are all
    persons, of whom the right ones are to be on: Jennifer and Margaret. Person and relationship
    each go through six units of their own. At the end it is asked the four questions it never
    saw.

    With the settings printed in the paper it learns nothing; "working" has four deviations, which
    the report names.
    """
    if settings not in ("printed", "working"):
        raise ValueError(f"settings: expected printed or working, got {settings!r}")
    if not 0 <= without <= len(DEVIATIONS):
        raise ValueError(f"without: expected 1 to {len(DEVIATIONS)}, or 0 for none, got {without}")
    deviations = [
        n for n in range(1, 1 + len(DEVIATIONS)) if settings == "working" and n != without
    ]
    rng = random.Random(seed)
    net = family_net(rng, init=1.0 if 2 in deviations else 0.3)
    held_out = sorted(rng.sample(range(len(CASES)), 4))
    loss: Loss = banded_squared_error if 3 in deviations else tolerant_squared_error
    decaying = _weights(net) if 4 in deviations else net.parameters()
    optimizer = FamilyMomentum(net, 10.0 if 1 in deviations else 1.0, slow, decaying)
    told = [f"{n}. {DEVIATIONS[n - 1]}" for n in deviations]
    start = _size(_code(net))
    cases = [case for number, case in enumerate(CASES) if number not in held_out]
    history = train(net, cases, optimizer, sweeps=sweeps, loss=loss, **how)
    return FamilyTrees(net, history, held_out, start, told)


def _weights(net: Net) -> list[Value]:
    """All that are not biases."""
    return [w for layer in net.layers.values() for unit in layer.neurons for w in unit.weights]


def _code(net: Net) -> list[list[float]]:
    return [[w.data for w in unit.weights] for unit in net.layers["person code"].neurons]


def _size(code: Sequence[Sequence[float]]) -> float:
    squares = [w * w for weights in code for w in weights]
    return math.sqrt(sum(squares) / len(squares))


def _correlation(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Pearson's; 0 where either is the same throughout."""
    x_mean, y_mean = sum(xs) / len(xs), sum(ys) / len(ys)
    x = [value - x_mean for value in xs]
    y = [value - y_mean for value in ys]
    size = math.sqrt(sum(a * a for a in x) * sum(b * b for b in y))
    return sum(a * b for a, b in zip(x, y, strict=True)) / size if size > 0.0 else 0.0


run = Experiment(
    family_trees,
    "family-trees",
    title="Family trees (Figs 2-4)",
    help="the net of Figs 2-4, which answers questions about two families",
    notes="""\
Of 500 seeds 91 % learn all 100 cases, and 7 % get all four right that they never saw, as the
paper's net did. Seed 0 is one of these, with a unit for each of nation, generation and branch: it
was chosen by its outcome. Try --seed 60 (three right), --settings printed (learns nothing), and
--without 1, 2 or 3, with which no seed learns; without 4, nearly all do. person-code.png shows
what the paper's Fig. 4 does.""",
    settings={
        "settings": "printed, or working",
        "without": "leave one of the deviations of working out, 1 to 4",
        "slow": "sweeps of the slow start",
    },
)
