"""The progress bar of work that turns out to be long."""

import sys

import pytest

from microbp._support import progress


@pytest.fixture
def terminal(monkeypatch):
    """Standard error is a terminal."""
    monkeypatch.setattr(progress, "_is_terminal", lambda stream: True)


@pytest.mark.parametrize(("patience", "seen"), [(-1.0, True), (1e9, False)])
def test_a_bar_shows_only_if_it_takes_long(patience, seen, terminal, monkeypatch, capfd):
    monkeypatch.setattr(progress, "PATIENCE", patience)
    assert list(progress.with_progress([1, 2, 3], "entries")) == [1, 2, 3]
    assert ("3/3" in capfd.readouterr().err) is seen


def test_no_bar_where_nobody_sees_it(monkeypatch, capfd):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    assert list(progress.with_progress([1, 2], "entries")) == [1, 2]
    assert capfd.readouterr().err == ""


def bars_of_three(**postfix):
    with progress.progress_bar(0, 3, "sweeps", wanted=True) as bar:
        for _ in range(3):
            if bar.update():
                bar.set_postfix(refresh=False, **postfix)


def test_a_log_gets_nothing_from_short_work(capfd):
    bars_of_three()
    assert capfd.readouterr().err == ""


def test_a_log_gets_a_line_a_minute(monkeypatch, capfd):
    clock = iter([0.0, 59.0, 61.0, 100.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    bars_of_three(error="0.5")
    assert capfd.readouterr().err == "2 of 3 sweeps, error 0.5\n"


def test_a_notebook_gets_the_bar_that_tqdm_chooses_for_it(monkeypatch, capfd):
    from tqdm.auto import tqdm

    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    with progress.progress_bar(0, 3, "sweeps", wanted=True) as bar:
        assert isinstance(bar, tqdm)
    assert "0/3" in capfd.readouterr().err


def test_nobody_is_warned_that_there_are_no_widgets(python):
    code = """
import sys, types
kernel = types.SimpleNamespace(kernel=None)
sys.modules["IPython"] = types.SimpleNamespace(get_ipython=lambda: kernel)
sys.modules["ipykernel.zmqshell"] = sys.modules["ipywidgets"] = None
from microbp._support.progress import progress_bar
with progress_bar(0, 3, "sweeps", wanted=True) as bar:
    bar.update()
"""
    ran = python(code)
    assert ran.returncode == 0, ran.stderr
    assert "1/3" in ran.stderr
    assert "ipywidgets" not in ran.stderr


def test_no_thread_of_tqdm_outlives_a_training(python):
    code = """
import sys, threading
sys.stderr.isatty = lambda: True
from microbp.nn import Net
from microbp.training import train
train(Net(2, [1]), [([0, 1], [1])], sweeps=3)
print([type(thread).__name__ for thread in threading.enumerate()])
"""
    ran = python(code)
    assert ran.stdout == "['_MainThread']\n", ran.stderr
    assert "3/3" in ran.stderr


def test_a_program_keeps_the_monitor_of_its_own_bars(terminal):
    from tqdm import tqdm

    before = tqdm.monitor_interval
    bars_of_three()
    assert tqdm.monitor_interval == before > 0


class Broken:
    """A standard error that fails, as a full disk, a closed pipe or a window that is gone do."""

    encoding = "utf-8"

    def __init__(self, error):
        self.error = error

    def isatty(self):
        return True

    def write(self, text=""):
        raise self.error

    flush = write


@pytest.mark.parametrize(
    "stream",
    [
        None,
        Broken(OSError(28, "No space left on device")),
        Broken(BrokenPipeError(32, "Broken pipe")),
        Broken(ValueError("I/O operation on closed file")),
        Broken(UnicodeEncodeError("ascii", "█", 0, 1, "ordinal not in range(128)")),
    ],
)
def test_a_broken_standard_error_stops_no_work(monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    bars_of_three(error="1")


def test_a_bar_that_nobody_wants_needs_no_tqdm(python):
    code = """
import sys
from microbp._support.progress import progress_bar
with progress_bar(0, 3, "sweeps", wanted=False) as bar:
    print(bar.update(), bar.set_postfix(a=1), "tqdm" in sys.modules)
"""
    assert python(code).stdout == "False None False\n"
