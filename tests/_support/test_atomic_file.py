import os
import signal
import threading
import time
from pathlib import Path
from types import ModuleType

import pytest

from microbp._support import atomic_file, file_lock
from microbp._support.atomic_file import as_path, check_writable, write_new, write_whole
from microbp._support.file_lock import take_lock
from tests.helpers.robustness import interrupted_at


def test_a_file_is_written_and_replaced(tmp_path):
    path = tmp_path / "a.txt"
    assert write_whole(path, "größer") == path
    write_whole(path, b"\x00\xff")
    assert path.read_bytes() == b"\x00\xff"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    write_whole(path, "old")

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_written_where_there_are_no_locks(tmp_path, monkeypatch):
    monkeypatch.setattr(file_lock, "fcntl", ModuleType("fcntl"))  # as in JupyterLite
    assert write_whole(tmp_path / "a.txt", "new").read_text() == "new"


@pytest.mark.parametrize(
    "write",
    [
        lambda path: write_whole(path, "new"),
        lambda path: write_new(path.with_name("b.txt"), "new"),
        lambda path: check_writable(path, 10_000),
    ],
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files left open
def test_an_interruption_at_any_moment_leaves_nothing_beside(tmp_path, write):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def ours(frame, event):
        return event != "return" and frame.f_code.co_filename == atomic_file.__file__

    step = 0
    while interrupted_at(step, lambda: write(path), ours, opcodes=True):
        assert {entry.name for entry in tmp_path.iterdir()} <= {"a.txt", "b.txt"}
        assert path.read_text() in ("old", "new")
        (tmp_path / "b.txt").unlink(missing_ok=True)
        step += 1
    assert step > 100


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "a.txt", "x")


posix = pytest.mark.skipif(os.name == "nt", reason="no such permissions there")


@posix
def test_the_file_has_the_permissions_of_any_new_file(tmp_path):
    (tmp_path / "plain").write_text("x")
    write_whole(tmp_path / "whole", "x")
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755, 0o666])
def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "whole"
    path.write_text("x")
    path.chmod(mode)
    write_whole(path, "y")
    assert (path.read_text(), path.stat().st_mode & 0o7777) == ("y", mode)


@posix
@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only root gives files away")
def test_a_file_that_is_replaced_keeps_its_owner(tmp_path):
    path = tmp_path / "whole"
    path.write_text("x")
    os.chown(path, 12, 34)
    write_whole(path, "y")
    assert (path.stat().st_uid, path.stat().st_gid) == (12, 34)


@posix
@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_and_the_file_it_points_to_is_replaced(tmp_path, there):
    (tmp_path / "far").mkdir()
    if there:
        (tmp_path / "far" / "file").write_text("x")
    (tmp_path / "between").symlink_to(Path("far") / "file")
    (tmp_path / "link").symlink_to(tmp_path / "between")
    assert write_whole(tmp_path / "link", "y") == tmp_path / "link"
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "between").is_symlink()
    assert (tmp_path / "far" / "file").read_text() == "y"
    assert [p.name for p in (tmp_path / "far").iterdir()] == ["file"]


@posix
def test_a_circle_of_links_is_an_error_and_stays(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OSError, match="a"):
        write_whole(tmp_path / "a", "x")
    assert (tmp_path / "a").is_symlink()


@posix
def test_a_pipe_or_device_is_written_to_and_not_replaced(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(path, "through")
        assert os.read(handle, 99) == b"through"
    finally:
        os.close(handle)
    assert list(tmp_path.iterdir()) == [path]
    assert path.is_fifo()
    assert write_whole("/dev/null", "x").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_a_full_device_is_told_by_name():
    with pytest.raises(OSError, match="No space left on device: '/dev/full'"):
        write_whole("/dev/full", "x")


KILLED = """
import os, signal, sys
from pathlib import Path
from microbp._support.atomic_file import write_whole
Path.replace = lambda self, target: os.kill(os.getpid(), signal.SIGKILL)
write_whole(sys.argv[1], "x" * 1000)
"""


@posix
def test_leftovers_of_a_killed_write_are_removed_and_files_being_written_are_not(tmp_path, python):
    path = tmp_path / "run.json"
    mine = [tmp_path / ".run.json-mine", tmp_path / ".run.json-0123456789abcdef"]
    for each in mine:
        each.touch()
    for _ in range(2):
        assert python(KILLED, str(path)).returncode == -signal.SIGKILL
    leftovers = {*tmp_path.iterdir()} - {*mine}
    assert len(leftovers) == 1  # the second write has removed that of the first
    alive = tmp_path / f".run.json-{'a' * 16}.part"
    with alive.open("wb") as file:
        assert take_lock(file.fileno())
        write_whole(path, "y")
        assert {*tmp_path.iterdir()} == {path, alive, *mine}


def test_a_file_that_was_taken_for_a_leftover_is_written_again(tmp_path, monkeypatch):
    replace, lost = Path.replace, []

    def taken_once(self, target):
        if not lost:
            lost.append(self)
            self.unlink()
        return replace(self, target)

    monkeypatch.setattr("pathlib.Path.replace", taken_once)
    write_whole(tmp_path / "a", "x")
    assert (tmp_path / "a").read_text() == "x"
    assert len(lost) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a" * 300, OSError),
        ("a\0b", ValueError),
        ("a\ud800", ValueError),
        ("", ValueError),
        ("..", ValueError),
        ("none/a", FileNotFoundError),
        (b"a", TypeError),
        (3, TypeError),
    ],
)
def test_a_name_that_no_file_can_have_is_told_with_the_function(tmp_path, monkeypatch, name, kind):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(kind, match="save: "):
        as_path(name, "save")


def test_whether_a_file_can_be_written_is_asked_without_a_trace(tmp_path):
    path = tmp_path / "a"
    check_writable(path, 10_000)
    assert list(tmp_path.iterdir()) == []
    write_whole(path, "x")
    check_writable(path, 10_000)
    assert path.read_text() == "x"
    for wrong in (tmp_path / "none" / "a", tmp_path / ("a" * 300), path / "a"):
        with pytest.raises(OSError, match=r"none|aaa|a/a"):
            check_writable(wrong)


@posix
def test_files_that_another_thread_makes_meanwhile_keep_their_permissions(tmp_path, monkeypatch):
    (tmp_path / "plain").write_text("x")
    expected = (tmp_path / "plain").stat().st_mode
    ended, umask = threading.Event(), os.umask

    def slow_umask(mask):
        before = umask(mask)
        time.sleep(0.001)  # the other thread runs on under this mask
        return before

    def write():
        while not ended.is_set():
            write_whole(tmp_path / "whole", "x")

    monkeypatch.setattr(os, "umask", slow_umask)
    writer = threading.Thread(target=write)
    writer.start()
    try:
        modes = set()
        for n in range(200):
            (tmp_path / str(n)).touch()
            modes.add((tmp_path / str(n)).stat().st_mode)
    finally:
        ended.set()
        writer.join()
    assert modes == {expected}


def test_where_there_are_no_locks_files_are_written_all_the_same(tmp_path, python):
    code = """
import sys
sys.modules["fcntl"] = None  # as under Emscripten
import microbp
from microbp._support.atomic_file import write_whole
from microbp.studies.run_log import RunLog
write_whole(sys.argv[1] + "/a", "x")
with RunLog(sys.argv[1] + "/b", {"experiment": "x"}) as log:
    log.add('{"seed": 1}')
"""
    ended = python(code, tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a", "b"]
