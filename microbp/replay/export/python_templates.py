"""How each operation is written in Python, for `python_source`.

A second copy of the table's formulas, to be read; tests compare it with the table. An operation
that has none here is written as in the table, by `python_formula`.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from dataclasses import dataclass

from microbp.core import gamma, ops


def _gamma_source() -> str:
    """The code of `microbp.core.gamma`, to stand in a function."""
    code = inspect.getsource(gamma).partition("import inf, log, log1p, pi\n")[2].strip()
    code = re.sub(r": (?:Sequence\[float\]|float|int)|-> (?:bool|float)", "", code)  # annotations
    return textwrap.indent(code.replace(") :", "):"), "    ")


HELPERS = {
    "sigmoid": '''
def sigmoid(x):
    """1 / (1 + exp(-x)), without overflow and to full precision at both ends."""
    tail = exp(-abs(x))
    return where(x < 0.0, tail, 1.0) / (1.0 + tail)
''',
    "softplus": '''
def softplus(x):
    """log(1 + exp(x)), without overflow and to full precision at both ends."""
    return logaddexp(x, 0.0)
''',
    "relu": '''
def relu(x):
    """x above 0, else 0."""
    return where(x <= 0.0, 0.0, x)[()]
''',
    "leaky_relu": '''
def leaky_relu(x):
    """x above 0, else 0.01 * x."""
    return where(x > 0.0, x, 0.01 * x)[()]
''',
    "silu": '''
def silu(x):
    """x * sigmoid(x), to full precision where sigmoid(x) has underflowed."""
    root = exp(-0.5 * abs(x))
    return where(x > 0.0, x, times(x, root) * root) / (1.0 + root * root)
''',
    "sech": '''
def sech(x):
    """1 / cosh(x), the square root of 1 - tanh(x)**2; 0 where cosh overflows."""
    with errstate(over="ignore"):
        return 1.0 / cosh(x)
''',
    "step": '''
def step(a, b, tie):
    """1 where a > b, 0 where a < b, `tie` where they are equal; NaN if either is."""
    return where(a > b, 1.0, where(a < b, 0.0, where(a == b, tie, nan)))[()]
''',
    "where_positive": '''
def where_positive(condition, then, otherwise):
    """`then` where the condition is above 0, `otherwise` where it is not; NaN where it is NaN."""
    return where(condition > 0.0, then, where(condition <= 0.0, otherwise, condition))[()]
''',
    "erf": '''
def erf(x):
    """The error function, number by number."""
    return vectorize(math.erf, otypes=[float])(x)[()]
''',
    "erfc": '''
def erfc(x):
    """1 - erf(x), number by number."""
    return vectorize(math.erfc, otypes=[float])(x)[()]
''',
    "normal": '''
def normal(x):
    """The probability that a standard normal number is less than x."""
    return 0.5 * erfc(-x / sqrt(2.0))
''',
    "gelu_slope": '''
def gelu_slope(x):
    """The derivative of gelu."""
    return normal(x) + times(x, 1.0 / sqrt(2.0 * pi) * exp(-0.5 * x * x))
''',
    "gamma_functions": f"""
def gamma_functions():
    \"\"\"The logarithm of the gamma function, and its derivatives, of one number.\"\"\"

{_gamma_source()}

    return {{"lgamma": lgamma, "digamma": digamma, "polygamma": polygamma}}
