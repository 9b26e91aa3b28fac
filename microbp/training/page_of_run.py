"""The page of a training, written to a file if there is a path."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from microbp._support.arguments import text, texts
from microbp.training.history import History
from microbp.training.page_start import Start
from microbp.training.task import Task

if TYPE_CHECKING:
    from microbp.explorer.training_page import TrainingPage

SWEEPS = 1000
"""How many the page makes, unless told otherwise."""


def page_of(task: Task, history: History) -> Callable[..., TrainingPage]:
    """For a run that is about to begin: what will make its page, by `History.watch`."""
    start = Start.of(task)

    def page(
        path: str | os.PathLike[str] | None, sweeps: int | None = None, **about: Any
    ) -> TrainingPage:
        made = len(history) - 1
        return training_page(task, start, path, sweeps or made or SWEEPS, **about)

    return page


def page_of_history(
    history: History, path: str | os.PathLike[str] | None, sweeps: int | None, **about: Any
) -> TrainingPage:
    """`History.watch` for an experiment, which knows more about it than its title."""
    assert history._page is not None
    return history._page(path, sweeps, **about)


def training_page(
    task: Task,
    start: Start,
    path: str | os.PathLike[str] | None,
    sweeps: int,
    *,
    title: str = "",
    notes: str = "",
    case_names: Sequence[str] | None = None,
    **about: Any,
) -> TrainingPage:
    """The page of a task; TypeError or ValueError for what is no title, path or list of names."""
    # Imported lazily: slow, and no training needs it.
    from microbp.explorer.assemble import html_path
    from microbp.explorer.training_page import TrainingPage
    from microbp.training.page_data import About, page_data
    from microbp.training.page_inside import page_inside

    if path is not None:
        path = html_path(path, "watch")
    names = None if case_names is None else texts(case_names, "watch: case_names")
    if names is not None and len(names) != len(task.cases):
        raise ValueError(
            f"watch: expected a name for each of {len(task.cases)} cases, got {len(names)}"
        )
    title, notes = text(title, "watch: title"), text(notes, "watch: notes")
    data = page_data(task, start, About(title, notes, names, **about), sweeps)
    page = TrainingPage(data, page_inside(task, data))
    if path is not None:
        page.save(path)
    return page
