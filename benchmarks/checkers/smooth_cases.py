"""Functions that are smooth where they are checked, and hard by their scale or their length."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from benchmarks.checkers.case import Case

F = Callable[[Any, Sequence[Any]], Any]
TEN = tuple(0.1 * (i + 1) for i in range(10))


def _sum(terms: Any) -> Any:
    first, *others = terms
    for term in others:
        first = first + term
    return first


def _product(factors: Any) -> Any:
    first, *others = factors
    for factor in others:
        first = first * factor
    return first


def _rosenbrock(m: Any, x: Sequence[Any]) -> Any:
    return _sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def _rnn(steps: int) -> F:
    def f(m: Any, x: Sequence[Any]) -> Any:
        w, u, b = x
        h = 0.1
        for t in range(steps):
            h = m.tanh(w * h + u * math.sin(t) + b)
        return h * h

    return f


def _softmax_loss(m: Any, x: Sequence[Any]) -> Any:
    shares = [m.exp(v - 2.0) for v in x]
    return m.log(_sum(shares)) + 2.0 - x[1]


def _two_layers(m: Any, x: Sequence[Any]) -> Any:
    hidden = [m.tanh(x[3 * j] * 0.5 + x[3 * j + 1] * -1.2 + x[3 * j + 2]) for j in range(3)]
    y = m.sigmoid(_sum(w * h for w, h in zip(x[9:], hidden, strict=True)))
    return (y - 1.0) ** 2


def _chain(function: str, times: int) -> F:
    def f(m: Any, x: Sequence[Any]) -> Any:
        y = x[0]
        for _ in range(times):
            y = getattr(m, function)(y)
        return y

    return f


def _logistic_map(steps: int) -> F:
    def f(m: Any, x: Sequence[Any]) -> Any:
        y = x[0]
        for _ in range(steps):
            y = 3.9 * y * (1.0 - y)
        return y

    return f


def _simpson(m: Any, x: Sequence[Any]) -> Any:
    """The integral of exp(-x t^2) cos(3 t) from 0 to 2."""
    n = 40
    h = 2.0 / n

    def g(t: float) -> Any:
        return m.exp(-x[0] * t * t) * math.cos(3.0 * t)

    inner = _sum((4.0 if k % 2 else 2.0) * g(k * h) for k in range(1, n))
    return (g(0.0) + inner + g(2.0)) * (h / 3.0)


def _pendulum(m: Any, x: Sequence[Any]) -> Any:
    angle, speed = x
    for _ in range(50):  # by the leapfrog
        speed = speed - 0.025 * m.sin(angle)
        angle = angle + 0.05 * speed
        speed = speed - 0.025 * m.sin(angle)
    return angle


def _kepler(m: Any, x: Sequence[Any]) -> Any:
    anomaly, eccentricity = x
    e = anomaly
    for _ in range(8):  # by Newton's method
        e = e - (e - eccentricity * m.sin(e) - anomaly) / (1.0 - eccentricity * m.cos(e))
    return e


def _determinant(m: Any, x: Sequence[Any]) -> Any:
    a, b, c, d, e, f, g, h, i = x
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _cosine(m: Any, x: Sequence[Any]) -> Any:
    a, b = x[:3], x[3:]
    dot = _sum(u * v for u, v in zip(a, b, strict=True))
    return dot / m.sqrt(_sum(u * u for u in a) * _sum(v * v for v in b))


def _deviation(m: Any, x: Sequence[Any]) -> Any:
    mean = _sum(x) / len(x)
    return m.sqrt(_sum((v - mean) ** 2 for v in x) / len(x))


def _norm(m: Any, x: Sequence[Any]) -> Any:
    return m.sqrt(_sum(v * v for v in x))


def _horner(m: Any, x: Sequence[Any]) -> Any:
    y = 1.0
    for k in range(1, 21):
        y = y * x[0] / k + (-1.0) ** k
    return y


SMOOTH = [
    Case("nets", "two layers", _two_layers, tuple(0.3 * math.sin(i) for i in range(12))),
    Case("nets", "a recurrent net of 30 steps", _rnn(30), (0.9, 0.5, 0.1)),
    Case("nets", "a recurrent net whose gradient vanishes", _rnn(60), (0.3, 0.5, 0.1)),
    Case("nets", "a softmax's loss", _softmax_loss, (2.0, -1.0, 0.5)),
    Case("nets", "a softmax's loss that is sure", _softmax_loss, (20.0, -20.0, 0.0)),
    Case("nets", "a sigmoid unit's squared error", lambda m, x: (m.sigmoid(x[0] * 3 + x[1]) - 1) ** 2, (2.0, 1.0)),
    Case("functions", "Rosenbrock's valley", _rosenbrock, (-1.2, 1.0, 0.7)),
    Case("functions", "Rosenbrock's valley, near its end", _rosenbrock, (1.001, 1.002)),
    Case("functions", "a determinant", _determinant, (2.0, 1.0, 0.5, 0.3, 1.5, -1.0, 0.2, 0.8, 3.0)),
    Case("functions", "a cosine of two vectors", _cosine, (1.0, 2.0, -0.5, 0.4, 1.5, 2.5)),
    Case("functions", "a standard deviation", _deviation, TEN),
    Case("functions", "a norm", _norm, (3.0, -4.0, 12.0)),
    Case("functions", "hypot", lambda m, x: m.hypot(x[0], x[1]), (3.0, 4.0)),
    Case("functions", "a power of two variables", lambda m, x: x[0] ** x[1], (1.7, 2.3)),
    Case("functions", "atan2", lambda m, x: m.atan2(x[0], x[1]), (-0.3, -1.4)),
    Case("functions", "a Gaussian's tail by erf", lambda m, x: 1 - m.erf(x[0] / math.sqrt(2)), (2.0,)),
    Case("functions", "a log of a sum of exponentials", lambda m, x: m.log(_sum(m.exp(v) for v in x)), TEN),
    Case("length", "a product of 10 numbers", lambda m, x: _product(x), TEN),
    Case("length", "a sum of 300 terms", lambda m, x: _sum(m.sin(x[0] * k) / k for k in range(1, 301)), (0.7,)),
    Case("length", "30 sines of each other", _chain("sin", 30), (1.2,)),
    Case("length", "100 hyperbolic tangents of each other", _chain("tanh", 100), (0.5,)),
    Case("length", "a chaotic map of 12 steps", _logistic_map(12), (0.3,)),
    Case("length", "a chaotic map of 25 steps", _logistic_map(25), (0.3,)),
    Case("length", "a polynomial of degree 20", _horner, (3.0,)),
    Case("length", "an integral by Simpson's rule", _simpson, (0.8,)),
    Case("length", "a pendulum after 50 steps", _pendulum, (1.0, 0.5)),
    Case("length", "Kepler's equation by Newton's method", _kepler, (1.3, 0.6)),
    Case("scale", "a slope of 1e-300", lambda m, x: 1e-300 * m.sin(x[0]), (1.0,)),
    Case("scale", "a slope of 1e-12", lambda m, x: 1e-12 * m.exp(x[0]), (0.5,)),
    Case("scale", "a slope of 1e300", lambda m, x: 1e300 * m.sin(x[0]), (1.0,)),
    Case("scale", "a slope of 1e12", lambda m, x: 1e12 * m.exp(x[0]), (0.5,)),
    Case("scale", "x = 1e-300", lambda m, x: 3 * x[0] + x[0] * x[1], (1e-300, 2.0)),
    Case("scale", "x = 1e-10", lambda m, x: m.sin(x[0]) * m.exp(x[0]), (1e-10,)),
    Case("scale", "x = 1e10", lambda m, x: x[0] ** 2 + 3 * x[0], (1e10,)),
    Case("scale", "x = 1e150", lambda m, x: x[0] ** 2, (1e150,)),
    Case("scale", "hypot at 1e200", lambda m, x: m.hypot(x[0], x[1]), (3e200, 4e200)),
    Case("scale", "hypot at 1e-200", lambda m, x: m.hypot(x[0], x[1]), (3e-200, 4e-200)),
    Case("scale", "a product of 1e-160 and 1e160", lambda m, x: x[0] * x[1], (1e-160, 1e160)),
    Case("scale", "inputs of different scales", lambda m, x: m.log(x[0]) * x[1] * x[2], (1e8, 1e-8, 1.0)),
    Case("scale", "a gradient of different scales", lambda m, x: 1e8 * x[0] + 1e-8 * x[1] ** 2, (1.0, 1.0), 20),
    Case("scale", "exp at 700", lambda m, x: m.exp(x[0]), (700.0,)),
    Case("scale", "exp at -700", lambda m, x: m.exp(x[0]), (-700.0,)),
    Case("scale", "1 / x at 1e-100", lambda m, x: 1 / x[0], (1e-100,)),
    Case("scale", "x ** 100 at 1e3", lambda m, x: x[0] ** 100, (1e3,)),
    Case("scale", "log at 1e-300", lambda m, x: m.log(x[0]), (1e-300,)),
    Case("scale", "sqrt at 1e-200", lambda m, x: m.sqrt(x[0]), (1e-200,)),
]  # fmt: skip
"""Ordinary functions, and what sizes and lengths of everyday programs do to differences."""
