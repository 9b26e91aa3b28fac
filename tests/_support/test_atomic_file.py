import os
import threading
import time

import pytest

from microbp._support.atomic_file import write_whole


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
def test_a_file_that_is_replaced_gets_the_permissions_of_a_new_one(tmp_path):
    (tmp_path / "plain").write_text("x")
    (tmp_path / "whole").write_text("x")
    (tmp_path / "whole").chmod(0o600)
    write_whole(tmp_path / "whole", "y")
    assert (tmp_path / "whole").stat().st_mode == (tmp_path / "plain").stat().st_mode


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
