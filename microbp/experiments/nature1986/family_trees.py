"""Family trees, the paper's Figs 2-4: a net that is told who is whose uncle, and finds out more.

It learns 100 of 104 cases about two families and is asked the other four. Six units have to tell
24 persons apart: which of them come to represent nation, generation and branch?

The sweep at which a seed learns depends on the last bits of its numbers, as small differences
grow: without the compiled engine, which adds in another order, seed 60 takes 996 sweeps, not 989.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

from microbp.core.engine import Value, leaves, optimizer_steps
from microbp.core.functions import Scalar, total, where_positive
from microbp.experiments.experiment import Experiment
from microbp.experiments.nature1986.family_data import (
    CASES,
    PEOPLE,
    RELATIONSHIPS,
)
from microbp.experiments.nature1986.family_result import FamilyTrees, person_code, size
from microbp.losses import Loss, banded_squared_error
from microbp.nn import Net
from microbp.optim import Momentum
from microbp.training import train

DEVIATIONS = (
    "lr is ten times larger: 0.05, and 0.1 from sweep 20 on",
    "the weights start in [-1, 1] (the paper doesn't say where; [-0.3, 0.3] in Fig. 1)",
    "the error of a unit outside its band is counted from the band's edge, 0.8 or 0.2",
    "the biases don't decay",
)
"""Where "working" deviates from the paper. Sweeps, decay and momentum are as printed."""


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

    def page_rule(self) -> dict[str, Any]:
        """For the page of a training: what decays, by how much."""
        place = {p: i for i, p in enumerate(self.parameters)}
        return {"decay": 0.002, "decaying": [place[p] for p in self._decaying]}

    def change(self, lr: float, shrink: float, sweep: int) -> None:
        super().change(lr, shrink, sweep)
        optimizer_steps.descend(self._decaying, 0.0, 0.998)


def tolerant_squared_error(outputs: Iterable[Scalar], targets: Iterable[Scalar]) -> Value:
    """As the paper has it: (y - d)^2 / 2, but nothing for "on" above 0.8 and "off" below 0.2.

    >>> tolerant_squared_error([0.5, 0.9], [1, 1]).data
    0.125
    """
    pairs = zip(leaves(outputs, "error"), leaves(targets, "error"), strict=True)
    errors = [(y - d, where_positive(d, 0.8 - y, y - 0.2)) for y, d in pairs]
    return total([where_positive(outside, e * e, 0.0) for e, outside in errors]) * 0.5


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
    deviating = [f"{n}. {DEVIATIONS[n - 1]}" for n in deviations]
    start = size(person_code(net))
    cases = [case for number, case in enumerate(CASES) if number not in held_out]
    history = train(net, cases, optimizer, sweeps=sweeps, loss=loss, **how)
    return FamilyTrees(net, history, held_out, start, deviating)


def _weights(net: Net) -> list[Value]:
    """All parameters that are not biases."""
    return [w for layer in net.layers.values() for unit in layer.neurons for w in unit.weights]


run = Experiment(
    family_trees,
    "family-trees",
    title="Family trees (Figs 2-4)",
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
    paper={"lr": [[0, 0.005], [20, 0.01]], "momentum": [[0, 0.5], [20, 0.9]], "decay": 0.002},
    view="family_trees",
)
