"""Files that end badly, each in a process of its own: what is said of them, in a line."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from microbp.checking.submissions.outcome import LONGEST
from microbp.checking.submissions.process import Job, limits_memory, outcomes

RIGHT = """
def loss(x):
    return x[0] ** 2 + 3 * x[1]

def grad(x):
    return [2 * x[0], 3.0]
"""
FILES = {
    "right": (RIGHT, "pass", ""),
    "wrong": (RIGHT.replace("3.0]", "2.0]"), "fail", ""),
    "not a number": (RIGHT.replace("3.0]", "float('nan')]"), "fail", ""),
    "no infinite loop when imported": (
        RIGHT + "if __name__ == '__main__':\n    while True: pass\n",
        "pass",
        "",
    ),
    "a dataclass": (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass A:\n    x: float\n" + RIGHT,
        "pass",
        "",
    ),
    "a flood": (RIGHT.replace("    return", "    print('x' * 1_000_000)\n    return"), "pass", ""),
    "threads": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()\n" + RIGHT,
        "pass",
        "",
    ),
    "a loop": (
        RIGHT + "while True:\n    pass\n",
        "error",
        "still running after 1.5 s, and stopped",
    ),
    "a sleeper": (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open(__file__ + '.pid', 'w').write(str(child.pid))\ntime.sleep(60)\n",
        "error",
        "still running after 1.5 s, and stopped",
    ),
    "exit": (
        RIGHT.replace("    return x", "    import sys; sys.exit(0)\n    return x"),
        "error",
        "line 3, in loss: it ends the program: sys.exit(0)",
    ),
    "exit at once": (
        RIGHT + "import os\nos._exit(0)\n",
        "error",
        "it ended its process before the check was done, with status 0",
    ),
    "a crash": (
        RIGHT + "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n",
        "error",
        "its process died of SIGSEGV: a crash in compiled code, or a recursion too deep",
    ),
    "syntax": (
        "def loss(x)\n    return x\n",
        "error",
        "line 1: syntax error: expected ':': def loss(x)",
    ),
    "a null byte": (b"x = 1\x00", "error", "null bytes"),
    "Latin-1": (b"name = '\xe9'\n", "error", "syntax error: (unicode error)"),
    "an import": (
        "import numpyy\n",
        "error",
        "line 1: ModuleNotFoundError: No module named 'numpyy'",
    ),
    "a name": (
        RIGHT.replace("loss", "losss"),
        "error",
        "there is no function 'loss': did you mean 'losss'?",
    ),
    "another name": (
        RIGHT.replace("loss", "cost"),
        "error",
        "there is no function 'loss'; there are cost, grad",
    ),
    "no function": (RIGHT + "loss = 3\n", "error", "loss is no function, but int"),
    "an empty file": ("", "error", "there is no function 'loss': no function is defined"),
    "an exception": (
        RIGHT.replace("return [2", "return [2 / 0"),
        "error",
        "line 6, in grad: ZeroDivisionError: division by zero",
    ),
    "a deep one": (
        "def deep(x):\n    return deep(x)\ndef loss(x):\n    return deep(x)\ngrad = loss\n",
        "error",
        "line 2, in deep: RecursionError: maximum recursion depth exceeded",
    ),
    "input": (
        RIGHT + "n = input('How many? ')\n",
        "error",
        "line 7: it waits for input, and there is none",
    ),
    "an error of a novel": (
        RIGHT + "raise ValueError('\\x1b[2Jone\\ntwo ' + 'x' * 10_000)\n",
        "error",
        "line 7: ValueError: \\x1b[2Jone two xxx",
    ),
    "an error that hides": (
        "class E(Exception):\n    def __str__(self): 1 / 0\n" + RIGHT + "raise E\n",
        "error",
        "line 9: E: an error that can't be shown",
    ),
}
MEMORY = RIGHT.replace("return [", "big = bytearray(2 * 2**30)\n    return [")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("submissions")


def job_of(folder, name, text):
    path = folder / f"{name}.py"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Job(str(path), "loss", "grad", "[0.5, 0.25]", seconds=30.0)


@pytest.fixture(scope="module")
def found(folder):
    """The outcome for each file."""
    jobs = [job_of(folder, name, text) for name, (text, _, _) in FILES.items()]
    stopped = [
        replace(job, seconds=1.5) if "still" in FILES[name][2] else job
        for name, job in zip(FILES, jobs, strict=True)
    ]
    names = list(FILES)
    return {names[n]: outcome for n, outcome in outcomes(stopped, at_once=4)}


@pytest.mark.parametrize("name", FILES)
def test_a_file_gets_its_verdict_and_a_line(found, name):
    _, verdict, note = FILES[name]
    outcome = found[name]
    assert outcome.verdict == verdict, outcome
    if note:
        assert note in outcome.note
        assert outcome.note.isprintable()
        assert len(outcome.note) <= LONGEST
    assert bool(outcome.report) == (verdict != "error")


def test_the_first_wrong_entry_is_named(found):
    assert "[1]" in found["wrong"].first_wrong


def test_nothing_is_left_beside_the_files(found, folder):
    assert {path.suffix for path in folder.iterdir()} == {".py", ".pid"}


def test_what_a_file_has_started_ends_with_it(found, folder):
    pid = int((folder / "a sleeper.py.pid").read_text())
    for _ in range(100):
        if not runs(pid):
            return
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("it still runs")


def runs(pid):
    """Whether a process runs; one that has ended may wait for its parent to notice."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_notebook_is_not_run(folder):
    path = folder / "notebook.ipynb"
    path.write_text("{}")
    ((_, outcome),) = outcomes([Job(str(path), "loss", "grad", "1.0")])
    path.unlink()
    assert outcome.note.startswith("it is a notebook: make a script of it")


@pytest.mark.skipif(not limits_memory(), reason="this system does not limit memory")
def test_memory_is_limited(folder):
    ((_, outcome),) = outcomes([replace(job_of(folder, "memory", MEMORY), gigabytes=1.0)])
    assert outcome.note == "line 6, in grad: it needs more memory than it may have"


def test_processes_end_with_the_iterator(folder):
    slow = job_of(folder, "slow", "import time\ntime.sleep(60)\n")
    quick = job_of(folder, "quick", RIGHT)
    done = outcomes([slow, quick], at_once=2)
    assert next(done)[0] == 1
    start = time.monotonic()
    done.close()
    assert time.monotonic() - start < 5.0
