"""Sequences, learned by an iterative net: two letters come in, and four digits are to follow.

Similar to one in PDP chapter 8. Each letter stands for two digits, so "AB" is to be followed by
"1221". The net gets the letters at its first two steps and has to remember them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product
from typing import Any

from microbp.core.engine import Value, leaves
from microbp.core.functions import Scalar
from microbp.core.grad_mode import no_grad
from microbp.experiments.experiment import Experiment
from microbp.experiments.nature1986.iterative import Iterated, weights
from microbp.experiments.result import Picture, Trained
from microbp.experiments.tied import momentum_for
from microbp.training import Case, HeldOut, History, right_side, train

CODE = {"A": "12", "B": "21", "C": "13", "D": "31", "E": "23"}
"""The two digits of each letter."""

DIGITS = "123"

SEQUENCES = [a + b + CODE[a] + CODE[b] for a, b in product(CODE, repeat=2)]
"""All 25, from "AA1212" on."""


def _on(names: Sequence[str], on: str) -> list[float]:
    return [float(name == on) for name in names]


CASES: list[Case] = [
    (
        [x for letter in sequence[:2] for x in _on([*CODE], letter)],
        [x for digit in sequence[2:] for x in _on(DIGITS, digit)],
    )
    for sequence in SEQUENCES
]
"""For each, the letters of two steps, a unit for each letter; and the digits of four."""


class SequenceNet(Iterated):
    """Its first three units stand for the digits, from the third step on; the others are hidden."""

    def __init__(self, hidden: int, *, rng: random.Random, init: float) -> None:
        super().__init__(len(DIGITS) + hidden, 6, rng=rng, init=init, outside=[*CODE])

    def __call__(self, inputs: Sequence[Scalar]) -> list[Value]:
        """The digit units at each of the last four steps."""
        letters = len(CODE)
        fed = [inputs[:letters], inputs[letters:]]
        states = self.states([0.0] * len(self.layer.neurons), fed)
        return leaves([y for state in states[3:] for y in state[: len(DIGITS)]], "Value")


class Sequences(Trained):
    """A run: the sequences that the net never saw, and how it continues them."""

    def __init__(self, net: SequenceNet, history: History, held_out: list[int]) -> None:
        super().__init__(net, history)
        self.held_out = held_out

    def case_names(self) -> list[str]:
        """The sequences that it learns."""
        return [name for case, name in enumerate(SEQUENCES) if case not in self.held_out]

    def held_out_cases(self) -> HeldOut:
        """The sequences that it is asked at the end."""
        kept = self.held_out
        return HeldOut(kept, [CASES[n] for n in kept], [SEQUENCES[n] for n in kept])

    def continued(self, case: int) -> str:
        """The four digits the net answers: at each step the one with the most active unit."""
        with no_grad():
            ys = [y.data for y in self.net(CASES[case][0])]
        steps = [ys[k : k + len(DIGITS)] for k in range(0, len(ys), len(DIGITS))]
        return "".join(DIGITS[step.index(max(step))] for step in steps)

    def is_right(self, case: int) -> bool:
        """Whether each digit unit is on the right side of 0.5 at each step."""
        inputs, targets = CASES[case]
        return right_side(self.net(inputs), targets)

    def numbers(self) -> dict[str, Any]:
        """How well it did, and how many of the held-out sequences came out right."""
        right = sum(map(self.is_right, self.held_out))
        return {**super().numbers(), "held_out_right": right}

    def lines(self) -> list[tuple[str, str]]:
        right = sum(map(self.is_right, self.held_out))
        return [*super().lines(), ("held out and right", f"{right} of {len(self.held_out)}")]

    def tables(self) -> list[str]:
        rows = ["held out   the net says"]
        for case in self.held_out:
            verdict = "right" if self.is_right(case) else "wrong"
            rows.append(f"{SEQUENCES[case]:11}{self.continued(case):15}{verdict}")
        return ["\n".join(rows)]

    def pictures(self) -> dict[str, Picture]:
        return {"weights": (lambda ax: weights(self.net, ax), (9.0, 7.0)), **super().pictures()}

    def verdict(self) -> str:
        cases, of = self.history.cases, len(self.held_out)
        if self.history[-1].right < cases:
            return super().verdict()
        right = sum(map(self.is_right, self.held_out))
        return f"This seed has learned the {cases} sequences, and {right} of the {of} it never saw."


def sequences(
    seed: int = 1,
    sweeps: int = 1000,
    lr: float = 0.12,
    momentum: float = 0.9,
    init: float = 0.5,
    hidden: int = 12,
    rule: str = "averaged",
    **how: Any,
) -> Sequences:
    """Train a net that runs for six steps to go on with a sequence of two letters.

    Each letter stands for two digits: A for 12, B for 21, C for 13, D for 31 and E for 23. After
    "AB" the net is to say 1, 2, 2, 1, a digit a step. It learns 20 of the 25 sequences and is
    asked the other 5.
    """
    rng = random.Random(seed)
    net = SequenceNet(hidden, rng=rng, init=init)
    held_out = sorted(rng.sample(range(len(CASES)), 5))
    seen = [case for number, case in enumerate(CASES) if number not in held_out]
    history = train(net, seen, momentum_for(net, rule, lr, momentum), sweeps=sweeps, **how)
    return Sequences(net, history, held_out)


run = Experiment(
    sequences,
    "sequences",
    title="Sequences, by an iterative net (after PDP ch. 8)",
    settings={"rule": "of the copies' gradients: averaged, or summed"},
    study={"sweeps": 2000},
)
