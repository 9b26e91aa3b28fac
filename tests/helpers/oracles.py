"""What the derivatives should be, found in three ways that know nothing of our partials.

`slope`: central differences of floats. `duals`: forward mode, with rules as first learned,
good for moderate numbers. `mp`: values and differences to a thousand digits, good everywhere.
`duals` and `mp` are mathematics namespaces: an operation's `value` runs over them as it stands.
"""

import math
import sys
from types import SimpleNamespace

import mpmath

EPS = sys.float_info.epsilon

# --- Central differences


def slope(f, xs, i, size=None):
    """d f / d xs[i] by central differences, and how far off that may be.

    Two errors bound it. Rounding: f is known to a few times eps * |f|, and that is divided by
    the step; `size` stands in for |f| where larger numbers went into it. Truncation: it grows
    with the square of the step, so that the difference over twice the step errs four times as
    much, and the two differences lie three such errors apart. The step balances the two.
    """
    step = 2.0**-17 * max(1.0, abs(xs[i]))  # near the cube root of the machine epsilon
    one, noise = _difference(f, xs, i, step, size)
    two, _ = _difference(f, xs, i, 2.0 * step, size)
    return one, noise + abs(two - one)


def _difference(f, xs, i, step, size):
    below, above = xs[i] - step, xs[i] + step
    width = above - below  # what the step came to, as xs[i] + step is rounded
    left, right = f(*xs[:i], below, *xs[i + 1 :]), f(*xs[:i], above, *xs[i + 1 :])
    if size is None:
        size = max(abs(left), abs(right))
    return (right - left) / width, 8.0 * EPS * size / width


# --- Dual numbers


