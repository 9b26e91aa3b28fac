"""Files that never end, or end their process: each runs in one of its own."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

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
    assert found[name].verdict == verdict
    assert note in found[name].note
    assert bool(found[name].report) == (verdict != "error")


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
