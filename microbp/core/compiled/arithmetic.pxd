# cython: cdivision=True
# The operations of the table in C: a result and its partials, with the same bits as the table's
# formulas over microbp.core.floats. Each returns False outside the domain and at infinities and
# NaN: the caller then uses the table.

from libc.math cimport (
    acos, acosh, asin, asinh, atan, atan2, atanh, copysign, cos, cosh, erf, erfc, exp, expm1, fabs,
    floor, frexp, hypot, isfinite, ldexp, log, log10, log1p, log2, pow, sin, sinh, sqrt, tan, tanh,
)

include "op_codes.pxi"  # Code

cdef extern from *:
    """
    /* as Python rounds them */
    static const double TWO_OVER_ROOT_PI = 2.0 / 1.7724538509055159;
    static const double LOG_OF_2 = 0.6931471805599453, LOG_OF_10 = 2.302585092994046;
    static const double ROOT_2 = 1.4142135623730951, NORMAL_TOP = 0.3989422804014327;
    static const double ALL_WHOLE = 9007199254740992.0;
    """
    const double TWO_OVER_ROOT_PI, LOG_OF_2, LOG_OF_10, ROOT_2, NORMAL_TOP, ALL_WHOLE


cdef inline double sigmoid(double x) noexcept nogil:
    cdef double tail = exp(-fabs(x))
    return 1.0 / (1.0 + tail) if x >= 0.0 else tail / (1.0 + tail)


cdef inline double logaddexp(double a, double b) noexcept nogil:
    return (b if b > a else a) + log1p(exp(-fabs(a - b)))


cdef inline double cube_root(double x) noexcept nogil:
    """Of a finite number other than 0."""
    cdef int exponent, shift
    cdef double size = fabs(frexp(x, &exponent)), root
    shift = ((exponent % 3) + 3) % 3  # C has the sign of the exponent
    size = ldexp(size, shift)
    root = pow(size, 1.0 / 3.0)
    root -= (root * root * root - size) / (3.0 * root * root)
    return copysign(ldexp(root, (exponent - shift) / 3), x)


cdef inline double step(double a, double b) noexcept nogil:
    return 1.0 if a > b else (0.0 if a < b else 0.5)


cdef inline double direction(double a, double b, double* sine, double* cosine) noexcept nogil:
    """The length of (a, b), and the sine and cosine of its direction."""
    cdef double h = hypot(a, b), scale = 0.5 if h > 1.0 else 1.0, length
    if h > 0.0:
        length = hypot(scale * a, scale * b)
        sine[0], cosine[0] = scale * a / length, scale * b / length
    else:
        sine[0] = cosine[0] = 0.0
    return h


