"""One contender in a process of its own: `python -m benchmarks.worker CONTENDER`.

It says hello with a line of JSON, then reads orders from standard input, a line of JSON each,
and answers each with a line of JSON: {"order": "check", "work": "chain"} is one. It ends with
its input. Times are in seconds, memory is in bytes.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import statistics
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.peers.base import Prepared
from benchmarks.works import WORKS, elementary

SPAN = 0.1  # seconds of steps for each answer; one step, if that takes longer
BLOCK = 1e-3  # seconds of replayed steps between two looks at the clock


class Worker:
    """What a contender can be asked."""

    def __init__(self, contender: Contender, peer: Any) -> None:
        self.contender = contender
        self.peer = peer
        self.prepared: dict[str, Prepared] = {}
        if not contender.collector:
            gc.disable()

    def _prepare(self, work: str) -> None:
        sys.setrecursionlimit(100_000)  # for contenders whose sort recurses
        self.peer.prepare(WORKS[work])

    def _prepared(self, work: str) -> Prepared:
        """Once and for all: a recording, say, or a compiled function."""
        sys.setrecursionlimit(100_000)
        if work not in self.prepared:
            self.prepared[work] = self.peer.prepared(WORKS[work])
        return self.prepared[work]

    def check(self, work: str) -> dict[str, float]:
        """One step: the loss, and the gradient's slope along a fixed direction."""
        peer = self.peer
        numbers = WORKS[work].numbers()
        rng = random.Random(4)
        direction = [rng.uniform(-1.0, 1.0) for _ in numbers]
        if self.contender.does(WORKS[work]) and WORKS[work].replay is not None:
            self.prepared.pop(work, None)
            prepared = self._prepared(work)
            prepared.step()
            slope = sum(g * d for g, d in zip(prepared.gradient(), direction, strict=True))
            return {"loss": prepared.loss(), "slope": slope}
        self._prepare(work)
        peer.forward()
        peer.backward()
        if hasattr(peer, "slope"):
            slope = peer.slope(direction)
        else:
            slope = sum(g * d for g, d in zip(peer.gradient(), direction, strict=True))
        loss = peer.loss()
        peer.drop()
        return {"loss": loss, "slope": slope}

    def time(self, work: str) -> dict[str, float]:
        """The median over several steps: forward, backward, and the whole with the dropping."""
        peer = self.peer
        if WORKS[work].replay is not None:
            return self._time_replay(self._prepared(work))
        self._prepare(work)
        gc.collect()
        steps: list[tuple[float, float, float]] = []
        while sum(whole for _, _, whole in steps) < SPAN:
            start = perf_counter()
            peer.forward()
            made = perf_counter()
            peer.backward()
            swept = perf_counter()
            peer.drop()
            steps.append((made - start, swept - made, perf_counter() - start))
            if not self.contender.collector:
                gc.collect()
        forward, backward, whole = (statistics.median(times) for times in zip(*steps, strict=True))
        parts = {"forward": forward, "backward": backward}
        return {"step": whole, **{part: parts[part] for part in peer.parts}}

    def _time_replay(self, prepared: Prepared) -> dict[str, float]:
        """The whole step and, where it can be had alone, the way forward."""
        found = {"step": self._repeated(prepared.step) / getattr(prepared, "sweeps", 1)}
        if hasattr(prepared, "values"):
            found["forward"] = self._repeated(prepared.values)
        return found

    def _repeated(self, step: Callable[[], object]) -> float:
        """The time of a step: the median over as many blocks of steps as fit, one at least."""
        gc.collect()
        start = perf_counter()
        step()
        block = max(1, int(BLOCK / (perf_counter() - start)))
        blocks: list[float] = []
        while not blocks or sum(blocks) < SPAN:
            if not self.contender.collector:
                gc.collect()
            start = perf_counter()
            for _ in range(block):
                step()
            blocks.append(perf_counter() - start)
        return statistics.median(blocks) / block

    def memory(self, nodes: int) -> dict[str, float]:
        """What each node of a chain takes, once built, and at most during its reverse sweep."""
        self.peer.prepare(elementary.chain(nodes))
        gc.collect()
        before = _resident("VmRSS")
        self.peer.forward()
        held = _resident("VmRSS") - before
        answer = {"held": held / nodes}
        try:
            self.peer.backward()
        except RecursionError:
            return answer
        return {**answer, "most": (_resident("VmHWM") - before) / nodes}

    def depth(self, nodes: int) -> dict[str, float]:
        """Build, sweep and drop a chain, with Python's own recursion limit."""
        self.peer.prepare(elementary.chain(nodes))
        self.peer.forward()
        self.peer.backward()
        self.peer.drop()
        gc.collect()
        return {}


def _resident(field: str) -> int:
    """This process's memory now (VmRSS) or at its most (VmHWM), as Linux tells it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == field:
            return int(rest.split()[0]) * 1024
    raise OSError(f"/proc/self/status has no {field}")


def _hello(contender: Contender) -> tuple[Any, dict[str, Any]]:
    """The contender's Peer and the versions of its packages, or None and why it is missing."""
    try:
        peer = importlib.import_module(f"benchmarks.peers.{contender.peer}").Peer(
            *contender.options
        )
        versions = {package: version(package) for package in contender.packages}
        versions.update(getattr(peer, "versions", {}))
    except (ImportError, SystemExit) as error:  # an engine that isn't built ends the process
        return None, {"missing": str(error)}
    if contender.engine and peer.engine != contender.engine:
        return None, {"missing": f"microbp uses its engine {peer.engine!r}"}
    return peer, {"versions": versions, "nary": getattr(peer, "nary", False)}


def main() -> None:
    contender = CONTENDERS[sys.argv[1]]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a peer prints is no answer

    def answer(line: dict[str, Any]) -> None:
        print(json.dumps(line), file=answers, flush=True)

    peer, hello = _hello(contender)
    answer(hello)
    if peer is None:
        return
    worker = Worker(contender, peer)
    orders: dict[str, Callable[..., dict[str, float]]] = {
        "check": worker.check,
        "time": worker.time,
        "memory": worker.memory,
        "depth": worker.depth,
    }
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer(orders[order.pop("order")](**order))
        except Exception as error:
            answer({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
