"""Check files, each in a process of its own, which ends when it takes too much."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from microbp._support.termination import ctrl_c_held
from microbp.checking.submissions.outcome import Outcome, error, one_line

HOME = str(Path(__file__).parents[3])

START = """
import sys
sys.path[0] = sys.argv[1]
import microbp
del sys.path[0]
from microbp.checking.submissions.worker import main
main(*sys.argv[2:])
"""
"""The process imports the very microbp that starts it, whatever else lies about."""

SETTINGS = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "MPLBACKEND": "Agg",
}
"""For libraries that would take memory for a thread on each core, or wait for a window to close."""

POLL = 0.01
"""Seconds between two looks at the processes."""


@dataclass(frozen=True)
class Job:
    """What to check: a file's function and its gradient, at a point that is written as text.

    With `arrays`, lists of numbers in the point become NumPy arrays. At most `seconds` and
    `gigabytes` may be taken; without a `gradient` the function brings its own.
    """

    path: str
    function: str
    gradient: str | None
    at: str
    arrays: bool = False
    seconds: float = 60.0
    gigabytes: float = 4.0


def limits_memory() -> bool:
    """Whether this system limits the memory of a process: Linux does, Windows and macOS do not."""
    return find_spec("resource") is not None and sys.platform != "darwin"


def outcomes(jobs: Sequence[Job], at_once: int = 1) -> Iterator[tuple[int, Outcome]]:
    """Check each job's file in a process of its own; gives its number and outcome when it is done.

    `at_once` is how many processes may run at a time. They end with the iterator.

    That protects from endless loops and from crashes, and from neither malice nor cheating: a file
    may do whatever its user may.
    """
    waiting, running = deque(enumerate(jobs)), dict[int, _Running]()
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                n, job = waiting.popleft()
                with ctrl_c_held():  # or it might interrupt between the start and this note
                    running[n] = _Running(job)
            for n, run in list(running.items()):
                outcome = run.outcome()
                if outcome is not None:
                    running.pop(n).end()
                    yield n, outcome
            time.sleep(POLL if running else 0.0)
    finally:
        for run in running.values():
            run.end()


class _Running:
    """A process that checks a job's file, and the folder that it leaves its result in."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.folder = TemporaryDirectory(prefix="microbp-", ignore_cleanup_errors=True)
        task, self.result = (Path(self.folder.name, name) for name in ("task.json", "result.json"))
        task.write_text(json.dumps(asdict(job)), encoding="utf-8")
        self.deadline = time.monotonic() + job.seconds
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, HOME, str(task), str(self.result)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**SETTINGS, **os.environ},
            start_new_session=True,
        )

    def outcome(self) -> Outcome | None:
        """What became of it; None while it may go on."""
        status = self.process.poll()
        if status is None:
            late = time.monotonic() > self.deadline
            return (
                error(f"still running after {self.job.seconds:g} s, and stopped") if late else None
            )
        if status == 0 and self.result.exists():
            return _read(self.result)
        return error(_death(status))

    def end(self) -> None:
        """End the process and those that it has started, and remove its folder."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # all have ended
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


def _read(result: Path) -> Outcome:
    try:
        return Outcome(**json.loads(result.read_text(encoding="utf-8")))
    except (TypeError, ValueError):
        return error("its process left no result that can be read")


def _death(status: int) -> str:
    if status >= 0:
        return f"it ended its process before the check was done, with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    why = {
        "SIGSEGV": "a crash in compiled code, or a recursion too deep",
        "SIGABRT": "compiled code gave up, as it does without memory",
        "SIGKILL": "ended from outside, as by a system without memory",
        "SIGXCPU": "too much time on all cores together",
    }.get(name, "")
    return one_line(f"its process died of {name}" + (f": {why}" if why else ""))