class Dual:
    """x + dx e with e * e = 0: a number and its derivative."""

    def __init__(self, x, dx=0.0):
        self.x, self.dx = x, dx

    def __add__(self, other):
        other = _dual(other)
        return Dual(self.x + other.x, self.dx + other.dx)

    def __mul__(self, other):
        other = _dual(other)
        return Dual(self.x * other.x, self.dx * other.x + self.x * other.dx)

    def __truediv__(self, other):
        other = _dual(other)
        return Dual(self.x / other.x, (self.dx * other.x - self.x * other.dx) / other.x**2)

    def __pow__(self, other):
        other = _dual(other)
        if other.dx == 0.0:  # so that a negative base may have a whole power
            by_base = other.x * self.x ** (other.x - 1.0) if other.x != 0.0 else 0.0
            return Dual(self.x**other.x, by_base * self.dx)
        return duals.exp(other * duals.log(self))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -_dual(other)

    def __rsub__(self, other):
        return other + -self

    def __rtruediv__(self, other):
        return Dual(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __abs__(self):
        return self if self.x >= 0.0 else -self

    def __lt__(self, other):
        return self.x < _dual(other).x

    def __gt__(self, other):
        return self.x > _dual(other).x

    def __le__(self, other):
        return self.x <= _dual(other).x

    def __ge__(self, other):
        return self.x >= _dual(other).x


def _dual(x):
    return x if isinstance(x, Dual) else Dual(x)


def _rule(f, derivative):
    def function(x):
        x = _dual(x)
        return Dual(f(x.x), derivative(x.x) * x.dx)

    return function


def _atan2(a, b):
    a, b = _dual(a), _dual(b)
    turn = (b.x * a.dx - a.x * b.dx) / (a.x**2 + b.x**2)
    return Dual(math.atan2(a.x, b.x), turn)


def _sigmoid(m):
    return lambda x: 1 / (1 + m.exp(-x))


def _logsumexp(m):
    return lambda *xs: m.log(sum(m.exp(x) for x in xs))


def _softmax(m):
    return lambda *xs: tuple(m.exp(x) / sum(m.exp(other) for other in xs) for x in xs)


def _cbrt(x):
    return math.copysign(abs(x) ** (1 / 3), x)


def _sign(x):
    return (x > 0) - (x < 0)


def _step(a, b, tie):
    return tie if not (a < b or a > b) else (1.0 if a > b else 0.0)


def _where(condition, then, otherwise):
    return then if condition else otherwise


def _both(m):
    """What follows from a namespace's elementary functions, by the book."""
    m.sigmoid, m.softmax, m.logsumexp = _sigmoid(m), _softmax(m), _logsumexp(m)
    m.softplus = lambda x: m.log(1 + m.exp(x))
    m.logaddexp = lambda a, b: m.log(m.exp(a) + m.exp(b))
    m.maximum = lambda a, b: a if a > b else b
    m.minimum = lambda a, b: a if a < b else b
    m.relu = lambda x: x if x > 0 else 0 * x
    m.divide = lambda a, b: a / b
    m.pow = lambda a, b: a**b
    m.sign, m.step, m.where = _sign, _step, _where
    m.times = lambda a, b: a * b
    m.log2, m.log10 = lambda x: m.log(x) / m.log(2), lambda x: m.log(x) / m.log(10)
    m.exp2 = lambda x: m.exp(x * m.log(2))
    return m


duals = _both(
    SimpleNamespace(
        exp=_rule(math.exp, math.exp),
        expm1=_rule(math.expm1, math.exp),
        log=_rule(math.log, lambda x: 1 / x),
        log1p=_rule(math.log1p, lambda x: 1 / (1 + x)),
        sqrt=_rule(math.sqrt, lambda x: 0.5 / math.sqrt(x)),
        sin=_rule(math.sin, math.cos),
        cos=_rule(math.cos, lambda x: -math.sin(x)),
        tan=_rule(math.tan, lambda x: 1 / math.cos(x) ** 2),
        asin=_rule(math.asin, lambda x: 1 / math.sqrt(1 - x * x)),
        acos=_rule(math.acos, lambda x: -1 / math.sqrt(1 - x * x)),
        atan=_rule(math.atan, lambda x: 1 / (1 + x * x)),
        atan2=_atan2,
        sinh=_rule(math.sinh, math.cosh),
        cosh=_rule(math.cosh, math.sinh),
        tanh=_rule(math.tanh, lambda x: 1 - math.tanh(x) ** 2),
        erf=_rule(math.erf, lambda x: 2 / math.sqrt(math.pi) * math.exp(-x * x)),
        erfc=_rule(math.erfc, lambda x: -2 / math.sqrt(math.pi) * math.exp(-x * x)),
        asinh=_rule(math.asinh, lambda x: 1 / math.sqrt(1 + x * x)),
        acosh=_rule(math.acosh, lambda x: 1 / math.sqrt(x * x - 1)),
        atanh=_rule(math.atanh, lambda x: 1 / (1 - x * x)),
        cbrt=_rule(_cbrt, lambda x: 1 / (3 * _cbrt(x) ** 2)),
        lgamma=_rule(math.lgamma, lambda x: float(mpmath.digamma(x))),
        digamma=_rule(lambda x: float(mpmath.digamma(x)), lambda x: float(mpmath.psi(1, x))),
        polygamma=lambda n, x: _rule(
            lambda x: float(mpmath.psi(n, x)), lambda x: float(mpmath.psi(n + 1, x))
        )(x),
        hypot=lambda a, b: duals.sqrt(_dual(a) * a + _dual(b) * b),
    )
)


def dual_partials(f, xs):
    """d f(duals, *xs) / d x for each x."""
    return [
        f(*(Dual(x, 1.0 if j == i else 0.0) for j, x in enumerate(xs))).dx for i in range(len(xs))
    ]


# --- mpmath

# A context of our own leaves mpmath's global precision alone.
precise = mpmath.MPContext()
mpf = precise.mpf
FAR = mpf(1e5)


def _mp_exp(x):
    """exp, but cheap where it is far beyond floats: zero below -1e5, a straight line above 1e5."""
    if x < -FAR:
        return mpf(0)
    return precise.exp(x) if x < FAR else precise.exp(FAR) * (x / FAR)


def _mp_pow(a, b):
    """a ** b by the exponential; complex where the base is negative and the power not whole."""
    if a == 0 or (a < 0 and b != precise.floor(b)):
        return a**b
    size = _mp_exp(b * precise.log(abs(a)))
    return -size if a < 0 and b % 2 == 1 else size


def _mp_erf(x):
    """erf, but cheap where no float tells it from +-1 and its derivative from 0."""
    return precise.erf(x) if abs(x) < 28 else precise.sign(x)


def _mp_logsumexp(*xs):
    top, *rest = sorted(xs, reverse=True)
    return top + precise.log1p(sum(_mp_exp(x - top) for x in rest))


mp = _both(
    SimpleNamespace(
        **{
            name: getattr(precise, name)
            for name in (
                "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan",
                "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "hypot",
            )
        }
    )
)  # fmt: skip
mp.exp, mp.pow, mp.erf = _mp_exp, _mp_pow, _mp_erf
mp.erfc = lambda x: precise.erfc(x) if abs(x) < 28 else 1 - precise.sign(x)
mp.cbrt = lambda x: precise.sign(x) * precise.cbrt(abs(x))
mp.lgamma = lambda x: precise.re(precise.loggamma(x))
mp.digamma, mp.polygamma = precise.digamma, precise.psi
mp.sigmoid = lambda x: 1 / (1 + _mp_exp(-x)) if x > 0 else _mp_exp(x) / (1 + _mp_exp(x))
mp.logsumexp = mp.logaddexp = _mp_logsumexp
mp.softplus = lambda x: _mp_logsumexp(x, mpf(0))


def mp_value(f, xs):
    """f at these floats, with more digits than a float has."""
    return _settled(lambda: f(*map(mpf, xs)))


def mp_partial(f, xs, i):
    """d f / d xs[i] by central differences, with more digits than a float has.

    None where it is no real number: at an edge of the domain.
    """

    def difference():
        point = list(map(mpf, xs))
        size = abs(point[i]) or min((abs(x) for x in point if x), default=mpf(1))
        step = size * mpf(10) ** -(precise.dps // 5)
        above = f(*point[:i], point[i] + step, *point[i + 1 :])
        below = f(*point[:i], point[i] - step, *point[i + 1 :])
        return (above - below) / (2 * step)

    return _settled(difference)


def _settled(compute):
    """`compute()`, over ever more digits until two results agree.

    A zero may be all that cancellation left, and is believed only in the end: floats range over
    632 orders of magnitude, products of two over twice that, and 1,700 digits span them all.
    """
    last = mpf(0)
    for precise.dps in (60, 120, 480, 960, 1700):
        result = compute()
        if last and abs(result - last) <= abs(last) * mpf(10) ** -20:
            break
        last = result
    return result if isinstance(result, mpf) else None


# --- What "accurate" means

LIMIT = mpf(2) ** 1024  # where floats overflow


def ulps_off(got, exact):
    """How far a float is from a number, in ulps of the latter.

    Infinity counts as 2**1024, the first number that is no float.
    """
    exact = _clipped(exact)
    return abs(_clipped(mpf(got)) - exact) / _ulp(exact)


def ulps_allowed(reference, xs):
    """How many ulps of reference(*xs) it is to move each operand to a neighboring float.

    An operand is a rounded number as a rule, so that a result which is exact for a neighbor
    of it is as good as the data are.
    """
    exact = _clipped(reference(*xs))
    allowed = mpf(0)
    for i, x in enumerate(xs):
        neighbors = [math.nextafter(x, -math.inf), math.nextafter(x, math.inf)]
        moved = [reference(*xs[:i], y, *xs[i + 1 :]) for y in neighbors if math.isfinite(y)]
        allowed += max((abs(_clipped(y) - exact) for y in moved if y is not None), default=0)
    return allowed / _ulp(exact)


def cancellation(op, xs):
    """What an operation's partial may be off where its terms cancel: near the zero of gelu's."""
    return 2.0**-52 if op.name in ("gelu", "silu") and -2.0 < xs[0] < -0.5 else 0.0


def _ulp(x):
    return math.ulp(min(float(abs(x)), sys.float_info.max))


def _clipped(x):
    return max(-LIMIT, min(LIMIT, x))
