"""The operations as methods: `x.sin()`, and by NumPy's names, as its functions look for them.

`np.sin` of an object array calls `sin()` of each element, `np.arctan` calls `arctan()`.
"""

from __future__ import annotations

import math
from typing import Any, TypeVar

from microbp.core import ops
from microbp.core.ops import Op
from microbp.core.python.node import Node

M = TypeVar("M", bound="Methods")


class Methods(Node):
    """What `Value` has beside operators and the five functions of every net."""

    __slots__ = ()

    def _computed(self: M, op: Op, *others: Any) -> M:
        raise NotImplementedError

    def expm1(self: M) -> M:
        """exp(self) - 1, with every digit near 0; see `microbp.expm1`."""
        return self._computed(ops.EXPM1)

    def log1p(self: M) -> M:
        """log(1 + self), with every digit near 0; see `microbp.log1p`."""
        return self._computed(ops.LOG1P)

    def log2(self: M) -> M:
        """The logarithm to base 2; see `microbp.log2`."""
        return self._computed(ops.LOG2)

    def log10(self: M) -> M:
        """The logarithm to base 10; see `microbp.log10`."""
        return self._computed(ops.LOG10)

    def exp2(self: M) -> M:
        """2 to the power of self; see `microbp.exp2`."""
        return self._computed(ops.EXP2)

    def cbrt(self: M) -> M:
        """The cube root; see `microbp.cbrt`."""
        return self._computed(ops.CBRT)

    def sqrt(self: M) -> M:
        """The square root; see `microbp.sqrt`."""
        return self._computed(ops.SQRT)

    def sin(self: M) -> M:
        """The sine; see `microbp.sin`."""
        return self._computed(ops.SIN)

    def cos(self: M) -> M:
        """The cosine; see `microbp.cos`."""
        return self._computed(ops.COS)

    def tan(self: M) -> M:
        """The tangent; see `microbp.tan`."""
        return self._computed(ops.TAN)

    def asin(self: M) -> M:
        """The arcsine; see `microbp.asin`."""
        return self._computed(ops.ASIN)

    def acos(self: M) -> M:
        """The arccosine; see `microbp.acos`."""
        return self._computed(ops.ACOS)

    def atan(self: M) -> M:
        """The arctangent; see `microbp.atan`."""
        return self._computed(ops.ATAN)

    def sinh(self: M) -> M:
        """The hyperbolic sine; see `microbp.sinh`."""
        return self._computed(ops.SINH)

    def cosh(self: M) -> M:
        """The hyperbolic cosine; see `microbp.cosh`."""
        return self._computed(ops.COSH)

    def asinh(self: M) -> M:
        """The inverse hyperbolic sine; see `microbp.asinh`."""
        return self._computed(ops.ASINH)

    def acosh(self: M) -> M:
        """The inverse hyperbolic cosine; see `microbp.acosh`."""
        return self._computed(ops.ACOSH)

    def atanh(self: M) -> M:
        """The inverse hyperbolic tangent; see `microbp.atanh`."""
        return self._computed(ops.ATANH)

    def softplus(self: M) -> M:
        """log(1 + exp(self)), a smooth relu; see `microbp.softplus`."""
        return self._computed(ops.SOFTPLUS)

    def erf(self: M) -> M:
        """The error function; see `microbp.erf`."""
        return self._computed(ops.ERF)

    def erfc(self: M) -> M:
        """1 - erf(self); see `microbp.erfc`."""
        return self._computed(ops.ERFC)

    def lgamma(self: M) -> M:
        """The logarithm of the gamma function; see `microbp.lgamma`."""
        return self._computed(ops.LGAMMA)

    def digamma(self: M) -> M:
        """The derivative of lgamma; see `microbp.digamma`."""
        return self._computed(ops.DIGAMMA)

    def leaky_relu(self: M, slope: Any = ops.LEAK) -> M:
        """self above 0, else slope * self; see `microbp.leaky_relu`."""
        if type(slope) is float and slope == ops.LEAK:
            return self._computed(ops.LEAKY_RELU)
        return self._computed(ops.WHERE_POSITIVE, self, self._computed(ops.MUL, slope))

    def elu(self: M, alpha: Any = 1.0) -> M:
        """self above 0, else alpha * (exp(self) - 1); see `microbp.elu`."""
        below = self._computed(ops.MINIMUM, 0.0)._computed(ops.EXPM1)._computed(ops.MUL, alpha)
        return self._computed(ops.WHERE_POSITIVE, self, below)

    def silu(self: M) -> M:
        """self * sigmoid(self); see `microbp.silu`."""
        return self._computed(ops.SILU)

    def gelu(self: M) -> M:
        """0.5 * self * erfc(-self / sqrt(2)); see `microbp.gelu`."""
        return self._computed(ops.GELU)

    def atan2(self: M, x: Any) -> M:
        """The angle of the point (x, self); see `microbp.atan2`."""
        return self._computed(ops.ATAN2, x)

    def hypot(self: M, other: Any) -> M:
        """The length of the vector (self, other); see `microbp.hypot`."""
        return self._computed(ops.HYPOT, other)

    def logaddexp(self: M, other: Any) -> M:
        """log(exp(self) + exp(other)); see `microbp.logaddexp`."""
        return self._computed(ops.LOGADDEXP, other)

    def maximum(self: M, *others: Any) -> M:
        """The largest of self and others; see `microbp.maximum`."""
        return self._computed(ops.MAXIMUM if len(others) == 1 else ops.LARGEST, *others)

    def minimum(self: M, *others: Any) -> M:
        """The smallest of self and others; see `microbp.minimum`."""
        return self._computed(ops.MINIMUM if len(others) == 1 else ops.SMALLEST, *others)

    def clip(self: M, min: Any = None, max: Any = None) -> M:
        """self, but at least `min` and at most `max`; see `microbp.clip`."""
        y = self if min is None else self.maximum(min)
        return y if max is None else y.minimum(max)

    def clamp(self: M, min: Any = None, max: Any = None) -> M:
        """self, but at least `min` and at most `max`; see `microbp.clip`."""
        y = self if min is None else self.maximum(min)
        return y if max is None else y.minimum(max)

    def square(self: M) -> M:
        """self times itself."""
        return self._computed(ops.MUL, self)

    def abs(self: M) -> M:
        """The absolute value, as abs(self)."""
        return self._computed(ops.ABS)

    def conjugate(self: M) -> M:
        """Itself, as a real number is; `np.var` and `np.vdot` ask for it."""
        return self

    def rint(self) -> float:
        """The nearest whole number, a plain one, as round(self); `np.round` asks for it."""
        x = self._data
        return math.copysign(round(x), x) if math.isfinite(x) else x

    def arcsin(self: M) -> M:
        """`asin`, by NumPy's name."""
        return self.asin()

    def arccos(self: M) -> M:
        """`acos`, by NumPy's name."""
        return self.acos()

    def arctan(self: M) -> M:
        """`atan`, by NumPy's name."""
        return self.atan()

    def arctan2(self: M, x: Any) -> M:
        """`atan2`, by NumPy's name."""
        return self.atan2(x)

    def arcsinh(self: M) -> M:
        """`asinh`, by NumPy's name."""
        return self.asinh()

    def arccosh(self: M) -> M:
        """`acosh`, by NumPy's name."""
        return self.acosh()

    def arctanh(self: M) -> M:
        """`atanh`, by NumPy's name."""
        return self.atanh()


for _name, _method in vars(Methods).items():
    if callable(_method):
        _method.__qualname__ = _name  # in Python's own errors about arguments, as Cython has it
