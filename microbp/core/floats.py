"""Mathematics on floats as IEEE 754 has it: the namespace `m` of the eager engine.

Python's own `math` raises where a result overflows (`math.exp(1000)`) or is infinite
(`math.log(0.0)`). Here the result is what the IEEE standard says, inf or NaN, and NaN
passes through; whether a value exists at all is for an operation's domain to say.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from math import asinh as asinh
from math import atan as atan
from math import atan2 as atan2
from math import copysign, inf, isinf, isnan, nan
from math import erf as erf
from math import erfc as erfc
from math import tanh as tanh
from typing import TypeVar

from microbp.core.gamma import digamma as digamma
from microbp.core.gamma import lgamma as lgamma
from microbp.core.gamma import polygamma as polygamma

T = TypeVar("T")


def _ieee(function: Callable[[float], float]) -> Callable[[float], float]:
    """The given function of one number, with NaN instead of Python's ValueError."""

    def total(x: float) -> float:
        try:
            return function(x)
        except ValueError:
            return nan

    return total


sin = _ieee(math.sin)
cos = _ieee(math.cos)
tan = _ieee(math.tan)
asin = _ieee(math.asin)
acos = _ieee(math.acos)
sqrt = _ieee(math.sqrt)
acosh = _ieee(math.acosh)


def exp(x: float) -> float:
    """e to the power x; inf beyond 709.78, 0 below -745.13."""
    try:
        return math.exp(x)
    except OverflowError:
        return inf


def expm1(x: float) -> float:
    """exp(x) - 1, to full precision near 0."""
    try:
        return math.expm1(x)
    except OverflowError:
        return inf


def log(x: float) -> float:
    """The natural logarithm; -inf at 0, NaN below."""
    return math.log(x) if x > 0.0 else (-inf if x == 0.0 else nan)


def log2(x: float) -> float:
    """The logarithm to base 2; -inf at 0, NaN below."""
    return math.log2(x) if x > 0.0 else (-inf if x == 0.0 else nan)


def log10(x: float) -> float:
    """The logarithm to base 10; -inf at 0, NaN below."""
    return math.log10(x) if x > 0.0 else (-inf if x == 0.0 else nan)


def exp2(x: float) -> float:
    """2 to the power x; inf from 1024 on."""
    return pow(2.0, x)


def cbrt(x: float) -> float:
    """The cube root, of negative numbers too."""
    if x == 0.0 or not math.isfinite(x):
        return x
    mantissa, exponent = math.frexp(x)
    shift = exponent % 3
    size = math.ldexp(abs(mantissa), shift)  # from 1/2 to 4
    root = math.pow(size, 1.0 / 3.0)
    root -= (root * root * root - size) / (3.0 * root * root)  # as 1 / 3 is rounded
    return copysign(math.ldexp(root, (exponent - shift) // 3), x)


def atanh(x: float) -> float:
    """The inverse hyperbolic tangent; +-inf at +-1, NaN beyond."""
    return math.atanh(x) if abs(x) < 1.0 else (copysign(inf, x) if abs(x) == 1.0 else nan)


def log1p(x: float) -> float:
    """log(1 + x), to full precision near 0; -inf at -1, NaN below."""
    return math.log1p(x) if x > -1.0 else (-inf if x == -1.0 else nan)


def sinh(x: float) -> float:
    """The hyperbolic sine; +-inf beyond +-710.47."""
    try:
        return math.sinh(x)
    except OverflowError:
        return copysign(inf, x)


def cosh(x: float) -> float:
    """The hyperbolic cosine; inf beyond +-710.47."""
    try:
        return math.cosh(x)
    except OverflowError:
        return inf


def hypot(a: float, b: float) -> float:
    """The length of (a, b), without overflow on the way; C's hypot, as `math.hypot` is not."""
    try:
        return abs(complex(a, b))
    except OverflowError:
        return inf


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow and to full precision at both ends."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    tail = math.exp(x)
    return tail / (1.0 + tail)


def softplus(x: float) -> float:
    """log(1 + exp(x)), without overflow and to full precision at both ends."""
    return logaddexp(x, 0.0)


def logaddexp(a: float, b: float) -> float:
    """log(exp(a) + exp(b)), without overflow."""
    if isnan(a) or isnan(b):
        return nan
    top = max(a, b)
    return top if isinf(top) else top + math.log1p(math.exp(-abs(a - b)))


def logsumexp(*xs: float) -> float:
    """log of the sum of exp(x), without overflow; -inf for no terms at all."""
    if any(map(isnan, xs)):
        return nan
    top = max(xs, default=-inf)
    if isinf(top):
        return top
    rest = list(xs)
    rest.remove(top)
    return top + math.log1p(math.fsum(math.exp(x - top) for x in rest))


def softmax(*xs: float) -> tuple[float, ...]:
    """exp(x) of each number, divided by the sum over all; infinite ones share equally."""
    top = max(xs, default=0.0)
    shares = [1.0 if x == top else exp(x - top) for x in xs]
    whole = math.fsum(shares)
    return tuple(share / whole for share in shares)


def relu(x: float) -> float:
    """x above 0, else 0."""
    return x if x > 0.0 or isnan(x) else 0.0


def maximum(a: float, b: float) -> float:
    """The larger of two numbers; NaN if either is."""
    return a if a >= b or isnan(a) else b


def minimum(a: float, b: float) -> float:
    """The smaller of two numbers; NaN if either is."""
    return a if a <= b or isnan(a) else b


def _is_odd(b: float) -> bool:
    return abs(math.fmod(b, 2.0)) == 1.0  # exact, as b % 2 is not


def pow(a: float, b: float) -> float:
    """a to the power b as C's pow: inf where it overflows or divides by zero, NaN if not real."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -inf if a < 0.0 and _is_odd(b) else inf
    except ValueError:
        if a == 0.0:
            return copysign(inf, a) if _is_odd(b) else inf
        return nan


def times(a: float, b: float) -> float:
    """a * b, but 0 for 0 times infinity: x * sigmoid(x) vanishes at -inf."""
    if (a == 0.0 and isinf(b)) or (b == 0.0 and isinf(a)):
        return 0.0
    return a * b


def divide(a: float, b: float) -> float:
    """a / b, with +-inf or NaN where Python raises ZeroDivisionError."""
    if b != 0.0:
        return a / b
    return nan if a == 0.0 or isnan(a) else copysign(inf, a) * copysign(1.0, b)


def sign(x: float) -> float:
    """-1, 0 or 1 as x is below, at or above 0; NaN for NaN."""
    return copysign(1.0, x) if x != 0.0 and not isnan(x) else x * 0.0


def step(a: float, b: float, tie: float) -> float:
    """1 where a > b, 0 where a < b, `tie` where they are equal; NaN if either is."""
    if a > b:
        return 1.0
    return 0.0 if a < b else (tie if a == b else nan)


def where(condition: bool, then: T, otherwise: T) -> T:
    """`then` where the condition holds, else `otherwise`."""
    return then if condition else otherwise
