"""What a run of an experiment returns: numbers, a verdict in a sentence, a report and pictures."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.atomic_file import write_whole
from microbp.core.engine import Value
from microbp.drawing.picture import GraphvizMissing, draw_for_print
from microbp.nn import Layer
from microbp.plots import hinton_layer, save_png, weights_as_net
from microbp.training import HeldOut, History, Stopped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Picture: TypeAlias = tuple[Callable[["Axes"], Any], tuple[float, float]]
"""A function that draws on Matplotlib axes, and the size of the figure in inches."""


class Result(ABC):
    """What a run found. A subclass has to say only its numbers and a verdict.

    `title` and `settings` are the heading of the report; an `Experiment` sets them.
    """

    title = ""
    settings = ""

    @abstractmethod
    def numbers(self) -> dict[str, Any]:
        """The run as a row of a study: plain JSON values by name."""

    @abstractmethod
    def verdict(self) -> str:
        """What this run shows, in a sentence."""

    def lines(self) -> list[tuple[str, str]]:
        """The figures of the report: a name and a value each."""
        return [(name, str(value)) for name, value in self.numbers().items()]

    def tables(self) -> list[str]:
        """The tables of the report, such as the weights: a block of text each."""
        return []

    def pictures(self) -> Mapping[str, Picture]:
        """What to draw with Matplotlib, by the file's name without its suffix."""
        return {}

    def case_names(self) -> list[str] | None:
        """What to call each case that was trained, in the page of the training."""
        return None

    def held_out_cases(self) -> HeldOut | None:
        """The cases that the seed has kept from training; None if all were trained."""
        return None

    def unit_names(self) -> tuple[Sequence[str], Sequence[str]] | None:
        """What to call the net's inputs and its outputs there; None for their labels."""
        return None

    def graph(self) -> Value | None:
        """The node whose graph is to be drawn, after its backward pass; None for none."""
        return None

    @property
    def interrupted(self) -> bool:
        """Whether Ctrl-C ended the run early."""
        return False

    def report(self) -> str:
        """The whole report as text."""
        width = max([22, *(len(name) for name, _ in self.lines())])
        figures = "\n".join(f"{name:{width}} {value}" for name, value in self.lines())
        return "\n\n".join(
            [f"{self.title}: {self.settings}", figures, *self.tables(), self.verdict()]
        )

    def write_numbers(self, folder: Path) -> list[Path]:
        """Write the files of numbers, which need no optional package; returns their paths."""
        return []

    def save(self, folder: Path) -> list[str]:
        """Write the numbers and the pictures into a folder; returns a line about each file.

        A picture for which a program or package is missing is left out, and its line says how
        to install that.
        """
        folder.mkdir(parents=True, exist_ok=True)
        written, missing = self.write_numbers(folder), []
        try:
            for name, picture in self.pictures().items():
                written.append(save_png(folder / f"{name}.png", *picture))
        except ModuleNotFoundError as error:
            missing.append(f"(no plots: {error})")
        try:
            node = self.graph()
            if node is not None:
                graph = draw_for_print(node)
                written += [graph.save(folder / "graph.svg"), graph.save(folder / "graph.png")]
        except GraphvizMissing as error:
            missing.append(f"(no picture of the graph: {error})")
        return [*map(str, written), *missing]


MOST_PASSING = 40
"""The weights of a net that can be read as numbers though some of its lines skip a layer."""


class Trained(Result):
    """A run that trained a net: the net as it ended, and its history.

    Enough for most experiments: whether all cases came out right, and when; the weights of
    layers with up to eight inputs; the learning curve and, for a small net, the weights as in
    the paper's Fig. 1, or as squares if so many numbers would cover each other.
    """

    def __init__(self, net: Any, history: History, settings: str = "") -> None:
        self.net = net
        self.history = history
        self.settings = settings

    @property
    def interrupted(self) -> bool:
        return self.history.stopped == Stopped.INTERRUPTED

    def numbers(self) -> dict[str, Any]:
        """The first sweep with all cases right, and how many are right and E at the end."""
        end = self.history[-1]
        first = self.history.first_all_right()
        return {"solved_at": first, "right": end.right, "error": end.error}

    def lines(self) -> list[tuple[str, str]]:
        cases, end, first = self.history.cases, self.history[-1], self.history.first_all_right()
        return [
            (f"all {cases} right first", "never" if first is None else f"at sweep {first}"),
            ("right at the end", f"{end.right} of {cases}"),
            (f"error E at sweep {end.sweep}", f"{end.error:.4f}"),
        ]

    def verdict(self) -> str:
        cases, end, first = self.history.cases, self.history[-1], self.history.first_all_right()
        if end.right == cases:
            return f"This seed gets all {cases} cases right."
        if first is None:
            return f"This seed has failed so far: {end.right} of the {cases} cases come out right."
        return f"This seed had all {cases} cases right at sweep {first}, and has {end.right} now."

    def tables(self) -> list[str]:
        layers = getattr(self.net, "layers", {}).values()
        return [table(layer) for layer in layers if len(layer.neurons[0].weights) <= 8]

    def pictures(self) -> dict[str, Picture]:
        found: dict[str, Picture] = {}
        if self._is_narrow() and self._few_lines():
            found["weights"] = (lambda ax: weights_as_net(self.net, ax), (9.0, 6.0))
        elif self._is_narrow():
            for i, name in enumerate(self.net.layers, start=1):
                found[f"weights-of-layer-{i}"] = (self._squares(name), (5.0, 4.4))
        found["learning-curve"] = (self.history.plot, (6.4, 3.6))
        return found

    def write_numbers(self, folder: Path) -> list[Path]:
        state = json.dumps(self.net.state_dict(), indent=1) + "\n"
        return [
            self.history.to_csv(folder / "history.csv"),
            write_whole(folder / "weights.json", state),
        ]

    def _squares(self, layer: str) -> Callable[[Axes], Any]:
        return lambda ax: hinton_layer(self.net, layer, ax)

    def _is_narrow(self) -> bool:
        """Whether it is a layered net of one group of inputs, with few units side by side."""
        layers = getattr(self.net, "layers", None)
        if layers is None or len(self.net.inputs) > 1:
            return False
        widest = max(*self.net.inputs.values(), *(len(x.neurons) for x in layers.values()))
        return bool(widest <= 8)

    def _few_lines(self) -> bool:
        """Whether each layer is fed by the one below, or a few lines pass by it."""
        layers = self.net.layers
        before = [*self.net.inputs, *layers]
        chained = all(
            self.net.fed_by[name] == [below] for below, name in zip(before, layers, strict=False)
        )
        return chained or len(self.net.parameters()) <= MOST_PASSING


def table(layer: Layer) -> str:
    """A layer's weights: a row for each unit, a column for each source and one for the bias."""
    units = layer.neurons
    sources = [w.label.partition(",")[2].rstrip("]") for w in units[0].weights]
    rows = [_row("weights", [*sources, "bias"])]
    rows += [_row(unit.label, [f"{p.data:.3f}" for p in unit.parameters()]) for unit in units]
    return "\n".join(rows)


def _row(name: str, columns: Sequence[str]) -> str:
    return f"{name:10}" + "".join(f"{column:>9}" for column in columns)
