"""What makes a function of a seed an experiment: a name, settings, a command and a study."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from microbp._support.coerce import shown
from microbp.experiments.result import Result
from microbp.studies import Study, study
from microbp.training.page_of_run import page_of_history

if TYPE_CHECKING:
    from microbp.explorer.training_page import TrainingPage

P = ParamSpec("P")
R = TypeVar("R", bound=Result)

USUAL = {
    "sweeps": "changes of the weights",
    "lr": "learning rate, the size of a step (the paper's epsilon)",
    "momentum": "how much of the last change of a weight is kept (the paper's alpha)",
    "init": "weights start in [-INIT, INIT]",
    "hidden": "hidden units",
}
"""What common settings mean, unless an experiment says otherwise."""


class Experiment(Generic[P, R]):
    """A function of a seed that trains something and returns a `Result`; with a name and texts.

    function: its first parameter is the seed; the others are the settings, each with a default
        that is an int, a float or a str. It passes `**how` on to `train`: checkpoints from the
        command, no progress bar in a study. Its docstring is the command's description, its
        first line the help in the list of commands. A ValueError from it is a bad setting.
    name: of the command, as in `microbp NAME`, and in the files of its studies.
    title: the heading of the report. notes: the end of the command's help.
    settings: what each setting means, for the help.
    study: defaults in a study, where they differ. by: the sweeps at which a study counts.
    paper: the settings that the paper has, named as in the page of a training. view: what that
        page shows of this experiment alone, "symmetry" or "family_trees".

    Calling it runs it. A file `majority.py` with the experiment below has a command,
    `microbp majority.py`, and a study, `microbp study majority.py`:

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
        notes: str = "",
        settings: Mapping[str, str] | None = None,
        study: Mapping[str, Any] | None = None,
        by: Sequence[int] | None = None,
        paper: Mapping[str, Any] | None = None,
        view: str = "other",
    ) -> None:
        self.function = function
        if not self._parameters():
            raise TypeError(f"Experiment: expected a function of a seed, got {shown(function)}")
        self.name = name
        self.title = title
        self.notes = notes
        self.helps = {**USUAL, **(settings or {})}
        self.study_settings = {**self.settings, **(study or {})}
        self.by = by
        self.paper = paper or {}
        self.view = view

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it; the heading of the result's report names all settings."""
        result = self.function(*args, **kwargs)
        if not isinstance(result, Result):
            raise TypeError(
                f"{self.name}: expected a Result from its function, got {shown(result)}"
            )
        given = inspect.signature(self.function).bind(*args, **kwargs)
        given.apply_defaults()
        chosen = [
            f"{value} sweep{'s' if value != 1 else ''}"
            if name == "sweeps"
            else f"{name} {_number(value)}"
            for name, value in given.arguments.items()
            if name in ("seed", *self.settings)
        ]
        result.title, result.settings = self.title, ", ".join(chosen)
        if result.interrupted:
            result.settings += "; interrupted"
        return result

    def describe(self) -> str:
        """What it does: its function's docstring, or else its title."""
        return inspect.getdoc(self.function) or self.title

    def __repr__(self) -> str:
        return f"<experiment {self.name}>"

    @property
    def seed(self) -> int:
        """The default seed."""
        default = self._parameters()[0].default
        return default if isinstance(default, int) else 0

    @property
    def settings(self) -> dict[str, Any]:
        """The other settings and their defaults."""
        return {p.name: p.default for p in self._parameters()[1:]}

    def measure(self, seed: int, **settings: Any) -> dict[str, Any]:
        """The numbers of one run with the settings of a study: a row of it, but for the seed.

        Raises KeyboardInterrupt if Ctrl-C ended the run early: a study keeps complete runs only.
        """
        run: Callable[..., Result] = self
        result = run(seed, **{**self.study_settings, **settings}, progress=False)
        if result.interrupted:
            raise KeyboardInterrupt
        return result.numbers()

    def study(
        self,
        seeds: Iterable[int] = range(1000),
        *,
        out: str | os.PathLike[str] | None = None,
        jobs: int | None = None,
        progress: bool = True,
        **settings: Any,
    ) -> Study:
        """`microbp.study` of this experiment; TypeError for a setting that it doesn't have."""
        self._check_settings(settings, "study")
        return study(
            self.measure,
            seeds,
            name=self.name,
            settings={**self.study_settings, **settings},
            out=out,
            jobs=jobs,
            progress=progress,
        )

    def watch(
        self,
        seed: int | None = None,
        path: str | os.PathLike[str] | None = None,
        **settings: Any,
    ) -> TrainingPage:
        """The training as a page in which it runs: `microbp.watch`. With `path`, it is written.

        Raises TypeError for a setting that it doesn't have, ValueError for a bad one, and where
        it trains nothing.

        >>> from microbp.experiments import load
        >>> load("symmetry").watch(seed=44)
        <training page of Symmetry detection (Fig. 1): 64 cases, 17 parameters>
        """
        self._check_settings(settings, "watch")
        seed = self.seed if seed is None else seed
        sweeps = {**self.settings, **settings}.get("sweeps")
        run: Callable[..., Result] = self
        none = {} if sweeps is None else {"sweeps": 0}
        result = run(seed, **{**settings, **none}, progress=False)
        history = getattr(result, "history", None)
        if history is None:
            raise ValueError(f"watch: {self.name} has trained nothing that could be watched")
        return page_of_history(
            history,
            path,
            sweeps,
            title=self.title,
            notes=self.describe().partition("\n\n")[0].replace("\n", " "),
            case_names=result.case_names(),
            unit_names=result.unit_names(),
            held_out=result.held_out_cases(),
            kind=self.view,
            seed=seed,
            paper=self.paper,
        )

    def _check_settings(self, settings: Mapping[str, Any], where: str) -> None:
        unknown = settings.keys() - self.settings.keys()
        if unknown:
            raise TypeError(
                f"{where}: {self.name} has the settings {', '.join(self.settings)}; "
                f"got {', '.join(sorted(unknown))}"
            )

    def _parameters(self) -> list[inspect.Parameter]:
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        return [p for p in inspect.signature(self.function).parameters.values() if p.kind is kind]


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