cdef inline bint of_one(Code op, double x, double* y, double* dx) noexcept nogil:
    cdef double s, t
    if not isfinite(x):
        return False
    if op == NEG:
        y[0], dx[0] = -x, -1.0
    elif op == ABS:
        y[0], dx[0] = fabs(x), copysign(1.0, x) if x != 0.0 else x * 0.0
    elif op == EXP:
        y[0] = dx[0] = exp(x)
    elif op == EXPM1:
        y[0], dx[0] = expm1(x), exp(x)
    elif op == LOG:
        if x <= 0.0:
            return False
        y[0], dx[0] = log(x), 1.0 / x
    elif op == LOG1P:
        if x <= -1.0:
            return False
        y[0], dx[0] = log1p(x), 1.0 / (1.0 + x)
    elif op == LOG2:
        if x <= 0.0:
            return False
        y[0], dx[0] = log2(x), 1.0 / LOG_OF_2 / x
    elif op == LOG10:
        if x <= 0.0:
            return False
        y[0], dx[0] = log10(x), 1.0 / LOG_OF_10 / x
    elif op == EXP2:
        y[0] = pow(2.0, x)
        dx[0] = LOG_OF_2 * y[0]
    elif op == CBRT:
        y[0] = cube_root(x) if x != 0.0 else x
        dx[0] = 1.0 / (3.0 * y[0] * y[0])
    elif op == SQRT:
        if x < 0.0:
            return False
        y[0] = sqrt(x)
        dx[0] = 0.5 / fabs(y[0])
    elif op == SIN:
        y[0], dx[0] = sin(x), cos(x)
    elif op == COS:
        y[0], dx[0] = cos(x), -sin(x)
    elif op == TAN:
        y[0] = tan(x)
        dx[0] = 1.0 + y[0] * y[0]
    elif op == ASIN:
        if fabs(x) > 1.0:
            return False
        y[0], dx[0] = asin(x), 1.0 / sqrt((1.0 - x) * (1.0 + x))
    elif op == ACOS:
        if fabs(x) > 1.0:
            return False
        y[0], dx[0] = acos(x), -(1.0 / sqrt((1.0 - x) * (1.0 + x)))
    elif op == ATAN:
        s = 1.0 / hypot(1.0, x)
        y[0], dx[0] = atan(x), s * s
    elif op == SINH:
        y[0], dx[0] = sinh(x), cosh(x)
    elif op == COSH:
        y[0], dx[0] = cosh(x), sinh(x)
    elif op == TANH:
        y[0], dx[0] = tanh(x), 4.0 * sigmoid(2.0 * x) * sigmoid(-2.0 * x)
    elif op == ASINH:
        y[0], dx[0] = asinh(x), 1.0 / hypot(1.0, x)
    elif op == ACOSH:
        if x < 1.0:
            return False
        y[0], dx[0] = acosh(x), 1.0 / (sqrt(x - 1.0) * sqrt(x + 1.0))
    elif op == ATANH:
        if fabs(x) >= 1.0:
            return False
        y[0], dx[0] = atanh(x), 1.0 / ((1.0 - x) * (1.0 + x))
    elif op == SIGMOID:
        y[0] = sigmoid(x)
        dx[0] = y[0] * sigmoid(-x)
    elif op == SOFTPLUS:
        y[0], dx[0] = logaddexp(x, 0.0), sigmoid(x)
    elif op == RELU:
        y[0], dx[0] = (x, 1.0) if x > 0.0 else (0.0, 0.0)
    elif op == LEAKY_RELU:
        y[0], dx[0] = (x, 1.0) if x > 0.0 else (0.01 * x, 0.01)
    elif op == SILU:
        t = exp(-0.5 * fabs(x))
        y[0] = (x if x > 0.0 else x * t * t) / (1.0 + t * t)
        dx[0] = sigmoid(x) + y[0] * sigmoid(-x)
    elif op == GELU:
        s, t = 0.5 * erfc(-x / ROOT_2), NORMAL_TOP * exp(-0.5 * x * x)
        y[0], dx[0] = x * s, s + x * t
    elif op == TOTAL:
        y[0], dx[0] = x, 1.0
    elif op == ERF:
        y[0], dx[0] = erf(x), TWO_OVER_ROOT_PI * exp(-x * x)
    elif op == ERFC:
        y[0], dx[0] = erfc(x), -TWO_OVER_ROOT_PI * exp(-x * x)
    else:
        return False
    return True


cdef inline double plus(double a, double b, double* da, double* db) noexcept nogil:
    da[0], db[0] = 1.0, 1.0
    return a + b


cdef inline double minus(double a, double b, double* da, double* db) noexcept nogil:
    da[0], db[0] = 1.0, -1.0
    return a - b


cdef inline double times(double a, double b, double* da, double* db) noexcept nogil:
    da[0], db[0] = b, a
    return a * b


cdef inline bint of_two(
    Code op, double a, double b, double* y, double* da, double* db
) noexcept nogil:
    cdef double h
    if op == ADD or op == TOTAL:
        y[0] = plus(a, b, da, db)
        return True
    if op == SUB:
        y[0] = minus(a, b, da, db)
        return True
    if op == MUL:
        y[0] = times(a, b, da, db)
        return True
    if op == DIV:
        if b == 0.0:
            return False
        y[0] = a / b
        da[0], db[0] = 1.0 / b, -y[0] / b
        return True
    if not (isfinite(a) and isfinite(b)):
        return False
    if op == POW:
        if a > 0.0:
            y[0] = pow(a, b)
            da[0] = b * pow(a, b - 1.0) if fabs(b) >= 1.0 else b * y[0] / a
            db[0] = y[0] * log(a)
        else:
            if (a < 0.0 and b != floor(b)) or (a == 0.0 and b < 0.0):
                return False
            y[0] = pow(a, b)
            da[0] = b * pow(a, b - 1.0) if b <= -1.0 or b > 0.0 else b * y[0]
            if a < 0.0 and fabs(b) > ALL_WHOLE:
                da[0] = -da[0]
            db[0] = 0.0
    elif op == ATAN2:
        y[0] = atan2(a, b)
        h = direction(a, b, db, da)
        if h > 0.0:
            da[0], db[0] = da[0] / h, -db[0] / h
        else:
            da[0], db[0] = 0.0, -0.0
    elif op == MAXIMUM:
        y[0], da[0], db[0] = a if a >= b else b, step(a, b), step(b, a)
    elif op == MINIMUM:
        y[0], da[0], db[0] = a if a <= b else b, step(b, a), step(a, b)
    elif op == HYPOT:
        y[0] = direction(a, b, da, db)
    elif op == LOGADDEXP:
        y[0], da[0], db[0] = logaddexp(a, b), sigmoid(a - b), sigmoid(b - a)
    else:
        return False
    return True
