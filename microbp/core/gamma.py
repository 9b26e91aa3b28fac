"""The logarithm of the gamma function on floats, and its derivatives.

Python's own `math.lgamma` has lost its digits near its zeros at 1 and 2; these keep them.

Between 1.3 and 2.5 they are Taylor series about 2, below and above that the recurrence
gamma(x + 1) = x gamma(x) leads there, from FAR on they are Stirling's series, and for negative
numbers gamma(x) gamma(1 - x) = pi / sin(pi x). Abramowitz and Stegun, 6.1, 6.3 and 6.4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from math import inf, log, log1p, pi

FAR = 10.0

ZETA_LESS_1 = (
    0.6449340668482264, 0.2020569031595943, 0.08232323371113819, 0.03692775514336993,
    0.01734306198444914, 0.008349277381922827, 0.00407735619794434, 0.0020083928260822143,
    0.0009945751278180853, 0.0004941886041194645, 0.0002460865533080483, 0.00012271334757848915,
    6.124813505870483e-05, 3.058823630702049e-05, 1.528225940865187e-05, 7.637197637899763e-06,
    3.81729326499984e-06, 1.908212716553939e-06, 9.539620338727962e-07,
    *(2.0**-k + 3.0**-k + 4.0**-k for k in range(21, 41)),
)  # fmt: skip
"""zeta(k) - 1 for k = 2, 3, ..."""
ONE_LESS_EULER = 0.42278433509846713
"""1 less the Euler-Mascheroni constant: the slope at 2."""
STIRLING = 0.4189385332046727
"""log(2 pi) / 2 - 1 / 2."""


def lgamma(x: float) -> float:
    """log |gamma(x)|; inf at inf, and at 0 and the negative whole numbers."""
    if _is_pole(x):
        return inf
    if x <= -FAR:
        return -log(abs(_sin_pi(x)) / pi) - lgamma(1.0 - x)
    if x < 0.5:
        product = 1.0
        while x < 1.3:
            product *= x
            x += 1.0
        return _log_near_2(x - 2.0) - log(abs(product))
    if x < 1.3:
        return _log_near_2(x - 1.0) - log1p(x - 1.0)
    if x < FAR:
        product = 1.0
        while x > 2.5:
            x -= 1.0
            product *= x
        return log(product) + _log_near_2(x - 2.0)
    series = _polynomial(1.0 / (x * x), LGAMMA_SERIES) / x
    return (x - 0.5) * (log(x) - 1.0) + STIRLING + series


def digamma(x: float) -> float:
    """d lgamma(x) / dx; inf at inf, NaN at 0 and the negative whole numbers."""
    if _is_pole(x):
        return math.nan
    if x < 0.0:
        return digamma(1.0 - x) - pi / math.tan(pi * (x - round(x)))
    if x < 0.5:
        return _slope_near_2(x) - 1.0 / (1.0 + x) - 1.0 / x
    if x < 1.3:
        return _slope_near_2(x - 1.0) - 1.0 / x
    if x < FAR:
        reciprocals = 0.0
        while x > 2.5:
            x -= 1.0
            reciprocals += 1.0 / x
        return reciprocals + _slope_near_2(x - 2.0)
    square = 1.0 / (x * x)
    return log(x) - 0.5 / x - square * _polynomial(square, DIGAMMA_SERIES)


def polygamma(n: int, x: float) -> float:
    """The n-th derivative of digamma, for n from 1 on; 0 at inf.

    At 0 and the negative whole numbers inf for an odd n, NaN for an even one.
    """
    sign = 1.0 if n % 2 else -1.0
    if _is_pole(x):
        return inf if n % 2 else math.nan
    if x < 0.0:
        return -sign * polygamma(n, 1.0 - x) - _slope_of_cot(n, x)
    powers = 0.0
    while x < FAR + n:
        powers += _power(1.0 / x, n + 1)
        x += 1.0
    series = [
        bernoulli * math.factorial(2 * k + n - 1) / math.factorial(2 * k)
        for k, bernoulli in enumerate(BERNOULLI, 1)
    ]
    rest = (
        math.factorial(n - 1)
        + (0.5 * math.factorial(n) + _polynomial(1.0 / (x * x), series) / x) / x
    )
    return sign * (math.factorial(n) * powers + _power(1.0 / x, n) * rest)


def _power(x: float, n: int) -> float:
    """x to the power n, inf where it overflows."""
    whole = 1.0
    for _ in range(n):
        whole *= x
    return whole


def _slope_of_cot(n: int, x: float) -> float:
    """The n-th derivative of pi cot(pi x): pi^(n + 1) times a polynomial in cot(pi x)."""
    coefficients = [0.0, 1.0]
    for _ in range(n):  # d cot = -(1 + cot^2)
        slope = [-k * c for k, c in enumerate(coefficients)][1:]
        coefficients = [a + b for a, b in zip([*slope, 0.0, 0.0], [0.0, 0.0, *slope], strict=True)]
    cot = 1.0 / math.tan(pi * (x - round(x)))
    return _power(pi, n + 1) * _polynomial(cot, coefficients)


def _is_pole(x: float) -> bool:
    """Whether x is 0 or a negative whole number, as all large negative numbers are."""
    return x <= 0.0 and (x.is_integer() or x == -inf)


def _sin_pi(x: float) -> float:
    """sin(pi x), without rounding pi x; up to its sign."""
    return math.sin(pi * (x - round(x)))


def _log_near_2(z: float) -> float:
    """log gamma(2 + z), for z from -0.7 to 0.5."""
    return z * (ONE_LESS_EULER + z * _polynomial(-z, LOG_NEAR_2))


def _slope_near_2(z: float) -> float:
    """Its derivative."""
    return ONE_LESS_EULER + z * _polynomial(-z, ZETA_LESS_1)


def _polynomial(x: float, coefficients: Sequence[float]) -> float:
    """c0 + c1 x + c2 x^2 + ..."""
    *rest, whole = coefficients
    for coefficient in reversed(rest):
        whole = coefficient + x * whole
    return whole


LOG_NEAR_2 = tuple(zeta / k for k, zeta in enumerate(ZETA_LESS_1, 2))
LGAMMA_SERIES = (
    1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400,
)  # fmt: skip
DIGAMMA_SERIES = (
    1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12, -3617 / 8160,
)  # fmt: skip
BERNOULLI = (
    1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510,
)  # fmt: skip
