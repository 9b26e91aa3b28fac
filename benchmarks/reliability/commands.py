"""Start the `microbp` command in a process of its own, and judge how it ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import microbp

SECONDS = 120.0
"""The most that a command may take."""


@dataclass(frozen=True)
class Command:
    """A command's arguments, how it ends as a rule, and how where no file can be written."""

    arguments: tuple[str, ...]
    status: int = 0
    unwritten: int = 0

    @property
    def says(self) -> bool:
        """Whether it writes to standard output."""
        return self.status == 0


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status, minus a signal's number, and what it wrote."""

    status: int
    output: str
    errors: str


COMMANDS = {
    "version": Command(("--version",)),
    "help": Command(("study", "symmetry", "--help")),
    "no-command": Command(("symetry",), 2, 2),
    "check": Command(("check", "sin(x)*α", "--at", "x=1,α=2")),
    "check-wrong": Command(("check", "dot([x], [x, x])", "--at", "x=1"), 2, 2),
    "draw": Command(("draw", "sin(x)*α", "--at", "x=1,α=2", "-o", "sine.svg"), 0, 2),
    "explore": Command(("explore", "sin(x)*α", "--at", "x=1,α=2", "-o", "sine.html"), 0, 2),
    "symmetry": Command(("symmetry", "--sweeps", "100"), 0, 2),
    "study": Command(("study", "symmetry", "--seeds", "3", "--sweeps", "50", "--jobs", "2"), 0, 2),
}


def started(
    command: Command, folder: Path, at_start: Callable[[], object] = lambda: None, **how: Any
) -> subprocess.Popen[bytes]:
    """The command, started in a folder and in a process group of its own."""

    def before() -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        at_start()

    home = str(Path(microbp.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": home, **how.pop("environment", {})}
    return subprocess.Popen(
        [sys.executable, "-m", "microbp", *command.arguments],
        cwd=folder,
        env=environment,
        start_new_session=True,
        preexec_fn=before,
        **{
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            **how,
        },
    )


def ended(process: subprocess.Popen[bytes]) -> Ended:
    """Wait for its end; AssertionError for a traceback, or for processes left behind."""
    try:
        output, errors = (
            (text or b"").decode(errors="replace") for text in process.communicate(timeout=SECONDS)
        )
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise AssertionError("it did not end") from None
    end = Ended(process.returncode, output, errors)
    assert "Traceback" not in errors, end
    assert "Exception ignored" not in errors, end
    deadline = time.monotonic() + 5.0
    while alive(process.pid):
        if time.monotonic() > deadline:
            os.killpg(process.pid, signal.SIGKILL)
            raise AssertionError(f"processes of it go on: {end}")
        time.sleep(0.02)
    return end


def alive(group: int) -> bool:
    """Whether a process of the group still runs; one that ended and nobody asked about does not."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


def unfinished(folder: Path) -> list[str]:
    """Files that a write left half done."""
    return [str(path) for path in folder.rglob(".*")]
