"""A training as a page in which it runs."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from microbp._support.arguments import named_arguments
from microbp._support.coerce import whole_number
from microbp.losses import Loss
from microbp.optim import Descent
from microbp.training import settings
from microbp.training.judges import Judge
from microbp.training.loop import ELSEWHERE
from microbp.training.page_of_run import SWEEPS, training_page
from microbp.training.page_start import Start
from microbp.training.task import Case, Trainable

if TYPE_CHECKING:
    from microbp.explorer.training_page import TrainingPage


@named_arguments("watch", ELSEWHERE)
def watch(
    net: Trainable,
    cases: Sequence[Case] | tuple[Any, Any],
    optimizer: Descent | None = None,
    *,
    path: str | os.PathLike[str] | None = None,
    title: str = "",
    notes: str = "",
    case_names: Sequence[str] | None = None,
    sweeps: int = SWEEPS,
    lr: float | Callable[[int], float] | None = None,
    loss: Loss | str = "squared",
    batch: int | None = None,
    seed: int = 0,
    l1: float = 0.0,
    l2: float = 0.0,
    change_per_case: bool = False,
    right: Judge | None = None,
) -> TrainingPage:
    """A page in which this training runs, live: to play, rewind, and try with other settings.

    It begins with the weights that the net has now. It is one HTML file that needs no network.
    A notebook shows it in a frame; with `path`, it is written there too. Neither the net nor the
    optimizer changes.

    `title`, `notes` and `case_names` are what the page calls the training and its cases. `sweeps`
    is how many the page makes unless told otherwise. All other arguments mean what they mean to
    `train`.

    >>> from microbp.nn import Net
    >>> from microbp.optim import Momentum
    >>> net = Net(2, [2, 1], activation="sigmoid", output="sigmoid", seed=1, init=0.5)
    >>> xor = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
    >>> watch(net, xor, Momentum(net.parameters(), lr=0.5), title="Exclusive or")
    <training page of Exclusive or: 4 cases, 9 parameters>

    The page computes by itself, in JavaScript. Where it can't, as for custom operations, for a
    graph that isn't the same in every case, or with an optimizer or a `right` of your own, the
    training is made here, and the page shows it by frames.

    Raises TypeError or ValueError for arguments of other kinds or a path that doesn't end in
    .html, and OSError if the file can't be written.
    """
    sweeps = whole_number(sweeps, "watch: sweeps")
    try:
        task = settings.the_task(
            net,
            cases,
            optimizer,
            lr=lr,
            loss=loss,
            batch=batch,
            seed=seed,
            l1=l1,
            l2=l2,
            change_per_case=change_per_case,
            right=right,
        )
    except (TypeError, ValueError) as error:
        raise type(error)(re.sub("^train:", "watch:", str(error))) from None
    return training_page(
        task, Start.of(task), path, sweeps, title=title, notes=notes, case_names=case_names
    )
