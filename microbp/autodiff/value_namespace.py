"""Mathematics on Values: the namespace `m` in which an operation's partials are Values too.

Where a formula divides by zero or takes a power of it, so that the partial is infinite, the
result is inf as in `microbp.core.floats`, and not a DomainError. A function that branches on a
number compares the Value, which marks the graph as one that other numbers might change.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import isinf, nan
from typing import Any, TypeVar

from microbp.core import ops
from microbp.core.engine import Value, apply
from microbp.core.functions import Scalar, as_value, data_of, total
from microbp.core.functions import acos as acos
from microbp.core.functions import acosh as acosh
from microbp.core.functions import asin as asin
from microbp.core.functions import asinh as asinh
from microbp.core.functions import atan as atan
from microbp.core.functions import atan2 as atan2
from microbp.core.functions import atanh as atanh
from microbp.core.functions import cbrt as cbrt
from microbp.core.functions import cos as cos
from microbp.core.functions import cosh as cosh
from microbp.core.functions import digamma as digamma
from microbp.core.functions import erf as erf
from microbp.core.functions import erfc as erfc
from microbp.core.functions import exp as exp
from microbp.core.functions import exp2 as exp2
from microbp.core.functions import expm1 as expm1
from microbp.core.functions import hypot as hypot
from microbp.core.functions import lgamma as lgamma
from microbp.core.functions import log1p as log1p
from microbp.core.functions import log2 as log2
from microbp.core.functions import log10 as log10
from microbp.core.functions import logaddexp as logaddexp
from microbp.core.functions import maximum as maximum
from microbp.core.functions import minimum as minimum
from microbp.core.functions import relu as relu
from microbp.core.functions import sigmoid as sigmoid
from microbp.core.functions import sin as sin
from microbp.core.functions import sinh as sinh
from microbp.core.functions import softplus as softplus
from microbp.core.functions import sqrt as sqrt
from microbp.core.functions import tan as tan
from microbp.core.functions import tanh as tanh

T = TypeVar("T")

_DIVIDE = replace(
    ops.DIV,
    value=lambda m, a, b: m.divide(a, b),
    partials=lambda m, y, a, b: (m.divide(1.0, b), -m.divide(y, b)),
    domain=None,
)
_POW = replace(ops.POW, domain=None)
_LOG = replace(ops.LOG, partials=lambda m, y, x: (m.divide(1.0, x),), domain=None)


def divide(a: Scalar, b: Scalar) -> Value:
    """a / b; +-inf or NaN where b is 0."""
    return apply(_DIVIDE, as_value(a, "div"), as_value(b, "div"))


def pow(a: Scalar, b: Scalar) -> Value:
    """a to the power b; inf or NaN where `**` raises DomainError."""
    return apply(_POW, as_value(a, "pow"), as_value(b, "pow"))


def log(x: Scalar) -> Value:
    """The natural logarithm; -inf at 0."""
    return apply(_LOG, as_value(x, "log"))


def times(a: Scalar, b: Scalar) -> Any:
    """a * b, but 0 for 0 times infinity."""
    x, y = data_of(a), data_of(b)
    if (isinf(x) and y == 0.0) or (isinf(y) and x == 0.0):
        return Value(0.0)
    return as_value(a, "mul") * b


def logsumexp(*xs: Scalar) -> Any:
    """log of the sum of exp(x)."""
    return apply(ops.LOGSUMEXP, *(as_value(x, "logsumexp") for x in xs))


def softmax(*xs: Scalar) -> tuple[Value, ...]:
    """exp(x) of each number, divided by the sum over all; infinite ones share equally."""
    top = max(map(data_of, xs))
    shares = [
        1.0 if isinf(top) and data_of(x) == top else exp(as_value(x, "softmax") - top) for x in xs
    ]
    all_shares = total(shares)
    return tuple(share / all_shares for share in shares)


def polygamma(n: int, x: Scalar) -> Value:
    """The n-th derivative of digamma."""
    return apply(_polygamma(n), as_value(x, "polygamma"))


@cache
def _polygamma(n: int) -> ops.Op:
    return ops.Op(
        f"polygamma{n}",
        f"polygamma{n}",
        value=lambda m, x: m.polygamma(n, x),
        partials=lambda m, y, x: (m.polygamma(n + 1, x),),
    )


def sign(x: Scalar) -> float:
    """-1, 0 or 1; its derivative is 0 wherever it has one."""
    if x > 0.0:
        return 1.0
    return -1.0 if x < 0.0 else 0.0 * data_of(x)


def step(a: Scalar, b: Scalar, tie: float) -> float:
    """1, `tie` or 0 as a is above, at or below b; its derivative is 0 wherever it has one."""
    if a > b:
        return 1.0
    return 0.0 if a < b else (tie if a <= b else nan)


def where(condition: bool, then: T, otherwise: T) -> T:
    """`then` where the condition holds, else `otherwise`."""
    return then if condition else otherwise
