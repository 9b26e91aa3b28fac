"""What Ctrl-C does to a training."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def ctrl_c_noted(wanted: bool) -> Iterator[list[bool]]:
    """Make Ctrl-C only put a note into the list it gives; a second one interrupts as usual.

    This is for sweeps of microseconds, which need not be cut short. Where it is not wanted, or
    the program handles Ctrl-C in a way of its own, nothing changes and the list stays empty.
    """
    noted: list[bool] = []
    before = signal.getsignal(signal.SIGINT)
    main = threading.current_thread() is threading.main_thread()
    if not (wanted and main and before is signal.default_int_handler):
        yield noted
        return

    def note(number: int, frame: Any) -> None:
        signal.signal(signal.SIGINT, before)
        noted.append(True)

    signal.signal(signal.SIGINT, note)
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)
