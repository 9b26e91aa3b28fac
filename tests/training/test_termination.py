"""SIGTERM and SIGHUP save what was learned, as Ctrl-C does, and then end the program."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import microbp
from benchmarks.reliability.commands import Ended, ended
from microbp._support.termination import exit_at_termination
from tests.helpers.training import numbers, trained, xor_net

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


@pytest.fixture(autouse=True)
def nothing_ignored():
    """As in a shell; below nohup, SIGHUP is ignored, and stays so."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    for number in before:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize("engine", ["eager", "replay"])
def test_a_terminated_training_leaves_its_checkpoint(tmp_path, number, status, engine):
    def until(seen):
        if seen.sweep == 7:
            os.kill(os.getpid(), number)

    file, net, other = tmp_path / "run.json", xor_net(), xor_net()
    with pytest.raises(SystemExit) as end:
        trained(net, sweeps=100, until=until, checkpoint=file, engine=engine)
    assert end.value.code == status
    assert signal.getsignal(number) is signal.SIG_DFL
    history = trained(other, sweeps=20, checkpoint=file, engine=engine)
    assert [seen.sweep for seen in history] == [*range(21)]
    whole = xor_net()
    trained(whole, sweeps=20, engine=engine)
    assert numbers(other) == numbers(whole)


def test_a_programs_own_handler_stays():
    got = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: got.append(number))
    try:
        with exit_at_termination():
            os.kill(os.getpid(), signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert got == [signal.SIGTERM]


PROGRAM = """
    import microbp, time

    def naps(seed):
        time.sleep(0.05)
        return {"x": seed}

    if __name__ == "__main__":
        try:
            microbp.study(naps, range(10_000), out="runs.jsonl", jobs=2, progress=False)
        finally:
            print("tidy")
"""


@pytest.mark.thorough
def test_a_terminated_study_leaves_no_process(tmp_path, python_path):
    (tmp_path / "program.py").write_text(textwrap.dedent(PROGRAM))
    command = [sys.executable, "program.py"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=python_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        while not (tmp_path / "runs.jsonl").exists():
            assert process.poll() is None
        while (tmp_path / "runs.jsonl").read_bytes().count(b"\n") < 5:
            assert process.poll() is None
        process.terminate()
        assert ended(process) == Ended(143, "tidy\n", "")  # and has left no process


@pytest.fixture
def python_path():
    home = str(Path(microbp.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": home}
