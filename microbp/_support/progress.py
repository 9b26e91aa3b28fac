"""A progress bar on standard error, and whether a notebook is there to show pictures."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds of work before anybody wonders."""


def progress_bar(done: int, total: int, unit: str, wanted: bool) -> Any:
    """A tqdm progress bar that starts at `done`; it shows nothing unless it is wanted."""
    if not wanted or sys.stderr is None:  # None: a program without a console
        return _NoBar()
    from tqdm import tqdm

    file = _Unfailing(sys.stderr)
    return tqdm(initial=done, total=total, unit=f" {unit}", file=file)


class _NoBar:
    """What tqdm's `disable` would give, without importing it, and the semaphores that it makes.

    Forked processes share them: one that is killed while it holds them keeps all others waiting.
    """

    def __enter__(self) -> _NoBar:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def update(self) -> bool:
        return False

    def set_postfix(self, **what: object) -> None:
        pass


class _Unfailing:
    """A stream that loses what it can't write: nobody watches, and the work goes on."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):  # ValueError: closed, or lacking a character
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def with_progress(items: Sequence[T], unit: str) -> Iterator[T]:
    """The items, with a progress bar if somebody sees it, and it takes longer than two seconds."""
    start, bar = time.perf_counter(), None
    wanted = in_notebook() or bool(sys.stderr and sys.stderr.isatty())
    try:
        for done, item in enumerate(items):
            if bar is None and wanted and time.perf_counter() - start > PATIENCE:
                bar = progress_bar(done, len(items), unit, wanted)
            yield item
            if bar is not None:
                bar.update()
    finally:
        if bar is not None:
            bar.close()


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel, which can show a picture and update it later."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")
