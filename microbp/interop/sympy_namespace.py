"""Mathematics on formulas: the namespace `m` over SymPy.

Symbols are taken as real, but SymPy isn't told so: its functions of complex numbers that have no
derivative, such as Abs, are avoided.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy import acos as acos
from sympy import acosh as acosh
from sympy import asin as asin
from sympy import asinh as asinh
from sympy import atan as atan
from sympy import atan2 as atan2
from sympy import atanh as atanh
from sympy import cos as cos
from sympy import digamma as digamma
from sympy import erf as erf
from sympy import erfc as erfc
from sympy import exp as exp
from sympy import log as log
from sympy import polygamma as polygamma
from sympy import sin as sin
from sympy import sqrt as sqrt
from sympy import tan as tan

WHOLE_BITS = 53
"""The most bits that a whole number has before it is rounded to a float, lest it grow forever."""
WHOLE_POWER = 1000
"""The largest power that SymPy takes exactly."""


def number(x: float) -> Any:
    """A float as SymPy's: whole numbers are exact."""
    if x != x:
        return sympy.nan
    if x in (float("inf"), float("-inf")):
        return sympy.oo if x > 0.0 else -sympy.oo
    if x.is_integer() and abs(x) < 2.0**WHOLE_BITS:
        return sympy.Integer(int(x))
    return sympy.Float(x)


def rounded(y: Any) -> Any:
    """The formula, with a whole or rational coefficient rounded to a float where it is long."""
    coefficient, rest = y.as_coeff_Mul(rational=True)
    if max(coefficient.p.bit_length(), coefficient.q.bit_length()) > WHOLE_BITS:
        return sympy.Float(coefficient) * rest
    return y


# Unevaluated, as SymPy takes ages to find out that it knows nothing of tanh(tanh(x)).
def sinh(x: Any) -> Any:
    """The hyperbolic sine."""
    return sympy.sinh(x, evaluate=False)


def cosh(x: Any) -> Any:
    """The hyperbolic cosine."""
    return sympy.cosh(x, evaluate=False)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent."""
    return sympy.tanh(x, evaluate=False)


def expm1(x: Any) -> Any:
    """exp(x) - 1."""
    return sympy.exp(x) - 1


def log1p(x: Any) -> Any:
    """log(1 + x)."""
    return sympy.log(1 + x)


def log2(x: Any) -> Any:
    """The logarithm to base 2."""
    return sympy.log(x) / sympy.log(2)


def log10(x: Any) -> Any:
    """The logarithm to base 10."""
    return sympy.log(x) / sympy.log(10)


def exp2(x: Any) -> Any:
    """2 to the power x."""
    return 2**x


def cbrt(x: Any) -> Any:
    """The real cube root: SymPy's own is complex below 0."""
    return x / (x**2) ** sympy.Rational(1, 3)


def lgamma(x: Any) -> Any:
    """log |gamma(x)|; SymPy's loggamma is complex where gamma is negative."""
    return sympy.log(sympy.gamma(x) ** 2) / 2


def times(a: Any, b: Any) -> Any:
    """a * b."""
    return a * b


def hypot(a: Any, b: Any) -> Any:
    """sqrt(a^2 + b^2)."""
    return sympy.sqrt(a**2 + b**2)


def sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x))."""
    return 1 / (1 + sympy.exp(-x))


def softplus(x: Any) -> Any:
    """log(1 + exp(x))."""
    return sympy.log(1 + sympy.exp(x))


def logaddexp(a: Any, b: Any) -> Any:
    """log(exp(a) + exp(b))."""
    return logsumexp(a, b)


def logsumexp(*xs: Any) -> Any:
    """log of the sum of exp(x)."""
    return sympy.log(sympy.Add(*map(sympy.exp, xs)))


def softmax(*xs: Any) -> tuple[Any, ...]:
    """exp(x) of each, divided by the sum over all."""
    shares = [sympy.exp(x) for x in xs]
    return tuple(share / sympy.Add(*shares) for share in shares)


def total(*xs: Any) -> Any:
    """The sum, made at once: term by term, SymPy sorts it anew for each."""
    return sympy.Add(*xs)


def dot(*operands: Any) -> Any:
    """The weights, then as many activities, then the bias: their products, then the bias."""
    terms = len(operands) // 2
    products = [w * y for w, y in zip(operands[:terms], operands[terms:-1], strict=True)]
    return sympy.Add(*products, operands[-1])


def absolute(x: Any) -> Any:
    """The larger of x and -x: unlike Abs, it has a derivative."""
    return sympy.Max(x, -x)


def where_positive(c: Any, a: Any, b: Any) -> Any:
    """a where c > 0, else b; without the case that the table has for a c that is NaN."""
    return where(c > 0, a, b)


def relu(x: Any) -> Any:
    """The larger of 0 and x."""
    return sympy.Max(0, x)


def largest(*xs: Any) -> Any:
    """The largest."""
    return sympy.Max(*xs)


def smallest(*xs: Any) -> Any:
    """The smallest."""
    return sympy.Min(*xs)


def maximum(a: Any, b: Any) -> Any:
    """The larger of two."""
    return sympy.Max(a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two."""
    return sympy.Min(a, b)


def pow(a: Any, b: Any) -> Any:
    """a to the power b."""
    return a ** (sympy.Float(b) if b.is_Integer and abs(b) > WHOLE_POWER else b)


def divide(a: Any, b: Any) -> Any:
    """a / b."""
    return a / b


def sign(x: Any) -> Any:
    """-1, 0 or 1."""
    return where(x > 0, 1, where(x < 0, -1, 0))


def step(a: Any, b: Any, tie: float) -> Any:
    """1, `tie` or 0 as a is above, at or below b."""
    return where(a > b, 1, where(a < b, 0, tie))


def where(condition: Any, then: Any, otherwise: Any) -> Any:
    """`then` where the condition holds, else `otherwise`."""
    if condition in (True, False):
        return then if condition else otherwise
    return sympy.Piecewise((then, condition), (otherwise, True), evaluate=False)
