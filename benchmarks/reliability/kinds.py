"""The kinds of attempt, by name."""

from __future__ import annotations

from random import Random
from typing import Protocol

from benchmarks.reliability import (
    allocations,
    ctrl_c,
    disk_full,
    garbled_files,
    hostile_names,
    interrupts,
    junk,
    kills,
    leaks,
    memory_limits,
    programs,
    recordings,
    shells,
    threads,
)


class Kind(Protocol):
    """What a file of a kind has in it."""

    WHAT: str
    TIMES: int

    def attempt(self, rng: Random) -> str:
        """The outcome of one attempt; raises what is wrong."""


KINDS: dict[str, Kind] = {
    "allocations": allocations,
    "ctrl-c": ctrl_c,
    "disk-full": disk_full,
    "garbled-files": garbled_files,
    "hostile-names": hostile_names,
    "interrupts": interrupts,
    "junk": junk,
    "kills": kills,
    "leaks": leaks,
    "memory-limits": memory_limits,
    "programs": programs,
    "recordings": recordings,
    "shells": shells,
    "threads": threads,
}
