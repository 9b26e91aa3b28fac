"""A study's file that is damaged, of another version, or in use: told, and nothing changed."""

import errno
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from benchmarks.reliability.garbling import garbled, same_json
from microbp._support.atomic_file import FileMismatch
from microbp.studies.run_log import RunLog, line_of
from tests.helpers.studies import guess, lines, study


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "runs.jsonl"
    study(guess, range(4), out=path)
    return path


def refused(path, message):
    spoilt = path.read_bytes()
    with pytest.raises(FileMismatch, match=message):
        study(guess, range(6), out=path)
    assert path.read_bytes() == spoilt


def test_a_number_that_was_damaged_is_told_with_its_line(path):
    path.write_text(path.read_text().replace("0.75795", "0.75794"))
    refused(path, r"^runs\.jsonl is damaged in line 2: it is not what its checksum says; delete")
    first, _, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([first, *rest]))
    assert len(study(guess, range(4), out=path)) == 4


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda row: {**row, "solved_at": float("nan")}, "is damaged in line 2"),
        (lambda row: {**row, "seed": float("nan")}, "holds no run of a study in line 2"),
        (lambda row: {**row, "seed": 1.0}, "holds no run of a study in line 2"),
        (lambda row: {name: row[name] for name in row if name != "checksum"}, "damaged in line 2"),
    ],
)
def test_a_row_that_was_edited_is_told(path, edit, message):
    first, row, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([first, json.dumps(edit(json.loads(row))) + "\n", *rest]))
    refused(path, message)


def test_a_seed_twice_is_told_unless_it_failed_at_first(path, tmp_path):
    path.write_text(path.read_text() + path.read_text().splitlines(keepends=True)[2])
    refused(path, r"^runs\.jsonl holds seed 1 again in line 6$")
    row = line_of({"seed": 7, "x": 1}).decode()
    path.write_text(
        "".join(path.read_text().splitlines(keepends=True)[:-1])
        + row.replace("{", '{"seed": 7, ', 1)
    )
    refused(path, r"^runs\.jsonl holds no run of a study in line 6$")


@pytest.mark.parametrize("version", [1, 3, "2", None, 2.0, True])
def test_another_version_is_told(path, version):
    first, *rest = path.read_bytes().splitlines(keepends=True)
    header = {**json.loads(first), "study": version}
    del header["checksum"]
    path.write_bytes(b"".join([line_of(header), *rest]))
    refused(path, rf"runs\.jsonl is a file of study of version {version!r}; this microbp reads 2")


def test_a_header_that_was_damaged_is_told(path):
    path.write_text(path.read_text().replace('"code": "3', '"code": "4', 1))
    refused(path, r"^runs\.jsonl is damaged in line 1")


def test_a_line_without_end_is_refused_unread(path, monkeypatch):
    monkeypatch.setattr("microbp.studies.run_log.LONGEST_LINE", 1000)
    with path.open("ab") as file:
        file.write(b'{"seed": 9, "x": [' + b"0," * 1000)
    refused(path, r"^runs\.jsonl holds no run of a study in line 6$")


def test_results_too_large_for_a_line_are_no_row(tmp_path, monkeypatch):
    monkeypatch.setattr("microbp.studies.parallel.LONGEST_ROW", 1000)
    found = study(lambda seed: {"x": "x" * seed}, [1, 2000])
    assert "at most 1,000 bytes, got 2,0" in found[1]["failure"]


@pytest.mark.thorough
def test_garbled_files_are_refused_or_give_rows_as_they_were(path):
    whole = path.read_bytes()
    rows = {row["seed"]: row for row in study(guess, range(4), out=path)}
    header = {name: x for name, x in lines(path)[0].items() if name != "study"}
    for data in garbled(whole, 1000, seed=2):
        path.write_bytes(data)
        try:
            with RunLog(path, header) as log:
                assert log.rows.items() <= rows.items()
        except FileMismatch:
            assert path.read_bytes() == data
            assert not same_json(data, whole)


needs_flock = pytest.mark.skipif(sys.platform == "win32", reason="no such locks there")


@needs_flock
def test_a_file_that_another_study_writes_is_told(path):
    header = {name: x for name, x in lines(path)[0].items() if name != "study"}
    with (
        RunLog(path, header),
        pytest.raises(BlockingIOError, match=r"another study is writing to this file: '.*runs"),
    ):
        study(guess, range(6), out=path)
    assert len(study(guess, range(6), out=path)) == 6


@needs_flock
def test_the_lock_of_a_killed_study_is_gone(path, tmp_path, python):
    code = """
import os, signal, sys
from microbp.studies.run_log import RunLog
log = RunLog(sys.argv[1], {"experiment": "x"})
log.add('{"seed": 3}')
os.kill(os.getpid(), signal.SIGKILL)
"""
    new = tmp_path / "new.jsonl"
    (tmp_path / f".new.jsonl-{'a' * 16}.part").touch()  # of one that was killed as it began
    assert python(code, str(new)).returncode == -signal.SIGKILL
    with RunLog(new, {"experiment": "x"}) as log:
        assert log.rows == {3: {"seed": 3}}
    assert {*tmp_path.iterdir()} == {path, new}


def test_two_that_begin_at_once_share_no_file(tmp_path, monkeypatch):
    path = tmp_path / "runs.jsonl"
    exists = Path.exists
    with RunLog(path, {"experiment": "x"}) as log:
        monkeypatch.setattr(Path, "exists", lambda self: self != path and exists(self))
        if sys.platform != "win32":
            with pytest.raises(BlockingIOError):
                RunLog(path, {"experiment": "x"})
        log.add('{"seed": 1}')
    assert len(lines(path)) == 2
    assert list(tmp_path.iterdir()) == [path]


class Full:
    """A file on a disk that is full from some time on."""

    def __init__(self, file, room):
        self.file, self.room = file, room
        self.truncate, self.seek, self.close = file.truncate, file.seek, file.close

    def write(self, data):
        if self.room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written = self.file.write(data[: self.room])
        self.room -= written
        return written


def test_a_disk_that_fills_during_a_study_loses_no_run(tmp_path, monkeypatch):
    path, init = tmp_path / "runs.jsonl", RunLog.__init__

    def small(self, *arguments):
        init(self, *arguments)
        self._file = Full(self._file, 250)

    with monkeypatch.context() as patched:
        patched.setattr(RunLog, "__init__", small)
        with pytest.warns(UserWarning, match="not all runs could be written: .*No space left"):
            found = study(guess, range(8), out=path)
    assert list(found) == list(study(guess, range(8)))
    assert repr(found) == (
        f"<study of 8 runs: all runs done; not saved: [Errno {errno.ENOSPC}] "
        f"{os.strerror(errno.ENOSPC)}>"
    )
    kept = lines(path)[1:]
    assert 0 < len(kept) < 8
    again = study(guess, range(8), out=path)
    assert (list(again), again.unsaved) == (list(found), "")


def test_room_on_the_disk_again_brings_all_runs_into_the_file(tmp_path):
    path = tmp_path / "runs.jsonl"
    with RunLog(path, {"experiment": "x"}) as log:
        file, log._file = log._file, Full(log._file, 10)
        log.add('{"seed": 1}')
        assert log.unsaved
        assert path.read_bytes().count(b"\n") == 1
        log._file = file
        log.add('{"seed": 2}')
        assert log.unsaved == ""
    assert [row["seed"] for row in lines(path)[1:]] == [1, 2]
