"""Where a checkpoint can't be written: told before any work, or nothing that was learnt is lost."""

import errno
import os
from pathlib import Path

import pytest

from microbp.optim import Momentum
from microbp.training import Stopped, checkpoint
from tests.helpers.training import numbers, trained, xor_net


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("no/such/folder/x.json", FileNotFoundError),
        ("a\0b", ValueError),
        ("a" * 300, OSError),
        ("", ValueError),
        (".", ValueError),
        pytest.param(
            "/dev/full/x",
            OSError,
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it"),
        ),
    ],
)
def test_a_name_that_can_not_be_is_told_before_any_work(tmp_path, monkeypatch, name, kind):
    monkeypatch.chdir(tmp_path)
    net = xor_net()
    before = net.state_dict()

    def never(outputs, targets):
        raise AssertionError

    with pytest.raises(kind):
        trained(net, sweeps=5, checkpoint=name, loss=never)
    assert net.state_dict() == before
    assert list(tmp_path.iterdir()) == []


def test_a_folder_or_disk_that_takes_no_file_is_told_before_any_work(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    def never(outputs, targets):
        raise AssertionError

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OSError, match=r"Read-only file system: '.*run\.json'"):
        trained(xor_net(), sweeps=5, checkpoint=tmp_path / "run.json", loss=never)


def test_a_disk_that_fills_during_a_run_loses_nothing(tmp_path, monkeypatch):
    path, write, writes = tmp_path / "run.json", checkpoint.write_whole, []

    def full_after_two(path, text):
        writes.append(len(writes))
        if len(writes) > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, text)

    monkeypatch.setattr(checkpoint, "write_whole", full_after_two)
    net, straight = xor_net(), xor_net()
    options = {"sweeps": 50, "checkpoint_every": 10}
    with pytest.warns(UserWarning, match="could not be written: .*No space left on device"):
        history = trained(net, checkpoint=path, **options)
    assert history.stopped == Stopped.DONE
    assert history.unsaved == f"[Errno {errno.ENOSPC}] No space left on device: '{path}'"
    assert "; not saved: " in repr(history)
    assert list(history) == list(trained(straight, **options))
    assert numbers(net) == numbers(straight)

    monkeypatch.setattr(checkpoint, "write_whole", write)
    resumed = xor_net(seed=4)
    again = trained(resumed, checkpoint=path, **options)
    assert (again.unsaved, list(again), numbers(resumed)) == ("", list(history), numbers(net))


def test_a_disk_with_room_again_ends_the_trouble(tmp_path, monkeypatch):
    path, write, writes = tmp_path / "run.json", checkpoint.write_whole, []

    def full_at_first(path, text):
        writes.append(len(writes))
        if len(writes) < 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, text)

    monkeypatch.setattr(checkpoint, "write_whole", full_at_first)
    history = trained(xor_net(), sweeps=50, checkpoint=path, checkpoint_every=10)
    assert history.unsaved == ""


def test_the_step_size_of_the_run_that_continues_counts(tmp_path):
    net = xor_net()
    trained(net, sweeps=5, checkpoint=tmp_path / "run.json")
    optimizer = Momentum(net.parameters(), 0.25, 0.5)
    trained(net, sweeps=6, optimizer=optimizer, checkpoint=tmp_path / "run.json")
    assert (optimizer.lr, optimizer.momentum, optimizer.steps) == (0.25, 0.5, 6)
