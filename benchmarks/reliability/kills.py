"""Trainings and studies killed at any moment: their files are whole, and go on to the same bits."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.reliability import runs

WHAT = "a training or a study killed (kill -9) at a random moment, then continued"
TIMES = 1_000
LONGEST = 0.3
"""Seconds until the kill, at most; most come sooner."""


def attempt(rng: Random) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        what = rng.choice([_training, _study])
        said = what(path, rng)
        left = sorted(each.name for each in Path(folder).iterdir())
        assert left == ["run"], f"left behind: {left}"
    return said


def _training(path: Path, rng: Random) -> str:
    kind, batches, every = rng.choice(runs.KINDS), rng.randrange(3), rng.choice([1, 2, 7])
    expected = runs.straight(kind, batches)

    def train() -> None:
        runs.trained(runs.some_net(), kind, batches, path, checkpoint_every=every)

    said = _killed(train, path, rng)
    net = runs.some_net(seed=2) if path.exists() else runs.some_net()
    history = runs.trained(net, kind, batches, path)
    assert runs.outcome(net, history) == expected, "continued to other bits"
    return said


def _study(path: Path, rng: Random) -> str:
    said = _killed(lambda: runs.studied(path), path, rng)
    assert list(runs.studied(path)) == list(runs.studied(None)), "other rows"
    return said


def _killed(work: Callable[[], Any], path: Path, rng: Random) -> str:
    """Do it in a process of its own, and kill that once or twice; says what was reached."""
    for _ in range(rng.randint(1, 2)):
        seconds = rng.triangular(0.0, LONGEST, LONGEST / 6.0)
        while _killed_after(work, seconds):  # too late: anew
            path.unlink(missing_ok=True)
            seconds *= rng.uniform(0.3, 0.9)
    return "continued to the same bits" if path.exists() else "killed before the first write"


def _killed_after(work: Callable[[], Any], seconds: float) -> bool:
    """Whether it had ended by itself."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)  # also of one that has ended, as nobody has waited for it
    return os.WIFEXITED(os.waitpid(child, 0)[1])
