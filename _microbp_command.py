"""The start of the `microbp` command, outside of the package: importing any of that takes a while.

From here on, Ctrl-C during the imports ends the command with a line instead of a traceback.
"""

import _signal as signal  # type: ignore[import-not-found]  # in Python; `signal` imports a lot
import os
import sys

INTERRUPTED = 3
"""The exit status after Ctrl-C."""


def main() -> int:
    """Run the command that the shell asked for; returns its exit status."""
    begin()
    from microbp.cli.shell import run

    try:
        status = run()
    except KeyboardInterrupt:  # a second one, in what the first had led to
        say("Interrupted.")
        status = INTERRUPTED
    if status >= INTERRUPTED and "joblib" not in sys.modules:
        _leave(status)
    return status


def begin() -> None:
    """What has to hold before anything else: three open streams, and Ctrl-C ends with a line."""
    last = 0
    while last < 3:  # or the next file to be opened would become standard output
        last = os.open(os.devnull, os.O_RDWR)  # takes the first free number
        os.set_inheritable(last, True)  # a study's processes need streams, too
    os.close(last)
    end_at_ctrl_c()


def end_at_ctrl_c() -> None:
    """Let Ctrl-C end the process at once: nothing has begun, or all is done.

    After a study, which has processes yet to be ended, it does nothing any more.
    """
    if "joblib" in sys.modules:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    elif signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # a shell may ignore it
        signal.signal(signal.SIGINT, _end)


def raise_at_ctrl_c() -> None:
    """Let Ctrl-C raise KeyboardInterrupt again: there may be something to keep."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(status: int) -> None:
    """End the process without Python's own end, which crashes in C++ where the import of an
    extension was interrupted (Matplotlib's: its objects outlive the interpreter)."""
    import atexit

    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(status)


def say(line: str) -> None:
    """Write a line to standard error, past Python's streams; nothing where that fails."""
    try:  # noqa: SIM105  # contextlib imports a lot, too
        os.write(2, f"{line}\n".encode(errors="backslashreplace"))
    except OSError:
        pass


def _end(number: int, frame: object) -> None:
    say("Interrupted.")
    os._exit(INTERRUPTED if number == signal.SIGINT else 128 + number)
