"""Studies that Ctrl-C or a kill ends: what is done is kept."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import microbp
from microbp.experiments.nature1986 import symmetry
from microbp.training import History
from tests.helpers.studies import lines, study

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.jsonl"


def interrupts_at_3(seed):
    if seed == 3:
        raise KeyboardInterrupt
    return {}


@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_keeps_what_was_computed(path, jobs):
    found = study(interrupts_at_3, range(8), out=path, jobs=jobs)
    assert found.stopped == "interrupted"
    assert found.failures == []
    assert {row["seed"] for row in found} == {row["seed"] for row in lines(path)[1:]}
    assert {row["seed"] for row in found} <= set(range(8)) - {3}
    if jobs == 1:
        assert len(found) == 3


def test_a_run_of_symmetry_cut_short_by_ctrl_c_is_no_row(monkeypatch):
    history = History(64)

    def interrupted(seed, **how):
        history.stopped = "interrupted"
        return symmetry.Symmetry(None, history)

    monkeypatch.setattr(symmetry.run, "function", interrupted)
    found = symmetry.run.study(range(3), jobs=1, progress=False)
    assert (found.stopped, len(found)) == ("interrupted", 0)


PROGRAM = """
    import signal, sys, time
    signal.signal(signal.SIGINT, signal.default_int_handler)
    import microbp

    def naps(seed):
        time.sleep(0.05)
        return {"x": seed / 7}

    if __name__ == "__main__":
        path, runs = sys.argv[1], int(sys.argv[2])
        found = microbp.study(naps, range(runs), out=path, jobs=2, progress=False)
        print(found.stopped, [row["x"] for row in found] == [row["seed"] / 7 for row in found])
"""


@pytest.fixture
def start(tmp_path):
    """Start the program in a process group of its own, and wait until some runs are done."""
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(PROGRAM))
    command = [sys.executable, str(program), str(tmp_path / "runs.jsonl")]
    home = str(Path(microbp.__file__).parents[1])  # of the microbp under test
    path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))

    def started(runs):
        return subprocess.Popen(
            [*command, str(runs)],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return started


def wait_for_lines(path, number):
    end = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < number:
        assert time.monotonic() < end
        time.sleep(0.01)


@posix
def test_a_killed_study_continues_where_it_was(path, start):
    with start(10_000) as process:
        wait_for_lines(path, 8)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
    before = path.read_bytes()
    kept = before[: before.rfind(b"\n") + 1]
    done = kept.count(b"\n") - 1
    with start(done + 4) as process:
        assert process.communicate(timeout=60)[0] == "all runs done True\n"
    assert path.read_bytes().startswith(kept)
    seeds = [row["seed"] for row in lines(path)[1:]]
    assert len(seeds) == len(set(seeds))
    assert set(range(done + 4)) <= set(seeds)


@posix
def test_ctrl_c_in_a_shell_reaches_all_processes_and_keeps_what_is_done(path, start):
    with start(10_000) as process:
        wait_for_lines(path, 8)
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=60)[0] == "interrupted True\n"
        assert process.returncode == 0
    assert len(lines(path)) >= 8
