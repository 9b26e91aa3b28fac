"""Ctrl-C at a random moment of a command: status 3, one line, files complete or absent."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks.reliability.commands import Command, ended, started, unfinished

WHAT = "Ctrl-C at a random moment of a training, a study or a check"
TIMES = 1000

COMMANDS = [
    (Command(("symmetry", "--sweeps", "20000", "--out", "o")), 1.5),
    (Command(("family-trees", "--sweeps", "200", "--out", "o")), 2.0),
    (Command(("study", "symmetry", "--seeds", "300", "--jobs", "2", "--out", "o")), 2.5),
    (Command(("check", "dot([x, y], [sin(x), y**3])", "--at", "x=1,y=2")), 0.5),
    (Command(("explore", "tanh(w*x + b)", "--at", "w=1,x=2,b=3", "-o", "o.html")), 0.5),
]
"""Each with the seconds in which it is interrupted."""


def attempt(rng: Random) -> str:
    command, most = rng.choice(COMMANDS)
    with tempfile.TemporaryDirectory() as folder:
        process = started(command, Path(folder))
        time.sleep(rng.random() * most)
        os.killpg(process.pid, signal.SIGINT)
        try:
            end = ended(process)
        except AssertionError as error:
            if "microbp" in str(error).partition("Traceback")[2]:
                raise
            return "before microbp's first line"
        left = unfinished(Path(folder))
        _check_files(Path(folder))
    assert not left, left
    if end.status == -signal.SIGINT:
        return "before microbp's first line"
    if end.status == 0:
        return "after its last line"
    assert end.status == 3, end
    assert (end.errors + end.output).count("Interrupted") == 1, end
    return "status 3 and a line"


def _check_files(folder: Path) -> None:
    for path in folder.rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    for path in folder.rglob("*.html"):
        assert path.read_text(encoding="utf-8").rstrip().endswith("</html>"), path
