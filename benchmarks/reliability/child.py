"""Run an attempt in a forked child, which may crash, hang or be killed."""

from __future__ import annotations

import os
import signal
import time
import traceback
import warnings
from collections.abc import Callable
from typing import NoReturn

PATIENCE = 600.0
"""Seconds that a child may take, on a busy machine too."""


def outcome_of(work: Callable[[], str], meanwhile: Callable[[int], None] | None = None) -> str:
    """What `work` returns in a child. Raises RuntimeError if it raises, crashes or hangs.

    `meanwhile` is called with the child's process number.
    """
    read, write = os.pipe()
    with warnings.catch_warnings():  # Python 3.12 warns of a fork beside tqdm's thread
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(read)
        _report(work, write)
    os.close(write)
    try:
        if meanwhile is not None:
            meanwhile(child)
        status = status_of(child)
        text = bytearray()
        while more := os.read(read, 65536):
            text += more
    finally:
        os.close(read)
    if status != 0:
        raise RuntimeError(f"status {status}: {text.decode()}")
    return text.decode()


def _report(work: Callable[[], str], write: int) -> NoReturn:
    """In the child: do the work, write what came of it, and end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status, text = 0, ""
    try:
        text = work()
    except BaseException:
        status, text = 1, traceback.format_exc()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        os.write(write, text.encode()[-60_000:])
    finally:  # though nobody reads: what comes after this is the parent's work
        os._exit(status)


def status_of(child: int, patience: float = PATIENCE) -> int:
    """The exit status of a child. RuntimeError if it takes more seconds: it is killed then."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise RuntimeError(f"it hangs: no end after {patience:.0f} s")
