"""How each operation is written in Python, for `python_source`.

A second copy of the table's formulas, to be read; tests compare it with the table. An operation
that has none here is written as in the table, by `python_formula`.
"""

from __future__ import annotations

from dataclasses import dataclass

from microbp.core import ops

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
    "logsumexp": '''
def logsumexp(*xs):
    """log of the sum of exp(x), without overflow."""
    return logaddexp.reduce(broadcast_arrays(*xs))
''',
    "softmax": '''
def softmax(*xs):
    """exp(x) of each number, divided by the sum over all: the partials of logsumexp."""
    terms = stack(broadcast_arrays(*xs))
    shares = exp(terms - terms.max(axis=0))
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
        whole = (b <= -1.0) | (b >= 1.0) | ((a <= 0.0) & (b > 0.0))
        by_base = where(whole, b * power(a, b - 1.0), b * y / base)
        return by_base, where(a <= 0.0, 0.0, y * log(base))
''',
    "hypot_partials": '''
def hypot_partials(y, a, b):
    """The cosine and the sine of the direction of (a, b), y long; 0 for both at the origin."""
    scale = where(y > 1.0, 0.5, 1.0)  # for the length of two large numbers overflows
    length = where(y <= 0.0, 1.0, hypot(scale * a, scale * b))
    return scale * a / length, scale * b / length
''',
    "atan2_partials": '''
def atan2_partials(a, b):
    """How the direction of (b, a) answers to a and to b; 0 for both at the origin."""
    length = hypot(a, b)
    length = where(length <= 0.0, 1.0, length)
    return b / length / length, -a / length / length
''',
    "times": '''
def times(adjoint, partial):
    """Their product; 0 where the adjoint is 0, even if the partial is infinite."""
    with errstate(invalid="ignore"):
        return where(adjoint == 0.0, 0.0, adjoint * partial)[()]
''',
}
"""Functions that NumPy lacks, or that need care at far ends; a module has those that it uses."""

FROM_NUMPY = (
    "arccos", "arcsin", "arctan", "arctan2", "broadcast_arrays", "cos", "cosh", "errstate", "exp",
    "expm1", "hypot", "inf", "log", "log1p", "logaddexp", "maximum", "minimum", "nan",
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
    ops.SQRT: _of_one("sqrt({a})", "times({d}, 0.5 / abs({y}))"),
    ops.SIN: _of_one("sin({a})", "{d} * cos({a})"),
    ops.COS: _of_one("cos({a})", "-{d} * sin({a})"),
    ops.TAN: _of_one("tan({a})", "{d} * (1.0 + {y} * {y})"),
    ops.ASIN: _of_one("arcsin({a})", ARC),
    ops.ACOS: _of_one("arccos({a})", f"-{ARC}"),
    ops.ATAN: _of_one("arctan({a})", "{d} / (1.0 + {a} * {a})"),
    ops.ATAN2: Template(
        "arctan2({a}, {b})",
        ("times({d}, {p}[0])", "times({d}, {p}[1])"),
        "atan2_partials({a}, {b})",
    ),
    ops.SINH: _of_one("sinh({a})", "{d} * cosh({a})"),
    ops.COSH: _of_one("cosh({a})", "{d} * sinh({a})"),
    ops.TANH: _of_one("tanh({a})", "{d} * square(sech({a}))"),
    ops.SIGMOID: _of_one("sigmoid({a})", "{d} * ({y} * sigmoid(-{a}))"),
    ops.SOFTPLUS: _of_one("softplus({a})", "{d} * sigmoid({a})"),
    ops.RELU: _of_one("relu({a})", "{d} * step({a}, 0.0, tie=0.0)"),
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
        "logaddexp({a}, {b})", ("{d} * sigmoid({a} - {b})", "{d} * sigmoid({b} - {a})")
    ),
    ops.ERF: _of_one("erf({a})", "{d} * (2.0 / sqrt(pi) * exp(-{a} * {a}))"),
}
OF_MANY = frozenset([ops.DOT, ops.TOTAL, ops.LOGSUMEXP])
"""The operations with any number of operands, which have no template."""
SQUARE = _of_one("square({a})", "{d} * (2.0 * {a})")