""",
    "lgamma": '''
def lgamma(x):
    """log |gamma(x)|, number by number."""
    return vectorize(gamma_functions()["lgamma"], otypes=[float])(x)[()]
''',
    "digamma": '''
def digamma(x):
    """The derivative of lgamma, number by number."""
    return vectorize(gamma_functions()["digamma"], otypes=[float])(x)[()]
''',
    "polygamma": '''
def polygamma(n, x):
    """The n-th derivative of digamma, number by number."""
    return vectorize(gamma_functions()["polygamma"], otypes=[float])(n, x)[()]
''',
    "logsumexp": '''
def logsumexp(*xs):
    """log of the sum of exp(x), without overflow."""
    return logaddexp.reduce(broadcast_arrays(*xs))
''',
    "largest": '''
def largest(*xs):
    """The largest of any number of terms."""
    return maximum.reduce(broadcast_arrays(*xs))
''',
    "smallest": '''
def smallest(*xs):
    """The smallest of any number of terms."""
    return minimum.reduce(broadcast_arrays(*xs))
''',
    "shared_equally": '''
def shared_equally(y, *xs):
    """1 for the term that is y, 0 for the others; a tie shares the 1 equally."""
    tied = stack(broadcast_arrays(*xs)) == y
    with errstate(invalid="ignore"):
        return tied / tied.sum(axis=0)
''',
    "softmax": '''
def softmax(*xs):
    """exp(x) of each number, divided by the sum over all; infinite ones share equally."""
    terms = stack(broadcast_arrays(*xs))
    top = terms.max(axis=0)
    with errstate(invalid="ignore"):
        shares = where(terms == top, 1.0, exp(terms - top))
    return shares / shares.sum(axis=0)
''',
    "pow_partials": '''
def pow_partials(y, a, b):
    """b * a**(b - 1) and y * log(a), for y = a**b.

    a**0 is 1 everywhere, so its derivative is 0 even at 0. A negative base admits whole exponents
    only: such an exponent can't move, and gets 0.
    """
    with errstate(all="ignore"):  # as both sides of each `where` are computed
        base = where(a <= 0.0, 1.0, a)
        sign = where((a < 0.0) & (abs(b) > 2.0**53), -1.0, 1.0)  # b - 1 is odd, but rounded
        whole = (b <= -1.0) | (b >= 1.0) | ((a <= 0.0) & (b > 0.0))
        by_base = where(whole, sign * b * power(a, b - 1.0), b * y / base)
        return by_base, where(a <= 0.0, 0.0, y * log(base))
''',
    "hypot_partials": '''
def hypot_partials(y, a, b):
    """The sine and the cosine of the direction of (b, a), y long; 0 for both at the origin."""
    scale = where(y > 1.0, 0.5, 1.0)  # for the length of two large numbers overflows
    a, b = scale * a, scale * b
    finite = abs(a) + abs(b) < inf
    a, b = (where(finite, x, where(abs(x) < inf, 0.0, sign(x))) for x in (a, b))
    length = where(y <= 0.0, 1.0, hypot(a, b))
    return where(y <= 0.0, 0.0, a / length), where(y <= 0.0, 0.0, b / length)
''',
    "atan2_partials": '''
def atan2_partials(a, b):
    """How the direction of (b, a) answers to a and to b; 0 for both at the origin."""
    length = hypot(a, b)
    sine, cosine = hypot_partials(length, a, b)
    length = where(length <= 0.0, 1.0, length)
    return cosine / length, -sine / length
''',
    "times": '''
def times(a, b):
    """Their product; 0 where one is 0, even if the other is infinite or NaN."""
    with errstate(invalid="ignore"):
        return where((a == 0.0) | (b == 0.0), 0.0, a * b)[()]
''',
}
"""Functions that NumPy lacks, or that need care at far ends; a module has those that it uses."""

FROM_NUMPY = (
    "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "broadcast_arrays",
    "cbrt", "cos", "cosh", "errstate", "exp", "exp2", "expm1", "hypot", "inf", "log", "log10",
    "log1p", "log2", "logaddexp", "maximum", "minimum", "nan",
    "pi", "power", "sign", "sin", "sinh", "sqrt", "square", "stack", "tan", "tanh", "vectorize",
    "where",
)  # fmt: skip


@dataclass(frozen=True)
class Template:
    """How an operation is written: its value, and what it passes back to each operand.

    {a}, {b} and {c} stand for the operands, {y} for the result, {d} for its adjoint, and {p} for
    the tuple that `partials`, if given, computes first.
    """

    value: str
    passes_back: tuple[str, ...]
    partials: str = ""


def _of_one(value: str, passes_back: str) -> Template:
    return Template(value, (passes_back,))


ARC = "times({d}, 1.0 / sqrt((1.0 - {a}) * (1.0 + {a})))"
TEMPLATES = {
    ops.ADD: Template("{a} + {b}", ("{d}", "{d}")),
    ops.SUB: Template("{a} - {b}", ("{d}", "-{d}")),
    ops.MUL: Template("{a} * {b}", ("{d} * {b}", "{d} * {a}")),
    ops.DIV: Template("{a} / {b}", ("{d} / {b}", "-{d} * ({y} / {b})")),
    ops.NEG: _of_one("-{a}", "-{d}"),
    ops.POW: Template(
        "power({a}, {b})",
        ("times({d}, {p}[0])", "times({d}, {p}[1])"),
        "pow_partials({y}, {a}, {b})",
    ),
    ops.ABS: _of_one("abs({a})", "{d} * sign({a})"),
    ops.EXP: _of_one("exp({a})", "{d} * {y}"),
    ops.EXPM1: _of_one("expm1({a})", "{d} * exp({a})"),
    ops.LOG: _of_one("log({a})", "{d} / {a}"),
    ops.LOG1P: _of_one("log1p({a})", "{d} / (1.0 + {a})"),
    ops.LOG2: _of_one("log2({a})", "{d} / (log(2.0) * {a})"),
    ops.LOG10: _of_one("log10({a})", "{d} / (log(10.0) * {a})"),
    ops.EXP2: _of_one("exp2({a})", "{d} * (log(2.0) * {y})"),
    ops.CBRT: _of_one("cbrt({a})", "times({d}, 1.0 / (3.0 * {y} * {y}))"),
    ops.SQRT: _of_one("sqrt({a})", "times({d}, 0.5 / abs({y}))"),
    ops.SIN: _of_one("sin({a})", "{d} * cos({a})"),
    ops.COS: _of_one("cos({a})", "-{d} * sin({a})"),
    ops.TAN: _of_one("tan({a})", "{d} * (1.0 + {y} * {y})"),
    ops.ASIN: _of_one("arcsin({a})", ARC),
    ops.ACOS: _of_one("arccos({a})", f"-{ARC}"),
    ops.ATAN: _of_one("arctan({a})", "{d} / square(hypot(1.0, {a}))"),
    ops.ATAN2: Template(
        "arctan2({a}, {b})",
        ("times({d}, {p}[0])", "times({d}, {p}[1])"),
        "atan2_partials({a}, {b})",
    ),
    ops.SINH: _of_one("sinh({a})", "{d} * cosh({a})"),
    ops.COSH: _of_one("cosh({a})", "{d} * sinh({a})"),
    ops.TANH: _of_one("tanh({a})", "{d} * square(sech({a}))"),
    ops.ASINH: _of_one("arcsinh({a})", "{d} / hypot(1.0, {a})"),
    ops.ACOSH: _of_one("arccosh({a})", "times({d}, 1.0 / (sqrt({a} - 1.0) * sqrt({a} + 1.0)))"),
    ops.ATANH: _of_one("arctanh({a})", "{d} / ((1.0 - {a}) * (1.0 + {a}))"),
    ops.SIGMOID: _of_one("sigmoid({a})", "{d} * ({y} * sigmoid(-{a}))"),
    ops.SOFTPLUS: _of_one("softplus({a})", "{d} * sigmoid({a})"),
    ops.RELU: _of_one("relu({a})", "{d} * step({a}, 0.0, tie=0.0)"),
    ops.LEAKY_RELU: _of_one(
        "leaky_relu({a})", "{d} * (step({a}, 0.0, tie=0.0) + 0.01 * step(0.0, {a}, tie=1.0))"
    ),
    ops.SILU: _of_one("silu({a})", "{d} * (sigmoid({a}) + times({y}, sigmoid(-{a})))"),
    ops.GELU: _of_one("times({a}, normal({a}))", "{d} * gelu_slope({a})"),
    ops.MAXIMUM: Template(
        "maximum({a}, {b})", ("{d} * step({a}, {b}, tie=0.5)", "{d} * step({b}, {a}, tie=0.5)")
    ),
    ops.MINIMUM: Template(
        "minimum({a}, {b})", ("{d} * step({b}, {a}, tie=0.5)", "{d} * step({a}, {b}, tie=0.5)")
    ),
    ops.WHERE_POSITIVE: Template(
        "where_positive({a}, {b}, {c})",
        ("{d} * 0.0", "{d} * step({a}, 0.0, tie=0.0)", "{d} * step(0.0, {a}, tie=1.0)"),
    ),
    ops.HYPOT: Template(
        "hypot({a}, {b})", ("{d} * {p}[0]", "{d} * {p}[1]"), "hypot_partials({y}, {a}, {b})"
    ),
    ops.LOGADDEXP: Template(
        "logaddexp({a}, {b})", ("{d} * {p}[0]", "{d} * {p}[1]"), "softmax({a}, {b})"
    ),
    ops.ERF: _of_one("erf({a})", "{d} * (2.0 / sqrt(pi) * exp(-{a} * {a}))"),
    ops.ERFC: _of_one("erfc({a})", "-{d} * (2.0 / sqrt(pi) * exp(-{a} * {a}))"),
    ops.LGAMMA: _of_one("lgamma({a})", "{d} * digamma({a})"),
    ops.DIGAMMA: _of_one("digamma({a})", "{d} * polygamma(1, {a})"),
}
OF_MANY = frozenset([ops.DOT, ops.TOTAL, ops.LOGSUMEXP, ops.LARGEST, ops.SMALLEST])
"""The operations with any number of operands, which have no template."""
SQUARE = _of_one("square({a})", "{d} * (2.0 * {a})")
