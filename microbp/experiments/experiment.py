"""What makes a function of a seed an experiment: a name, settings, a command, a study."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, ParamSpec, TypeVar

from microbp.experiments.result import Result
from microbp.studies.runner import Study, study

P = ParamSpec("P")
R = TypeVar("R", bound=Result)

USUAL = {
    "sweeps": "changes of the weights",
    "lr": "learning rate, the size of a step (the paper's epsilon)",
    "momentum": "how much of the last change of a weight is kept (the paper's alpha)",
    "init": "weights start in [-INIT, INIT]",
    "hidden": "hidden units",
}
"""What is said of settings that an experiment says nothing of."""


class Experiment(Generic[P, R]):
    """An experiment: a function of a seed that trains something and gives a `Result`.

    function: its first parameter is the seed, the others are the settings, each with a default
        that is a whole number, a number or a text. What it takes as `**how` goes to `train`:
        that is how the command has its checkpoints and a study no progress bars. Its docstring
        is the command's description; a ValueError from it is told as a bad setting.
    name: of the command, as in `microbp NAME`. title: heads the report. help: a line for the list
        of commands. notes: what ends the help. settings: what to say of each setting.
    study: defaults of a study where they are others. by: the sweeps by which it counts.

    Calling it runs it. Such a file, say `majority.py`, has a command of its own with
    `microbp majority.py`, and a study with `microbp study majority.py`:

    >>> import random
    >>> from itertools import product
    >>> from microbp.experiments import Experiment, Trained
    >>> from microbp.nn import Net
    >>> from microbp.optim import Momentum
    >>> from microbp.training import train
    >>> cases = [(bits, [float(sum(bits) >= 2)]) for bits in product([0.0, 1.0], repeat=3)]
    >>> def majority(seed=0, sweeps=300, lr=0.1, momentum=0.9, init=0.3, hidden=2, **how):
    ...     "Train a net to see whether most of three bits are on."
    ...     net = Net(3, rng=random.Random(seed), init=init).add("hidden", hidden).add("output", 1)
    ...     optimizer = Momentum(net.parameters(), lr, momentum)
    ...     return Trained(net, train(net, cases, optimizer, sweeps=sweeps, **how))
    >>> run = Experiment(majority, "majority", title="Majority of three bits")
    >>> run(seed=1, progress=False).numbers()["right"]
    8
    >>> run.study(range(10), sweeps=1000, progress=False).solved_by(1000).number
    10
    """

    def __init__(
        self,
        function: Callable[P, R],
        name: str,
        *,
        title: str,
        help: str = "",
        notes: str = "",
        settings: Mapping[str, str] | None = None,
        study: Mapping[str, Any] | None = None,
        by: Sequence[int] | None = None,
    ) -> None:
        self.function = function
        self.name = name
        self.title = title
        self.help = help or title
        self.notes = notes
        self.helps = {**USUAL, **(settings or {})}
        self.study_settings = dict(study or {})
        self.by = by

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it; the report of the result names all settings."""
        result = self.function(*args, **kwargs)
        given = inspect.signature(self.function).bind(*args, **kwargs)
        given.apply_defaults()
        told = [
            f"{value} sweep{'s' if value != 1 else ''}"
            if name == "sweeps"
            else f"{name} {_number(value)}"
            for name, value in given.arguments.items()
            if name in ("seed", *self.settings)
        ]
        result.title, result.settings = self.title, ", ".join(told)
        if result.interrupted:
            result.settings += "; interrupted"
        return result

    def describe(self) -> str:
        """What it does, in full: its function's docstring."""
        return inspect.getdoc(self.function) or self.help

    def __repr__(self) -> str:
        return f"<experiment {self.name}>"

    @property
    def seed(self) -> int:
        """The seed by default."""
        default = self._parameters()[0].default
        return default if isinstance(default, int) else 0

    @property
    def settings(self) -> dict[str, Any]:
        """The other settings, with their defaults."""
        return {p.name: p.default for p in self._parameters()[1:]}

    @property
    def measure(self) -> Measure:
        """What `microbp.study` takes: a function of a seed that gives the run's numbers."""
        return Measure(self)

    def study(self, seeds: Iterable[int] = range(1000), **options: Any) -> Study:
        """`microbp.study` of this experiment, with the same options."""
        return study(self.measure, seeds, **options)

    def _parameters(self) -> list[inspect.Parameter]:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return [p for p in inspect.signature(self.function).parameters.values() if p.kind is kind]


class Measure:
    """An experiment's runs in a few numbers each, for `microbp.study`.

    A run that Ctrl-C cut short raises KeyboardInterrupt, or a study would take it for a whole one.
    """

    def __init__(self, experiment: Experiment[..., Any]) -> None:
        self.experiment = experiment
        # By these a study's file knows what it is of, and with which settings.
        self.__module__ = experiment.function.__module__
        self.__qualname__ = experiment.function.__qualname__
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        self.defaults = {**experiment.settings, **experiment.study_settings}
        self.__signature__ = inspect.Signature(
            [
                inspect.Parameter("seed", kind),
                *(inspect.Parameter(name, kind, default=x) for name, x in self.defaults.items()),
            ]
        )

    def __call__(self, *args: Any, **settings: Any) -> dict[str, Any]:
        given = self.__signature__.bind(*args, **settings)
        given.apply_defaults()
        result = self.experiment(**given.arguments, progress=False)
        if result.interrupted:
            raise KeyboardInterrupt
        numbers: dict[str, Any] = result.numbers()
        return numbers


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
