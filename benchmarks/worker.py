"""One contender in a process of its own: `python -m benchmarks.worker CONTENDER`.

It first writes a line of JSON about itself, then reads requests from standard input and answers
each, a line of JSON apiece: {"request": "check", "workload": "chain"}. It exits at the end of its
input. Times are in seconds, memory is in bytes.
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

from benchmarks.adapters.base import Prepared
from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.workloads import WORKLOADS, synthetic

SPAN = 0.1  # seconds of steps for each answer; one step, if that takes longer
BLOCK = 1e-3  # seconds of replayed steps between two looks at the clock


class Worker:
    """The requests a contender answers."""

    def __init__(self, contender: Contender, adapter: Any) -> None:
        self.contender = contender
        self.adapter = adapter
        self.prepared: dict[str, Prepared] = {}
        if not contender.collector:
            gc.disable()

    def _prepare(self, workload: str) -> None:
        sys.setrecursionlimit(100_000)  # for contenders whose sort recurses
        self.adapter.prepare(WORKLOADS[workload])

    def _prepared(self, workload: str) -> Prepared:
        """Prepared once: a recording, say, or a compiled function."""
        sys.setrecursionlimit(100_000)
        if workload not in self.prepared:
            self.prepared[workload] = self.adapter.prepared(WORKLOADS[workload])
        return self.prepared[workload]

    def check(self, workload: str) -> dict[str, float]:
        """One step: the loss, and the gradient's slope along a fixed direction."""
        adapter = self.adapter
        numbers = WORKLOADS[workload].numbers()
        rng = random.Random(4)
        direction = [rng.uniform(-1.0, 1.0) for _ in numbers]
        if self.contender.runs(WORKLOADS[workload]) and WORKLOADS[workload].replay is not None:
            self.prepared.pop(workload, None)
            prepared = self._prepared(workload)
            prepared.step()
            slope = sum(g * d for g, d in zip(prepared.gradient(), direction, strict=True))
            return {"loss": prepared.loss(), "slope": slope}
        self._prepare(workload)
        adapter.forward()
        adapter.backward()
        if hasattr(adapter, "slope"):
            slope = adapter.slope(direction)
        else:
            slope = sum(g * d for g, d in zip(adapter.gradient(), direction, strict=True))
        loss = adapter.loss()
        adapter.drop()
        return {"loss": loss, "slope": slope}

    def time(self, workload: str) -> dict[str, float]:
        """Medians over several steps: forward, backward, and the whole step, deletion included."""
        adapter = self.adapter
        if WORKLOADS[workload].replay is not None:
            return self._time_replay(self._prepared(workload))
        self._prepare(workload)
        gc.collect()
        steps: list[tuple[float, float, float]] = []
        while sum(whole for _, _, whole in steps) < SPAN:
            start = perf_counter()
            adapter.forward()
            made = perf_counter()
            adapter.backward()
            swept = perf_counter()
            adapter.drop()
            steps.append((made - start, swept - made, perf_counter() - start))
            if not self.contender.collector:
                gc.collect()
        forward, backward, whole = (statistics.median(times) for times in zip(*steps, strict=True))
        parts = {"forward": forward, "backward": backward}
        return {"step": whole, **{part: parts[part] for part in adapter.parts}}

    def _time_replay(self, prepared: Prepared) -> dict[str, float]:
        """The whole step and, where they can be run alone, the forward pass and the copies."""
        found = {"step": self._repeated(prepared.step) / getattr(prepared, "sweeps", 1)}
        if hasattr(prepared, "values"):
            found["forward"] = self._repeated(prepared.values)
        if hasattr(prepared, "copies"):
            found["copies"] = self._repeated(prepared.copies)
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
        """Bytes for each node of a chain: once built, and at most during its backward pass."""
        self.adapter.prepare(synthetic.chain(nodes))
        gc.collect()
        before = _resident("VmRSS")
        self.adapter.forward()
        held = _resident("VmRSS") - before
        answer = {"held": held / nodes}
        try:
            self.adapter.backward()
        except RecursionError:
            return answer
        return {**answer, "most": (_resident("VmHWM") - before) / nodes}

    def depth(self, nodes: int) -> dict[str, float]:
        """Build, differentiate and drop a chain, with Python's default recursion limit."""
        self.adapter.prepare(synthetic.chain(nodes))
        self.adapter.forward()
        self.adapter.backward()
        self.adapter.drop()
        gc.collect()
        return {}


def _resident(field: str) -> int:
    """This process's memory now (VmRSS) or at its most (VmHWM), as Linux tells it."""
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name == field:
            return int(rest.split()[0]) * 1024
    raise OSError(f"/proc/self/status has no {field}")


def _load(contender: Contender) -> tuple[Any, dict[str, Any]]:
    """The contender's adapter and the versions of its packages, or None and why it is missing."""
    try:
        adapter = importlib.import_module(f"benchmarks.adapters.{contender.adapter}").Adapter(
            *contender.options
        )
        versions = {package: version(package) for package in contender.packages}
        versions.update(getattr(adapter, "versions", {}))
    except (ImportError, SystemExit) as error:  # an engine that isn't built ends the process
        return None, {"missing": str(error)}
    if contender.engine and adapter.engine != contender.engine:
        return None, {"missing": f"microbp uses its engine {adapter.engine!r}"}
    return adapter, {"versions": versions, "nary": getattr(adapter, "nary", False)}


def main() -> None:
    contender = CONTENDERS[sys.argv[1]]
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is not an answer

    def answer(line: dict[str, Any]) -> None:
        print(json.dumps(line), file=answers, flush=True)

    adapter, info = _load(contender)
    answer(info)
    if adapter is None:
        return
    worker = Worker(contender, adapter)
    requests: dict[str, Callable[..., dict[str, float]]] = {
        "check": worker.check,
        "time": worker.time,
        "memory": worker.memory,
        "depth": worker.depth,
    }
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer(requests[request.pop("request")](**request))
        except Exception as error:
            answer({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main()
