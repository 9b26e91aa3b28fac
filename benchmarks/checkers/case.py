"""A hard case: a function at a point, written once for every library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from benchmarks.exact import Exact, exact_derivative

WRONG = 1.01
"""What the largest entry of a wrong gradient is multiplied by."""


@dataclass(frozen=True)
class Case:
    """`f(m, x)` is a number, from the functions of the library `m` and a list of numbers x.

    `kind` says what is hard about it. `decades`: how far apart the numbers are that it adds up.
    """

    kind: str
    name: str
    f: Callable[[Any, Sequence[Any]], Any]
    at: tuple[float, ...]
    decades: int = 0

    @cached_property
    def exact(self) -> list[Exact] | None:
        """The gradient; None where an entry does not exist, at a kink or the edge of a domain."""
        found = [exact_derivative(self.f, self.at, i, self.decades) for i in range(len(self.at))]
        return None if None in found else [d for d in found if d is not None]

    @cached_property
    def gradient(self) -> list[float] | None:
        """The same, as floats."""
        return None if self.exact is None else [float(d.value) for d in self.exact]

    @cached_property
    def wrong(self) -> list[float] | None:
        """The gradient with its largest entry off by 1 %; None if all are 0."""
        sizes = [abs(d) for d in self.gradient or [0.0]]
        if self.gradient is None or not any(sizes):
            return None
        largest = sizes.index(max(sizes))
        return [WRONG * d if i == largest else d for i, d in enumerate(self.gradient)]
