"""The parent's side of a worker process: start it, ask it, and kill it when it takes too long."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.contenders import Contender

ROOT = Path(__file__).parents[1]
START_TIMEOUT = 120.0  # seconds to import what it needs


class WorkerFailed(Exception):
    """A worker could not answer a request; the message says why."""


class ContenderMissing(Exception):
    """The contender is not installed; the message says what is missing."""


class WorkerProcess:
    """A worker process, restarted by the next request after it has failed.

    Raises ContenderMissing if the contender isn't installed.
    """

    def __init__(self, contender: Contender) -> None:
        self.contender = contender
        self.info: dict[str, Any] = {}
        self._start()

    def _start(self) -> None:
        environment = dict(os.environ)
        if self.contender.engine:
            environment["MICROBP_ENGINE"] = self.contender.engine
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker", self.contender.key],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the parent, which then ends the workers
        )
        self._answers: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(
            target=_read, args=(self._process.stdout, self._answers), daemon=True
        )
        self._reader.start()
        self.info = self._answer(START_TIMEOUT)
        if "missing" in self.info:
            self.end()
            raise ContenderMissing(self.info["missing"])

    def ask(self, request: str, limit: float, **arguments: Any) -> dict[str, Any]:
        """The answer to a request. Raises WorkerFailed if none comes within `limit` seconds."""
        if self._process.poll() is not None:
            self._start()
        assert self._process.stdin is not None
        line = json.dumps({"request": request, **arguments})
        with suppress(BrokenPipeError):  # it has just died: reading the answer finds out
            print(line, file=self._process.stdin, flush=True)
        answer = self._answer(limit)
        if "error" in answer:
            raise WorkerFailed(answer["error"])
        return answer

    def _answer(self, limit: float) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=limit)
        except queue.Empty:
            self.end()
            raise WorkerFailed(f"took more than {limit:g} s") from None
        if not line:
            code = self._process.wait()
            self.end()
            raise WorkerFailed(f"its process ended with code {code}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # a request that it never read
            self._process.stdin.close()

    def __enter__(self) -> WorkerProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()


def _read(lines: Any, answers: queue.Queue[str]) -> None:
    """Pass on every line, and an empty one at the end."""
    with lines:
        for line in lines:
            answers.put(line)
    answers.put("")
