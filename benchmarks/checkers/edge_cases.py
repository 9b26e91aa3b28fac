"""Near and at kinks and the edges of domains; at them there is no derivative to be right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.checkers.case import Case


def _huber(m: Any, x: Sequence[Any]) -> Any:
    size = abs(x[0])
    inner = m.minimum(size, 1.0)
    return inner * (size - 0.5 * inner)


def _clipped(m: Any, x: Sequence[Any]) -> Any:
    return m.minimum(m.maximum(x[0], -1.0), 1.0) * x[1]


def _pooled(m: Any, x: Sequence[Any]) -> Any:
    return m.maximum(m.maximum(x[0], x[1]), m.maximum(x[2], x[3]))


EDGES = [
    Case("near a kink", "relu at 1e-9", lambda m, x: m.relu(x[0]), (1e-9,)),
    Case("near a kink", "abs at -1e-12", lambda m, x: abs(x[0]), (-1e-12,)),
    Case("near a kink", "a maximum with a gap of 1e-8", lambda m, x: m.maximum(x[0] ** 2, x[1]), (1.0, 1 - 1e-8)),
    Case("near a kink", "a clip 1e-7 inside", _clipped, (1 - 1e-7, 2.0)),
    Case("near a kink", "Huber's loss at its joint", _huber, (1.0,)),
    Case("near a kink", "a hinge just beyond its margin", lambda m, x: m.relu(1 - x[0] * x[1]), (0.5, 1.9999)),
    Case("near a kink", "a max-pool", _pooled, (0.3, 0.30001, -1.0, 0.2)),
    Case("near a kink", "a net of relus", lambda m, x: m.relu(m.relu(x[0] * 2 - 1) * 3 - x[1]), (0.5001, 1e-4)),
    Case("near an edge", "log at 1e-9", lambda m, x: m.log(x[0]), (1e-9,)),
    Case("near an edge", "sqrt at 1e-12", lambda m, x: m.sqrt(x[0]), (1e-12,)),
    Case("near an edge", "asin at 1 - 1e-10", lambda m, x: m.asin(x[0]), (1 - 1e-10,)),
    Case("near an edge", "x log x at 1e-8", lambda m, x: x[0] * m.log(x[0]), (1e-8,)),
    Case("near an edge", "x^1.5 at 1e-10", lambda m, x: x[0] ** 1.5, (1e-10,)),
    Case("near an edge", "log(1 - x^2) at 0.99999", lambda m, x: m.log(1 - x[0] * x[0]), (0.99999,)),
    Case("near an edge", "an entropy near 1", lambda m, x: -x[0] * m.log(x[0]) - (1 - x[0]) * m.log(1 - x[0]), (1 - 1e-9,), 10),
    Case("smooth at a kink", "x |x| at 0", lambda m, x: x[0] * abs(x[0]), (0.0,)),
    Case("smooth at a kink", "relu(x)^2 at 0", lambda m, x: m.relu(x[0]) ** 2, (0.0,)),
    Case("smooth at a kink", "a squared hinge at its margin", lambda m, x: m.relu(1 - x[0] * x[1]) ** 2, (0.5, 2.0)),
    Case("smooth at a kink", "exp and a relu that stays at 0", lambda m, x: m.exp(x[0]) + m.relu(0 * x[0]), (0.5,)),
    Case("smooth at a kink", "a max-pool over a tie of its losers", _pooled, (2.0, 1.0, 0.0, 0.0)),
    Case("at a kink", "abs at 0", lambda m, x: abs(x[0]), (0.0,)),
    Case("at a kink", "relu at 0", lambda m, x: m.relu(x[0]), (0.0,)),
    Case("at a kink", "a maximum of equals", lambda m, x: m.maximum(x[0], x[1]), (1.0, 1.0)),
    Case("at a kink", "a hinge at its margin", lambda m, x: m.relu(1 - x[0]), (1.0,)),
    Case("at a kink", "the length of a vector at 0", lambda m, x: m.hypot(x[0], x[1]), (0.0, 0.0)),
    Case("at an edge", "sqrt at 0", lambda m, x: m.sqrt(x[0]), (0.0,)),
    Case("at an edge", "x^1.5 at 0", lambda m, x: x[0] ** 1.5, (0.0,)),
    Case("at an edge", "asin at 1", lambda m, x: m.asin(x[0]), (1.0,)),
]  # fmt: skip
"""Where a step to the other side compares two functions."""
