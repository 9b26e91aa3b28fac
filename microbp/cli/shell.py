"""Run the command for a shell: exit status, signals, and streams that may be broken."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from _microbp_command import INTERRUPTED, end_at_ctrl_c, say
from microbp._support.termination import ASKING, termination_noted
from microbp.cli.main import main
from microbp.cli.streams import make_tolerant

TROUBLE = 2
"""The exit status for bad input, and where something can't be written."""

NOBODY_READS = 128 + 13
"""What shells report of a program that SIGPIPE ended, as it does most whose reader has gone."""

ENDING = {getattr(signal, name) for name in ("SIGINT", *ASKING) if hasattr(signal, name)}


def run(command: Callable[[], int] = main) -> int:
    """Run it to its end, with all that is written; returns the exit status.

    The command's own is 0 to 3. It is 3 after Ctrl-C; 143 after SIGTERM and 129 after SIGHUP, which
    do what Ctrl-C does; 2 if standard output can't be written, and 141 if nobody reads it.
    """
    output = make_tolerant()
    with _signals_noted() as ended, termination_noted() as terminations, _none_lost():
        try:
            status = command()
        except SystemExit as stop:
            status = _status(stop)
        except MemoryError:
            say("microbp: error: there is not enough memory")
            status = TROUBLE
        except BaseException:
            if not ended():
                raise
            status = TROUBLE  # what Ctrl-C led to, if not KeyboardInterrupt itself
        end_at_ctrl_c()
        if ended() and status != INTERRUPTED:
            say("Interrupted.")
            status = INTERRUPTED
    sys.stdout.flush()
    sys.stderr.flush()
    if terminations:
        return 128 + terminations[0]
    if output is None or output.error is None or status == INTERRUPTED:
        return status
    if output.error.errno == errno.EPIPE:
        return NOBODY_READS
    say(f"microbp: error: can't write standard output: {output.error.strerror}")
    return TROUBLE


def _status(stop: SystemExit) -> int:
    if isinstance(stop.code, str):
        say(stop.code)
    return stop.code if isinstance(stop.code, int) else int(stop.code is not None)


@contextmanager
def _signals_noted() -> Iterator[Callable[[], bool]]:
    """Give a function that says whether Ctrl-C or the like has come, whatever became of it."""
    if not hasattr(os, "set_blocking"):  # Windows, before Python 3.12
        yield lambda: False
        return
    received = bytearray()
    read, write = os.pipe()
    for end in (read, write):
        os.set_blocking(end, False)
    before = signal.set_wakeup_fd(write)

    def ended() -> bool:
        with suppress(BlockingIOError):
            received.extend(os.read(read, 4096))
        return not ENDING.isdisjoint(received)

    try:
        yield ended
    finally:
        signal.set_wakeup_fd(before)
        os.close(read)
        os.close(write)


@contextmanager
def _none_lost() -> Iterator[None]:
    """Raise KeyboardInterrupt again, a moment later, where it rose in what may not raise.

    Such as a destructor: Python only prints what is raised there.
    """

    def raise_again(lost: Any) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            threading.Timer(0.001, os.kill, [os.getpid(), signal.SIGINT]).start()
        else:
            before(lost)

    before, sys.unraisablehook = sys.unraisablehook, raise_again
    try:
        yield
    finally:
        sys.unraisablehook = before
