"""A disk that fills while files are written: nothing that was learnt is lost.

The limit is one of this process on the size of a file (RLIMIT_FSIZE), which fails in the middle of
a write as a full disk does.
"""

from __future__ import annotations

import os
import resource
import signal
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from random import Random

import microbp
from benchmarks.reliability import runs
from microbp import Value

WHAT = "a training, a study or a saved net, program or table on a disk that fills at a random byte"
TIMES = 50


def attempt(rng: Random) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        said = rng.choice([_training, _study, _saved])(path, rng)
        left = sorted(each.name for each in Path(folder).iterdir())
        assert left in ([], ["run"]), f"left behind: {left}"
    return said


def _training(path: Path, rng: Random) -> str:
    kind, batches, room = rng.choice(runs.KINDS), rng.randrange(3), rng.randint(100, 25_000)
    expected = runs.straight(kind, batches)

    def train() -> None:
        net = runs.some_net()
        try:
            history = runs.trained(net, kind, batches, path, checkpoint_every=10)
        except OSError:  # told before any work
            assert net.state_dict() == runs.some_net().state_dict()
            return
        assert runs.outcome(net, history) == expected, "something was lost"
        assert history.unsaved or room > 15_000

    _with_room(room, train)
    net = runs.some_net(seed=2) if path.exists() else runs.some_net()
    assert runs.outcome(net, runs.trained(net, kind, batches, path)) == expected, "other bits"
    return "nothing lost, and continued to the same bits"


def _study(path: Path, rng: Random) -> str:
    expected = list(runs.studied(None))

    def study() -> None:
        try:
            found = runs.studied(path)
        except OSError:  # told before any run
            return
        assert list(found) == expected, "a run was lost"

    _with_room(rng.randint(100, 80_000), study)
    assert list(runs.studied(path)) == expected, "other rows"
    return "nothing lost, and continued to the same bits"


def _saved(path: Path, rng: Random) -> str:
    net = runs.some_net()
    x = Value(0.0, "x")
    program = microbp.record(net([x, x * 2.0])[0], inputs=[x])
    history = runs.trained(net, "Adam", 0, None)
    save: Callable[[Path], object] = rng.choice([net.save, program.save, history.to_csv])
    save(path)
    whole = path.read_bytes()

    def save_again() -> None:
        problem = ""
        try:
            save(path)
        except OSError as error:
            problem = str(error)
        assert str(path) in problem, "not told, or without the file's name"

    _with_room(rng.randrange(len(whole)), save_again)
    assert path.read_bytes() == whole, "the old file is damaged"
    return "told, and the old file whole"


def _with_room(size: int, work: Callable[[], None]) -> None:
    """Do it in a process of its own, where no file can have more bytes."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            warnings.simplefilter("ignore")
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
            work()
        except BaseException:
            os.write(write, traceback.format_exc()[-2000:].encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        problem = said.read()
    os.waitpid(child, 0)
    assert not problem, problem
