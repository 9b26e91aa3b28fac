"""The table of operations: the value and the partials of each.

An operation states its value and its partials once, as Python expressions over a
mathematics namespace `m` and its operands. Given `microbp.core.floats` and floats, they are the
eager engine; other namespaces (dual numbers, mpmath, arrays) read the same formulas.

It imports nothing but the standard library, as setup.py runs it to number the operations for C.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeAlias

Formula: TypeAlias = Callable[..., Any]


class DomainError(ValueError, ArithmeticError):
    """An operation has no value at these operands: log(-1), 1 / 0, (-8) ** 0.5."""


@dataclass(frozen=True, slots=True)
class Domain:
    """Where an operation has a value: a sentence for people, and a test of float operands.

    The test lets NaN through, so that NaN gives NaN and not an error.
    """

    sentence: str
    holds: Callable[..., bool]


@dataclass(frozen=True, slots=True, eq=False)
class Op:
    """One operation of the table, compared by identity and pickled by name.

    name: as in `microbp.<name>`. symbol: as a picture shows it.
    value(m, *operands): the result.
    partials(m, y, *operands): one derivative of the result y for each operand.
    domain: where there is a value, None for everywhere.
    kinks(m, *operands): an expression that is zero just where the value or a derivative jumps or
    is infinite on both sides, and `partials` gives the documented choice; None where none ever is.
    builtin: whether it is one of this table, whose formulas also hold for arrays.

    >>> from microbp.core import floats
    >>> table["mul"].partials(floats, 6.0, 2.0, 3.0)
    (3.0, 2.0)
    """

    name: str
    symbol: str
    value: Formula
    partials: Formula
    domain: Domain | None = None
    kinks: Formula | None = None
    builtin: bool = False
    arity: int | None = field(init=False)
    """How many operands it takes; None for any number."""

    def __post_init__(self) -> None:
        operands = list(inspect.signature(self.value).parameters.values())[1:]
        variadic = any(operand.kind is operand.VAR_POSITIONAL for operand in operands)
        object.__setattr__(self, "arity", None if variadic else len(operands))

    def __repr__(self) -> str:
        return f"<op {self.name}>"

    def __reduce__(self) -> tuple[Callable[[str], Op], tuple[str]]:
        return _by_name, (self.name,)


def _by_name(name: str) -> Op:
    return CUSTOM if name == CUSTOM.name else table[name]


ALL_WHOLE = 2.0**53
"""All floats beyond are whole, and even."""
NORMAL_TOP = 1.0 / math.sqrt(2.0 * math.pi)
"""The standard normal density at 0."""


def _pow_has_value(a: float, b: float) -> bool:
    if a < 0.0:
        return b.is_integer() or not math.isfinite(b)
    return a != 0.0 or not b < 0.0


def _pow_partials(m: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """b * a ** (b - 1) and y * log(a).

    x ** 0 is 1 everywhere, so its derivative is 0 even at 0; 0 ** b is 0 for every b > 0. A
    negative base admits whole exponents only: such an exponent can't move, and gets 0.
    """
    base = m.where(a <= 0, 1.0, a)
    sign = m.where((a < 0) & (abs(b) > ALL_WHOLE), -1.0, 1.0)  # b - 1 is odd, and rounded to even
    # An exponent below 1, less 1, is rounded; and a plain 0 for b = 0 would lose d 0 / db, 1 / a.
    whole = (b <= -1) | (b >= 1) | ((a <= 0) & (b > 0))
    by_base = m.where(whole, sign * b * m.pow(a, b - 1), b * y / base)
    by_exponent = m.where(a <= 0, 0.0, y * m.log(base))
    return by_base, by_exponent


def _over_hypot(m: Any, h: Any, a: Any, b: Any) -> tuple[Any, Any]:
    """The sine and the cosine of the direction of (b, a), which is h long; 0 at the origin.

    An infinite operand is longer than any finite one, and as long as another infinite one.
    """
    scale = m.where(h > 1, 0.5, 1.0)  # for the length of two large numbers overflows
    a, b = scale * a, scale * b
    finite = abs(a) + abs(b) < math.inf
    a, b = (m.where(finite, x, m.where(abs(x) < math.inf, 0.0, m.sign(x))) for x in (a, b))
    length = m.where(h <= 0, 1.0, m.hypot(a, b))
    return m.where(h <= 0, 0.0, a / length), m.where(h <= 0, 0.0, b / length)


def _atan2_partials(m: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    h = m.hypot(a, b)
    sine, cosine = _over_hypot(m, h, a, b)
    length = m.where(h <= 0, 1.0, h)
    return cosine / length, -sine / length


def _silu(m: Any, x: Any) -> Any:
    """x * sigmoid(x), to full precision where sigmoid(x) has underflowed; 0 at -inf."""
    root = m.exp(-0.5 * abs(x))
    return m.where(x > 0, x, m.times(x, root) * root) / (1.0 + root * root)


def _normal(m: Any, x: Any) -> Any:
    """The probability that a standard normal number is less than x."""
    return 0.5 * m.erfc(-x / m.sqrt(2.0))


def _total(m: Any, *xs: Any) -> Any:
    """The sum from left to right; the built-in sum rounds otherwise from Python 3.12 on."""
    whole = xs[0] if xs else 0.0
    for x in xs[1:]:
        whole = whole + x
    return whole


def _dot(m: Any, *operands: Any) -> Any:
    """The weights, then as many activities, then the bias: their products, then the bias."""
    terms = len(operands) // 2
    if terms == 0:
        return operands[0]
    whole = operands[0] * operands[terms]
    for w, y in zip(operands[1:terms], operands[terms + 1 : -1], strict=True):
        whole = whole + w * y
    return whole + operands[-1]


def _dot_partials(m: Any, y: Any, *operands: Any) -> tuple[Any, ...]:
    terms = len(operands) // 2
    return (*operands[terms:-1], *operands[:terms], 1.0)


def _shared_equally(m: Any, y: Any, *xs: Any) -> tuple[Any, ...]:
    """1 for the operand that is the result, 0 for the others; a tie shares the 1 equally."""
    tied = [m.step(x, y, tie=1.0) * m.step(y, x, tie=1.0) for x in xs]
    return tuple(one / _total(m, *tied) for one in tied)


def _lead(better: Any, worse: Any, xs: Any) -> Any:
    """By how much the best of the operands leads the second best."""
    first, *others = xs
    second = None
    for x in others:
        second = worse(first, x) if second is None else better(second, worse(first, x))
        first = better(first, x)
    return 1.0 if second is None else first - second


def _finite(name: str) -> Domain:
    return Domain(f"the {name} is defined for finite numbers", lambda x: not math.isinf(x))


def _no_pole(name: str) -> Domain:
    return Domain(
        f"the {name} is defined for all numbers but 0 and the negative whole ones",
        lambda x: not (x <= 0.0 and (x.is_integer() or math.isinf(x))),
    )


LEAK = 0.01
"""The slope of `leaky_relu` below 0."""

_builtins: list[Op] = []


def _builtin(
    name: str,
    symbol: str,
    value: Formula,
    partials: Formula,
    domain: Domain | None = None,
    kinks: Formula | None = None,
) -> Op:
    op = Op(name, symbol, value, partials, domain, kinks, builtin=True)
    _builtins.append(op)
    return op


ADD = _builtin("add", "+", lambda m, a, b: a + b, lambda m, y, a, b: (1.0, 1.0))
SUB = _builtin("sub", "-", lambda m, a, b: a - b, lambda m, y, a, b: (1.0, -1.0))
MUL = _builtin("mul", "×", lambda m, a, b: a * b, lambda m, y, a, b: (b, a))
DIV = _builtin(
    "div",
    "÷",
    value=lambda m, a, b: a / b,
    partials=lambda m, y, a, b: (1.0 / b, -y / b),
    domain=Domain("the quotient is defined for a divisor other than 0", lambda a, b: b != 0.0),
)
NEG = _builtin("neg", "-", lambda m, x: -x, lambda m, y, x: (-1.0,))
POW = _builtin(
    "pow",
    "^",
    value=lambda m, a, b: m.pow(a, b),
    partials=_pow_partials,
    domain=Domain(
        "the power is defined for a base above 0, for 0 to a power of at least 0, "
        "and for a negative base to a whole power",
        _pow_has_value,
    ),
    kinks=lambda m, a, b: m.hypot(a, b),
)
ABS = _builtin(
    "abs",
    "|x|",
    value=lambda m, x: abs(x),
    partials=lambda m, y, x: (m.sign(x),),
    kinks=lambda m, x: x,
)
EXP = _builtin("exp", "exp", lambda m, x: m.exp(x), lambda m, y, x: (y,))
EXPM1 = _builtin("expm1", "expm1", lambda m, x: m.expm1(x), lambda m, y, x: (m.exp(x),))
_ABOVE_0 = Domain("the logarithm is defined for numbers above 0", lambda x: not x <= 0.0)
LOG = _builtin(
    "log",
    "log",
    value=lambda m, x: m.log(x),
    partials=lambda m, y, x: (1.0 / x,),
    domain=_ABOVE_0,
)
LOG1P = _builtin(
    "log1p",
    "log1p",
    value=lambda m, x: m.log1p(x),
    partials=lambda m, y, x: (1.0 / (1.0 + x),),
    domain=Domain("log(1 + x) is defined for numbers above -1", lambda x: not x <= -1.0),
)
LOG2 = _builtin(
    "log2",
    "log2",
    value=lambda m, x: m.log2(x),
    partials=lambda m, y, x: (1.0 / math.log(2.0) / x,),
    domain=_ABOVE_0,
)
LOG10 = _builtin(
    "log10",
    "log10",
    value=lambda m, x: m.log10(x),
    partials=lambda m, y, x: (1.0 / math.log(10.0) / x,),
    domain=_ABOVE_0,
)
EXP2 = _builtin("exp2", "exp2", lambda m, x: m.exp2(x), lambda m, y, x: (math.log(2.0) * y,))
SQRT = _builtin(
    "sqrt",
    "√",
    value=lambda m, x: m.sqrt(x),
    partials=lambda m, y, x: (m.divide(0.5, abs(y)),),  # abs, as sqrt(-0.0) is -0.0
    domain=Domain("the square root is defined for numbers from 0 on", lambda x: not x < 0.0),
)
CBRT = _builtin(
    "cbrt",
    "∛",
    value=lambda m, x: m.cbrt(x),
    partials=lambda m, y, x: (m.divide(1.0, 3.0 * y * y),),
    kinks=lambda m, x: x,
)
SIN = _builtin("sin", "sin", lambda m, x: m.sin(x), lambda m, y, x: (m.cos(x),), _finite("sine"))
COS = _builtin("cos", "cos", lambda m, x: m.cos(x), lambda m, y, x: (-m.sin(x),), _finite("cosine"))
TAN = _builtin(
    "tan", "tan", lambda m, x: m.tan(x), lambda m, y, x: (1.0 + y * y,), _finite("tangent")
)
ASIN = _builtin(
    "asin",
    "asin",
    value=lambda m, x: m.asin(x),
    partials=lambda m, y, x: (m.divide(1.0, m.sqrt((1.0 - x) * (1.0 + x))),),
    domain=Domain("the arcsine is defined from -1 to 1", lambda x: not abs(x) > 1.0),
)
ACOS = _builtin(
    "acos",
    "acos",
    value=lambda m, x: m.acos(x),
    partials=lambda m, y, x: (-m.divide(1.0, m.sqrt((1.0 - x) * (1.0 + x))),),
    domain=Domain("the arccosine is defined from -1 to 1", lambda x: not abs(x) > 1.0),
)
ATAN = _builtin(
    "atan",
    "atan",
    value=lambda m, x: m.atan(x),
    partials=lambda m, y, x: ((s := 1.0 / m.hypot(1.0, x)) * s,),  # as 1 + x * x overflows
)
ATAN2 = _builtin(
    "atan2",
    "atan2",
    value=lambda m, a, b: m.atan2(a, b),
    partials=_atan2_partials,
    kinks=lambda m, a, b: m.hypot(a, m.maximum(b, 0.0)),
)
SINH = _builtin("sinh", "sinh", lambda m, x: m.sinh(x), lambda m, y, x: (m.cosh(x),))
COSH = _builtin("cosh", "cosh", lambda m, x: m.cosh(x), lambda m, y, x: (m.sinh(x),))
TANH = _builtin(
    "tanh",
    "tanh",
    value=lambda m, x: m.tanh(x),
    # 1 / cosh(x)^2, which overflows on the way; and 1 - y * y has no digits beyond x = 20
    partials=lambda m, y, x: (4.0 * m.sigmoid(2.0 * x) * m.sigmoid(-2.0 * x),),
)
ASINH = _builtin(
    "asinh", "asinh", lambda m, x: m.asinh(x), lambda m, y, x: (1.0 / m.hypot(1.0, x),)
)
ACOSH = _builtin(
    "acosh",
    "acosh",
    value=lambda m, x: m.acosh(x),
    partials=lambda m, y, x: (m.divide(1.0, m.sqrt(x - 1.0) * m.sqrt(x + 1.0)),),
    domain=Domain(
        "the inverse hyperbolic cosine is defined for numbers from 1 on", lambda x: not x < 1.0
    ),
)
ATANH = _builtin(
    "atanh",
    "atanh",
    value=lambda m, x: m.atanh(x),
    partials=lambda m, y, x: (1.0 / ((1.0 - x) * (1.0 + x)),),
    domain=Domain(
        "the inverse hyperbolic tangent is defined for numbers between -1 and 1",
        lambda x: not abs(x) >= 1.0,
    ),
)
SIGMOID = _builtin(
    "sigmoid",
    "σ",
    value=lambda m, x: m.sigmoid(x),
    partials=lambda m, y, x: (y * m.sigmoid(-x),),  # y * (1 - y) loses every digit beyond x = 37
)
SOFTPLUS = _builtin(
    "softplus", "softplus", lambda m, x: m.softplus(x), lambda m, y, x: (m.sigmoid(x),)
)
RELU = _builtin(
    "relu",
    "relu",
    value=lambda m, x: m.relu(x),
    partials=lambda m, y, x: (m.step(x, 0.0, tie=0.0),),
    kinks=lambda m, x: x,
)
LEAKY_RELU = _builtin(
    "leaky_relu",
    "leaky",
    value=lambda m, x: m.where(x > 0, x, LEAK * x),
    partials=lambda m, y, x: (m.where(x > 0, 1.0, m.where(x <= 0, LEAK, x)),),  # NaN for NaN
    kinks=lambda m, x: x,
)
SILU = _builtin(
    "silu",
    "silu",
    value=_silu,
    partials=lambda m, y, x: (m.sigmoid(x) + m.times(y, m.sigmoid(-x)),),
)
GELU = _builtin(
    "gelu",
    "gelu",
    value=lambda m, x: m.times(x, _normal(m, x)),
    partials=lambda m, y, x: (_normal(m, x) + m.times(x, NORMAL_TOP * m.exp(-0.5 * x * x)),),
)
MAXIMUM = _builtin(
    "maximum",
    "max",
    value=lambda m, a, b: m.maximum(a, b),
    partials=lambda m, y, a, b: (m.step(a, b, tie=0.5), m.step(b, a, tie=0.5)),
    kinks=lambda m, a, b: a - b,
)
MINIMUM = _builtin(
    "minimum",
    "min",
    value=lambda m, a, b: m.minimum(a, b),
    partials=lambda m, y, a, b: (m.step(b, a, tie=0.5), m.step(a, b, tie=0.5)),
    kinks=lambda m, a, b: a - b,
)
LARGEST = _builtin(
    "largest",
    "max",
    value=lambda m, *xs: reduce(m.maximum, xs),
    partials=_shared_equally,
    kinks=lambda m, *xs: _lead(m.maximum, m.minimum, xs),
)
SMALLEST = _builtin(
    "smallest",
    "min",
    value=lambda m, *xs: reduce(m.minimum, xs),
    partials=_shared_equally,
    kinks=lambda m, *xs: _lead(m.minimum, m.maximum, xs),
)
WHERE_POSITIVE = _builtin(
    "where_positive",
    "where",
    value=lambda m, c, a, b: m.where(c > 0, a, m.where(c <= 0, b, c)),  # which leaves NaN as it is
    partials=lambda m, y, c, a, b: (0.0, m.step(c, 0.0, tie=0.0), m.step(0.0, c, tie=1.0)),
    kinks=lambda m, c, a, b: c,
)
HYPOT = _builtin(
    "hypot",
    "hypot",
    value=lambda m, a, b: m.hypot(a, b),
    partials=_over_hypot,
    kinks=lambda m, a, b: m.hypot(a, b),
)
LOGADDEXP = _builtin(
    "logaddexp",
    "logaddexp",
    value=lambda m, a, b: m.logaddexp(a, b),
    partials=lambda m, y, a, b: m.softmax(a, b),
)
ERF = _builtin(
    "erf",
    "erf",
    value=lambda m, x: m.erf(x),
    partials=lambda m, y, x: (2.0 / math.sqrt(math.pi) * m.exp(-x * x),),
)
ERFC = _builtin(
    "erfc",
    "erfc",
    value=lambda m, x: m.erfc(x),
    partials=lambda m, y, x: (-2.0 / math.sqrt(math.pi) * m.exp(-x * x),),
)
LGAMMA = _builtin(
    "lgamma",
    "lgamma",
    value=lambda m, x: m.lgamma(x),
    partials=lambda m, y, x: (m.digamma(x),),
    domain=_no_pole("logarithm of the gamma function"),
)
DIGAMMA = _builtin(
    "digamma",
    "digamma",
    value=lambda m, x: m.digamma(x),
    partials=lambda m, y, x: (m.polygamma(1, x),),
    domain=_no_pole("digamma function"),
)
DOT = _builtin("dot", "Σ w y", _dot, _dot_partials)
TOTAL = _builtin("total", "Σ", _total, lambda m, y, *xs: (1.0,) * len(xs))
LOGSUMEXP = _builtin(
    "logsumexp",
    "logsumexp",
    value=lambda m, *xs: m.logsumexp(*xs),
    partials=lambda m, y, *xs: m.softmax(*xs),
)


def _unknown(m: Any, *operands: Any) -> Any:
    raise TypeError(
        "custom: a node made by Value(data, children, local_grads) has the numbers it was given, "
        "and no formula for others or for second derivatives: write it with microbp's own "
        "operations, or state its formulas once by microbp.operation"
    )


CUSTOM = Op("custom", "custom", _unknown, _unknown)
"""Of every node made by hand: its partials are what the program gave. Not in the table."""

BUILTINS = tuple(_builtins)
"""The operations of this table, in order. Those that users add are in `table` alone."""

table: dict[str, Op] = {op.name: op for op in BUILTINS}
"""Every operation by its name; `microbp.operation` adds to it."""
