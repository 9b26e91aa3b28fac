"""Symmetry detection, the paper's Fig. 1: is a row of six bits its own mirror image?

Six inputs, two hidden units, one output. Learning finds that equal and opposite weights about
the middle leave a hidden unit silent just for symmetric patterns, as long as no other pattern
of the three pairs adds up to zero: so the pairs come out as 1 : 2 : 4.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microbp.drawing import GraphvizMissing, draw
from microbp.losses import squared_error
from microbp.nn import Net, Neuron
from microbp.optim import Momentum
from microbp.plots import save_png, weights_as_net
from microbp.training import History, train

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CASES: list[tuple[tuple[float, ...], list[float]]] = [
    (bits, [float(bits == bits[::-1])]) for bits in product([0.0, 1.0], repeat=6)
]
"""All 64 patterns, with target 1 for the 8 symmetric ones and 0 for the rest."""


@dataclass
class Symmetry:
    """A run of the experiment: the net, how it learnt, and what it found."""

    net: Net
    history: History
    settings: str

    def hidden_weights(self) -> list[list[float]]:
        """For each hidden unit the weights from x1 to x6."""
        return [[w.data for w in unit.weights] for unit in self.net.layers["hidden"].neurons]

    def defect(self) -> float:
        """How far the mirror weights are from equal and opposite: 0 where they are exactly so.

        For each hidden unit, the largest |w_i + w_(7-i)| over its largest |w|; the worse unit's.
        """
        return max(
            max(abs(w[i] + w[5 - i]) for i in range(3)) / max(map(abs, w))
            for w in self.hidden_weights()
        )

    def ratio(self) -> tuple[float, float, float]:
        """The magnitudes of the three mirror pairs, from the smallest, which counts as 1."""
        weights = self.hidden_weights()
        pairs = sorted(sum(abs(w[i]) + abs(w[5 - i]) for w in weights) for i in range(3))
        return 1.0, pairs[1] / pairs[0], pairs[2] / pairs[0]

    def kind(self) -> str:
        """The paper's "1:2:4", the also sound "2:3:4", "other", or "failed" where not all is right.

        A ratio counts as 1:2:4 or 2:3:4 where neither number is off by more than some eighth.
        """
        if self.history[-1].right < len(CASES):
            return "failed"
        _, second, third = self.ratio()
        if abs(second - 2.0) < 0.25 and abs(third - 4.0) < 0.5:
            return "1:2:4"
        if abs(second - 1.5) < 0.2 and abs(third - 2.0) < 0.25:
            return "2:3:4"
        return "other"

    def finding(self) -> str:
        """What kind of solution this run shows, in a sentence."""
        wrong = len(CASES) - self.history[-1].right
        return {
            "failed": f"This seed has failed so far: {wrong} of the 64 patterns come out wrong.",
            "1:2:4": "This seed shows the paper's solution: mirror weights in the ratio 1 : 2 : 4.",
            "2:3:4": "This seed shows 2 : 3 : 4 and not the paper's 1 : 2 : 4. It works as well: "
            "no sum or difference of 2, 3 and 4 vanishes.",
            "other": "This seed gets all 64 right, with weights in neither 1 : 2 : 4 nor "
            "2 : 3 : 4.",
        }[self.kind()]

    def report(self) -> str:
        """What was found, as a table to print."""
        first = self.history.first_all_right()
        end = self.history[-1]
        _, second, third = self.ratio()
        hidden = self.net.layers["hidden"].neurons
        (output,) = self.net.layers["output"].neurons
        rows = [
            ("all 64 right first", "never" if first is None else f"at sweep {first}"),
            ("right at the end", f"{end.right} of {len(CASES)}"),
            (f"error E at sweep {end.sweep}", f"{end.error:.4f}"),
            ("antisymmetry defect", f"{self.defect():.5f}"),
            ("ratio of the pairs", f"1 : {second:.3f} : {third:.3f}"),
        ]
        return "\n".join(
            [
                f"Symmetry detection (Fig. 1): {self.settings}",
                "",
                *(f"{name:22} {value}" for name, value in rows),
                "",
                _row("weights", [f"x{i}" for i in range(1, 7)] + ["bias"]),
                *(
                    _row(unit.label, [f"{p.data:.3f}" for p in unit.parameters()])
                    for unit in hidden
                ),
                "",
                _row("weights", [unit.label for unit in hidden] + ["bias"]),
                _unit_row(output),
                "",
                self.finding(),
            ]
        )

    def save(self, folder: Path) -> list[str]:
        """Write the pictures and the numbers into a folder; returns a line about each file.

        Pictures for which a program or package is missing are left out, and their line says
        how to get it.
        """
        folder.mkdir(parents=True, exist_ok=True)
        written = [self.history.to_csv(folder / "history.csv")]
        written.append(self.net.save(folder / "weights.json"))
        missing = []
        try:
            written += self._save_plots(folder)
        except ModuleNotFoundError as error:
            missing.append(f"(no plots: {error}; pip install 'microbp[plots]')")
        try:
            written += self._save_graph(folder)
        except GraphvizMissing as error:
            missing.append(f"(no picture of the graph: {error})")
        return [*map(str, written), *missing]

    def _save_graph(self, folder: Path) -> list[Path]:
        bits, targets = CASES[0b011110]
        error = squared_error(self.net(bits), targets)
        error.label = "E"
        error.backward()
        picture = draw(error)
        return [picture.save(folder / "graph.svg"), picture.save(folder / "graph.png")]

    def _save_plots(self, folder: Path) -> list[Path]:
        pictures: dict[str, tuple[Callable[[Axes], Any], tuple[float, float]]] = {
            "weights": (lambda ax: weights_as_net(self.net, ax), (9.0, 6.0)),
            "learning-curve": (self.history.plot, (6.4, 3.6)),
        }
        return [save_png(folder / f"{name}.png", *how) for name, how in pictures.items()]


def _row(name: str, columns: list[str]) -> str:
    return f"{name:10}" + "".join(f"{column:>9}" for column in columns)


def _unit_row(unit: Neuron) -> str:
    return _row(unit.label, [f"{p.data:.3f}" for p in unit.parameters()])


def run(
    seed: int = 8,
    sweeps: int = 1425,
    eps: float = 0.1,
    alpha: float = 0.9,
    init: float = 0.3,
    *,
    progress: bool = True,
) -> Symmetry:
    """Train the net from random weights, as the paper prints it.

    >>> run(seed=8, sweeps=0, progress=False).history[0].right
    56
    """
    net = Net(6, rng=random.Random(seed), init=init).add("hidden", 2).add("output", 1)
    momentum = Momentum(net.parameters(), eps=eps, alpha=alpha)
    history = train(net, CASES, momentum, sweeps=sweeps, progress=progress)
    settings = f"seed {seed}, {sweeps} sweeps, eps {eps:g}, alpha {alpha:g}, init {init:g}"
    if history.stopped != "all sweeps done":
        settings += f"; {history.stopped}"
    return Symmetry(net, history, settings)


def measure(
    seed: int, sweeps: int = 10_000, eps: float = 0.1, alpha: float = 0.9, init: float = 0.3
) -> dict[str, Any]:
    """A run in a few numbers, for `microbp.study`.

    When all 64 were right first, how many are at the end, with what error, and what the weights
    have become: the defect, the ratio's second and third number to the first, and its kind.

    >>> measure(seed=8, sweeps=400)["solved_at"]
    376
    """
    found = run(seed, sweeps, eps, alpha, init, progress=False)
    if found.history.stopped == "interrupted":
        raise KeyboardInterrupt  # or a study would take half a run for a whole one
    _, second, third = found.ratio()
    return {
        "kind": found.kind(),
        "solved_at": found.history.first_all_right(),
        "right": found.history[-1].right,
        "error": found.history[-1].error,
        "defect": found.defect(),
        "second": second,
        "third": third,
    }
