"""The end of a process that the system asks for: what was learned is kept, as at Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ASKING = ("SIGTERM", "SIGHUP")
"""Signals that end a process, unless it does something about them; Windows has only the first."""


@contextmanager
def termination_noted(wanted: bool = True) -> Iterator[list[int]]:
    """Make SIGTERM and SIGHUP do what Ctrl-C does, and note their numbers in the list it gives.

    A signal for which there is a handler already, or which is ignored, as by nohup, stays as it
    is; so do all where it is not wanted, or outside of the main thread.
    """
    noted: list[int] = []

    def interrupt(number: int, frame: object) -> None:
        noted.append(number)
        at_ctrl_c = signal.getsignal(signal.SIGINT)
        if not callable(at_ctrl_c):  # ignored in the background
            raise KeyboardInterrupt
        at_ctrl_c(number, frame)  # type: ignore[arg-type]  # object includes all frames

    numbers = []
    if wanted and threading.current_thread() is threading.main_thread():
        known = [getattr(signal, name) for name in ASKING if hasattr(signal, name)]
        numbers = [number for number in known if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, interrupt)
    try:
        yield noted
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def ctrl_c_held() -> Iterator[None]:
    """Hold Ctrl-C back until the end of the block; a process started in it never gets any.

    In a terminal Ctrl-C goes to all processes. A worker would show a traceback, and be told to end
    by the process that started it anyway.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def exit_at_termination(wanted: bool = True) -> Iterator[None]:
    """Like `termination_noted`, and then exit: SystemExit with the shells' status, 143 for SIGTERM.

    >>> import os, signal
    >>> with exit_at_termination():
    ...     try:
    ...         os.kill(os.getpid(), signal.SIGTERM)
    ...     except KeyboardInterrupt:
    ...         print("kept")
    Traceback (most recent call last):
    SystemExit: 143
    """
    with termination_noted(wanted) as noted:
        try:
            yield
        finally:
            if noted:
                raise SystemExit(128 + noted[0])
