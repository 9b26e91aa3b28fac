"""Garbled files of every format: each is refused and changes nothing, or gives what was written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import microbp
from benchmarks.reliability import runs
from benchmarks.reliability.garbling import garbled_once
from microbp import FileMismatch, Value
from microbp.replay.program import Program

WHAT = "a garbled file: of a net, a training, a program or a study"
TIMES = 20_000


def attempt(rng: Random) -> str:
    kind = rng.choice([*LOADS])
    data = garbled_once(_whole(kind), rng)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        try:
            return LOADS[kind](path)
        except FileMismatch as error:
            problem = str(error)
        assert path.read_bytes() == data, "the file was changed"
        assert path.name in problem, "the file is not named"
    return "refused"


@cache
def _whole(kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        if kind == "net":
            _net(1).save(path)
        elif kind == "training":
            runs.trained(_net(1), "Adam", 1, path, sweeps=20, keep="weights", every=5)
        elif kind == "program":
            _program().save(path)
        else:
            runs.studied(path, range(4))
        return path.read_bytes()


def _net(seed: int) -> microbp.nn.Net:
    return runs.some_net(seed)


def _program() -> Program:
    x, y = Value(0.0, "x"), Value(0.0, "y")
    return microbp.record(_net(1)([x, y]), inputs=[x, y])


def _load_net(path: Path) -> str:
    net = _net(2)
    before = net.state_dict()
    try:
        net.load(path)
    except FileMismatch:
        assert net.state_dict() == before, "the net was changed"
        raise
    assert net.state_dict() == _net(1).state_dict(), "loaded something else"
    return "the same to a parser"


def _continue_training(path: Path) -> str:
    net = _net(2)
    optimizer = runs.optimizer_of(net, "Adam")
    before = repr((net.state_dict(), optimizer.state_dict()))
    try:
        microbp.train(
            net, runs.XOR, optimizer, sweeps=20, checkpoint=path, keep="weights", every=5,
            validation=runs.XOR[:2], progress=False, **runs.BATCHES[1],
        )  # fmt: skip
    except FileMismatch:
        assert repr((net.state_dict(), optimizer.state_dict())) == before, "something was changed"
        raise
    assert path.read_bytes() == _whole("training"), "continued from something else"
    return "the same to a parser"


def _load_program(path: Path) -> str:
    program = Program.load(path)
    program.save(path)
    assert path.read_bytes() == _whole("program"), "loaded something else"
    return "the same to a parser"


def _continue_study(path: Path) -> str:
    cut = not path.read_bytes().endswith(b"\n")
    found = runs.studied(path, range(4))
    assert list(found) == list(runs.studied(None, range(4))), "other rows"
    return "the last line cut off, and its run made again" if cut else "the same to a parser"


LOADS: dict[str, Callable[[Path], str]] = {
    "net": _load_net,
    "training": _continue_training,
    "program": _load_program,
    "study": _continue_study,
}
"""How each kind of file is loaded: what came of it, or FileMismatch."""
