"""Smooth functions where differences mislead: stiff, saturated, oscillating, flat, cancelling."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from benchmarks.checkers.case import Case


def _variance(m: Any, x: Sequence[Any]) -> Any:
    """The mean of the squares less the square of the mean."""
    mean = (x[0] + x[1] + x[2]) / 3
    return (x[0] * x[0] + x[1] * x[1] + x[2] * x[2]) / 3 - mean * mean


def _bump(m: Any, x: Sequence[Any]) -> Any:
    return m.exp(-1 / (1 - x[0] * x[0]))


HIDDEN = [
    Case("stiff", "tanh(1e4 x) at 1e-5", lambda m, x: m.tanh(1e4 * x[0]), (1e-5,)),
    Case("stiff", "atan(1e8 (x - 1)) at 1", lambda m, x: m.atan(1e8 * (x[0] - 1)), (1.0,)),
    Case("stiff", "a sigmoid of 1e6 x at 1e-6", lambda m, x: m.sigmoid(1e6 * x[0]), (1e-6,)),
    Case("stiff", "exp(-500 x) at 0.01", lambda m, x: m.exp(-500 * x[0]), (0.01,)),
    Case("stiff", "1 / (x - 1) at 1 + 1e-6", lambda m, x: 1 / (x[0] - 1), (1.000001,)),
    Case("stiff", "tan near its pole", lambda m, x: m.tan(x[0]), (1.5707,)),
    Case("stiff", "a narrow peak on a slope", lambda m, x: x[0] + m.exp(-1e6 * (x[0] - 1) ** 2), (1.0005,)),
    Case("saturated", "a sigmoid at 40", lambda m, x: m.sigmoid(x[0]), (40.0,), 20),
    Case("saturated", "a sigmoid at -40", lambda m, x: m.sigmoid(x[0]), (-40.0,), 20),
    Case("saturated", "tanh at 15", lambda m, x: m.tanh(x[0]), (15.0,), 20),
    Case("saturated", "a softplus at -30", lambda m, x: m.softplus(x[0]), (-30.0,), 20),
    Case("saturated", "erf at 5", lambda m, x: m.erf(x[0]), (5.0,), 20),
    Case("saturated", "logaddexp of 0 and -50", lambda m, x: m.logaddexp(x[0], x[1]), (0.0, -50.0), 25),
    Case("oscillating", "sin(1e4 x)", lambda m, x: m.sin(1e4 * x[0]), (1.0,)),
    Case("oscillating", "a period of 1e-6", lambda m, x: m.sin(2e6 * math.pi * x[0]) + x[0], (0.3,)),
    Case("oscillating", "a period of 1e-4", lambda m, x: 1e-3 * m.sin(2e4 * math.pi * x[0]) + x[0], (0.3,)),
    Case("oscillating", "sin(1 / x) at 0.01", lambda m, x: m.sin(1 / x[0]), (0.01,)),
    Case("oscillating", "x sin(1 / x) at 1e-3", lambda m, x: x[0] * m.sin(1 / x[0]), (1e-3,)),
    Case("oscillating", "sin at 1e6", lambda m, x: m.sin(x[0]), (1e6,)),
    Case("oscillating", "cos(x^2) at 100", lambda m, x: m.cos(x[0] * x[0]), (100.0,)),
    Case("oscillating", "a ripple of 1e-8 in size and period", lambda m, x: 3 * x[0] + m.sin((x[0] - 1) * 1e8) / 1e8, (1.0,)),
    Case("flat", "exp(-1 / x^2) at 0.2", lambda m, x: m.exp(-1 / (x[0] * x[0])), (0.2,)),
    Case("flat", "a bump near its end", _bump, (0.98,)),
    Case("flat", "(x - 1)^4 at 1.001", lambda m, x: (x[0] - 1) ** 4, (1.001,)),
    Case("flat", "x^10 at 0.01", lambda m, x: x[0] ** 10, (0.01,)),
    Case("flat", "a Gaussian at 8", lambda m, x: m.exp(-x[0] * x[0] / 2), (8.0,)),
    Case("zero", "cos at 0", lambda m, x: m.cos(x[0]), (0.0,)),
    Case("zero", "the bottom of a valley", lambda m, x: (x[0] - 1) ** 2 + x[1] ** 4, (1.0, 0.0)),
    Case("zero", "x^3 at 0", lambda m, x: x[0] ** 3, (0.0,)),
    Case("zero", "a dead relu", lambda m, x: m.relu(x[0] - 5) * 3 + m.sin(x[0]), (1.0,)),
    Case("zero", "an input without effect", lambda m, x: m.exp(x[0]) + 0 * x[1], (1.0, 2.0)),
    Case("cancelling", "(x + 1e8) - 1e8", lambda m, x: (x[0] + 1e8) - 1e8, (1.3,), 10),
    Case("cancelling", "1e9 + sin(x)", lambda m, x: 1e9 + m.sin(x[0]), (1.0,), 10),
    Case("cancelling", "(1 - cos x) / x^2 at 1e-3", lambda m, x: (1 - m.cos(x[0])) / x[0] ** 2, (1e-3,), 10),
    Case("cancelling", "(exp(x) - 1) / x at 1e-4", lambda m, x: (m.exp(x[0]) - 1) / x[0], (1e-4,), 10),
    Case("cancelling", "log(1 + x) / x at 1e-4", lambda m, x: m.log(1 + x[0]) / x[0], (1e-4,), 10),
    Case("cancelling", "sqrt(x + 1) - sqrt(x) at 1e6", lambda m, x: m.sqrt(x[0] + 1) - m.sqrt(x[0]), (1e6,), 10),
    Case("cancelling", "a variance at 1e4", _variance, (1e4, 1e4 + 1, 1e4 + 3), 10),
    Case("cancelling", "1 - tanh(x)^2 at 6", lambda m, x: 1 - m.tanh(x[0]) ** 2, (6.0,), 10),
    Case("cancelling", "(1 - cos x) / x^2 at 1e-7", lambda m, x: (1 - m.cos(x[0])) / x[0] ** 2, (1e-7,), 20),
    Case("cancelling", "(exp(x) - 1) / x at 1e-9", lambda m, x: (m.exp(x[0]) - 1) / x[0], (1e-9,), 20),
    Case("cancelling", "log(1 + x) / x at 1e-9", lambda m, x: m.log(1 + x[0]) / x[0], (1e-9,), 20),
    Case("cancelling", "(x - sin x) / x^3 at 1e-5", lambda m, x: (x[0] - m.sin(x[0])) / x[0] ** 3, (1e-5,), 20),
]  # fmt: skip
"""What is known of finite differences at their worst."""
