"""What a shell sees of the command: exit status, one line of an error, and never a traceback."""

import errno
import io
import os
import signal
import subprocess
import sys
from random import Random

import pytest

import _microbp_command
from benchmarks.reliability import ctrl_c, shells
from benchmarks.reliability.commands import COMMANDS, unfinished
from microbp.cli import shell, streams

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals are POSIX's")


class Broken(io.RawIOBase):
    """A stream whose writes fail."""

    def __init__(self, number):
        self.number, self.asked = number, 0

    def writable(self):
        return True

    def write(self, data):
        self.asked += 1
        raise OSError(self.number, os.strerror(self.number))


@pytest.fixture
def ended(monkeypatch):
    """Run a command as the shell would; its status, and what it wrote to standard error."""

    def run(command, stdout=None):
        lines = []
        monkeypatch.setattr(shell, "say", lines.append)
        monkeypatch.setattr(shell, "end_at_ctrl_c", lambda: None)
        monkeypatch.setattr(sys, "stdout", stdout)
        monkeypatch.setattr(sys, "stderr", None)
        return shell.run(command), lines

    return run


@pytest.mark.parametrize(
    ("number", "status", "lines"),
    [
        (errno.EPIPE, 141, []),
        (errno.ENOSPC, 2, [f"microbp: error: can't write standard output: {os.strerror(28)}"]),
        (errno.EIO, 2, [f"microbp: error: can't write standard output: {os.strerror(5)}"]),
    ],
)
def test_output_that_fails_ends_no_work_and_is_told(ended, number, status, lines):
    broken, done = Broken(number), []

    def command():
        for _ in range(3):
            print("x", flush=True)
        done.append("all")
        return 0

    assert ended(command, io.TextIOWrapper(io.BufferedWriter(broken))) == (status, lines)
    assert (done, broken.asked) == (["all"], 1)


def raising(error):
    def command():
        raise error

    return command


def test_what_a_command_raises_gives_a_status(ended):
    assert ended(raising(SystemExit(2))) == (2, [])
    assert ended(raising(SystemExit("why"))) == (1, ["why"])
    assert ended(raising(SystemExit(None))) == (0, [])
    assert ended(raising(MemoryError())) == (2, ["microbp: error: there is not enough memory"])
    with pytest.raises(KeyError):
        ended(raising(KeyError("a mistake of ours")))


@posix
def test_an_interrupt_is_told_whatever_becomes_of_it(ended, monkeypatch):
    signal_number = signal.SIGINT

    def swallowed():
        try:
            os.kill(os.getpid(), signal_number)
        except KeyboardInterrupt:
            return 0
        return 1

    def converted():
        try:
            os.kill(os.getpid(), signal_number)
        except KeyboardInterrupt:
            raise ImportError("numpy failed to import") from None

    def told():
        swallowed()
        return 3

    class InDestructor:
        def __del__(self):
            os.kill(os.getpid(), signal_number)

    def lost():
        InDestructor()
        signal.sigtimedwait([], 10)
        return 0

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert ended(swallowed) == (3, ["Interrupted."])
        assert ended(converted) == (3, ["Interrupted."])
        assert ended(told) == (3, [])
        assert ended(lost) == (3, ["Interrupted."])
        signal_number = signal.SIGTERM
        assert ended(swallowed) == (143, ["Interrupted."])
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, before)


def test_characters_that_the_encoding_lacks_are_escaped():
    raw = io.BytesIO()
    strict = io.TextIOWrapper(raw, encoding="ascii")
    text, _ = streams.tolerant(strict)
    print("α ± \udcff", file=text, flush=True)
    assert raw.getvalue() == b"\\u03b1 \\xb1 \\udcff" + os.linesep.encode()


@posix
def test_a_pipe_that_does_not_wait_loses_nothing():
    read, write = os.pipe()
    os.set_blocking(write, False)
    with subprocess.Popen(["wc", "-c"], stdin=read, stdout=subprocess.PIPE) as sink:
        os.close(read)
        with os.fdopen(write, "w", encoding="utf-8") as pipe:
            text, raw = streams.tolerant(pipe)
            print("x" * 1_000_000, file=text, flush=True)
        assert raw.error is None
        assert sink.communicate()[0].split() == [b"1000001"]


@posix
def test_the_shell_may_ignore_ctrl_c():
    code = "import _microbp_command as c, signal; c.begin(); print(signal.getsignal(2).value)"
    command = [sys.executable, "-c", code]
    ignore = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)}
    home = os.path.dirname(_microbp_command.__file__)  # noqa: PTH120
    assert subprocess.check_output(command, cwd=home, **ignore) == b"1\n"


@posix
def test_after_ctrl_c_nothing_runs_that_could_crash(tmp_path):
    (tmp_path / "mine.py").write_text(
        "import atexit, os, signal\n"
        "from microbp.experiments import Experiment\n"
        "class LikeAnExtension:\n"
        "    def __del__(self, abort=os.abort): abort()\n"
        "kept = LikeAnExtension()\n"
        "def function(seed=0, **how):\n"
        "    atexit.register(print, 'at exit')\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "run = Experiment(function, 'mine', title='Mine')\n"
    )
    command = [sys.executable, "-m", "microbp", "mine.py"]
    caught = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.default_int_handler)}
    home = {**os.environ, "PYTHONPATH": os.path.dirname(_microbp_command.__file__)}  # noqa: PTH120
    ended = subprocess.run(
        command, cwd=tmp_path, env=home, capture_output=True, text=True, **caught
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (3, "at exit\n", "Interrupted.\n")


linux = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full and /proc are Linux's")


@linux
@pytest.mark.thorough
@pytest.mark.parametrize("situation", shells.SITUATIONS)
def test_every_situation_ends_in_a_line_or_in_silence(situation, tmp_path):
    writes = situation in ("nobody reads", "disk full", "no folder for files")
    for command in ("symmetry" if writes else "check", "no-command"):
        shells.SITUATIONS[situation](COMMANDS[command], tmp_path)
        assert not unfinished(tmp_path)


@linux
@pytest.mark.thorough
def test_ctrl_c_at_any_moment_ends_with_a_line():
    for number in range(5):
        ctrl_c.attempt(Random(number))


@posix
@pytest.mark.thorough
def test_a_study_runs_without_any_stream(tmp_path):
    shells.SITUATIONS["all closed"](COMMANDS["study"], tmp_path)
