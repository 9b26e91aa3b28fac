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
