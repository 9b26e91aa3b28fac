"""The kinds of attempt, by name."""

from __future__ import annotations

from random import Random
from typing import Protocol

from benchmarks.reliability import ctrl_c, hostile_names, junk, leaks, programs, shells


class Kind(Protocol):
    """What a file of a kind has in it."""

    WHAT: str
    TIMES: int

    def attempt(self, rng: Random) -> str:
        """The outcome of one attempt; raises what is wrong."""


KINDS: dict[str, Kind] = {
    "ctrl-c": ctrl_c,
    "hostile-names": hostile_names,
    "junk": junk,
    "leaks": leaks,
    "programs": programs,
    "shells": shells,
}
