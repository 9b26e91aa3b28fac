"""The progress bar of work that turns out to be long."""

import sys

import pytest

from microbp._support import progress


@pytest.mark.parametrize(("patience", "seen"), [(-1.0, True), (1e9, False)])
def test_a_bar_shows_only_if_it_takes_long(patience, seen, monkeypatch, capfd):
    monkeypatch.setattr(progress, "PATIENCE", patience)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert list(progress.with_progress([1, 2, 3], "entries")) == [1, 2, 3]
    assert ("3/3" in capfd.readouterr().err) is seen


def test_no_bar_where_nobody_sees_it(monkeypatch, capfd):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    assert list(progress.with_progress([1, 2], "entries")) == [1, 2]
    assert capfd.readouterr().err == ""


class Broken:
    """A standard error that fails, as a full disk, a closed pipe or a window that is gone do."""

    encoding = "utf-8"

    def __init__(self, error):
        self.error = error

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
    with progress.progress_bar(0, 3, "sweeps", wanted=True) as bar:
        for _ in range(3):
            bar.update()
            bar.set_postfix(error="1", refresh=False)


def test_a_bar_that_nobody_wants_needs_no_tqdm(python):
    code = """
import sys
from microbp._support.progress import progress_bar
with progress_bar(0, 3, "sweeps", wanted=False) as bar:
    print(bar.update(), bar.set_postfix(a=1), "tqdm" in sys.modules)
"""
    assert python(code).stdout == "False None False\n"
