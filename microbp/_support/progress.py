"""Progress on standard error, and whether a notebook is there to show pictures."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds of work before anybody wonders."""


LINE_AFTER = 60.0
"""Seconds between two lines in a log."""


def progress_bar(done: int, total: int, unit: str, wanted: bool) -> Any:
    """What shows progress, starting at `done`: nothing, unless it is wanted.

    A tqdm bar in a notebook or a terminal; in a log (a file, a pipe), a line a minute.
    """
    if not wanted or sys.stderr is None:  # None: a program without a console
        return _NoBar()
    file = _Unfailing(sys.stderr)
    notebook = in_notebook()
    if not notebook and not _is_terminal(sys.stderr):
        return _Lines(done, total, unit, file)
    # miniters: tqdm would skip updates of a run that was fast, and rely on its monitor after that.
    return _bar(notebook)(initial=done, total=total, unit=f" {unit}", file=file, miniters=1)


@cache
def _bar(notebook: bool) -> Any:
    """A tqdm bar without tqdm's monitor; in a notebook a widget, if ipywidgets is there.

    The monitor is a daemon thread that writes to standard error. One that does so as Python exits
    (after a Ctrl-C, say) keeps the stream's lock, and Python aborts. A program's own bars keep it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that ipywidgets is missing: text will do
        base = import_module("tqdm.auto" if notebook else "tqdm").tqdm
    return type("Bar", (base,), {"monitor_interval": 0})


def _is_terminal(stream: Any) -> bool:
    with suppress(AttributeError, OSError, ValueError):  # ValueError: closed
        return bool(stream.isatty())
    return False


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


class _Lines:
    """A line a minute, for a log."""

    def __init__(self, done: int, total: int, unit: str, file: _Unfailing) -> None:
        self._done, self._total, self._unit, self._file = done, total, unit, file
        self._postfix = ""
        self._next_postfix = 0.0
        self._next_line = time.monotonic() + LINE_AFTER

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is left to say: whoever asked for the work says how it ended."""

    def update(self) -> bool:
        """One more is done. Once a second true: it is time for `set_postfix`."""
        self._done += 1
        now = time.monotonic()
        if now >= self._next_line:
            self._next_line = now + LINE_AFTER
            self._file.write(f"{self._done} of {self._total} {self._unit}{self._postfix}\n")
            self._file.flush()
        if now < self._next_postfix:
            return False
        self._next_postfix = now + 1.0
        return True

    def set_postfix(self, *, refresh: bool = True, **what: object) -> None:
        self._postfix = "".join(f", {name} {value}" for name, value in what.items())


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
    wanted = in_notebook() or _is_terminal(sys.stderr)
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
