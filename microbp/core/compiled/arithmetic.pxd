# cython: cdivision=True
# The operations of the table in C: a result and its partials, with the same bits as the table's
# formulas over microbp.core.floats. Each returns False outside the domain and at infinities and
# NaN: the caller then uses the table.

from libc.math cimport (
    acos, asin, atan, atan2, copysign, cos, cosh, erf, exp, expm1, fabs, floor, hypot, isfinite,
    log, log1p, pow, sin, sinh, sqrt, tan, tanh,
)

include "op_codes.pxi"  # Code

cdef extern from *:
    """
    static const double TWO_OVER_ROOT_PI = 2.0 / 1.7724538509055159;  /* as Python rounds it */
    """
    const double TWO_OVER_ROOT_PI


cdef inline double sigmoid(double x) noexcept nogil:
    cdef double tail = exp(-fabs(x))
    return 1.0 / (1.0 + tail) if x >= 0.0 else tail / (1.0 + tail)


cdef inline double logaddexp(double a, double b) noexcept nogil:
    return (b if b > a else a) + log1p(exp(-fabs(a - b)))


cdef inline double step(double a, double b) noexcept nogil:
    return 1.0 if a > b else (0.0 if a < b else 0.5)


cdef inline bint of_one(Code op, double x, double* y, double* dx) noexcept nogil:
    cdef double s
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
        y[0], dx[0] = atan(x), 1.0 / (1.0 + x * x)
    elif op == SINH:
        y[0], dx[0] = sinh(x), cosh(x)
    elif op == COSH:
        y[0], dx[0] = cosh(x), sinh(x)
    elif op == TANH:
        s = 1.0 / cosh(x)
        y[0], dx[0] = tanh(x), s * s
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
        s = exp(0.5 * x)
        y[0] = x * s * s / (1.0 + s * s) if x < 0.0 else x * sigmoid(x)
        dx[0] = sigmoid(x) + y[0] * sigmoid(-x)
    elif op == TOTAL:
        y[0], dx[0] = x, 1.0
    elif op == ERF:
        y[0], dx[0] = erf(x), TWO_OVER_ROOT_PI * exp(-x * x)
    else:
        return False
    return True


cdef inline bint of_two(
    Code op, double a, double b, double* y, double* da, double* db
) noexcept nogil:
    cdef double h, scale, length
    if op == ADD or op == TOTAL:
        y[0], da[0], db[0] = a + b, 1.0, 1.0
        return True
    if op == SUB:
        y[0], da[0], db[0] = a - b, 1.0, -1.0
        return True
    if op == MUL:
        y[0], da[0], db[0] = a * b, b, a
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
            db[0] = 0.0
    elif op == ATAN2:
        h = hypot(a, b)
        length = h if h > 0.0 else 1.0
        y[0], da[0], db[0] = atan2(a, b), b / length / length, -a / length / length
    elif op == MAXIMUM:
        y[0], da[0], db[0] = a if a >= b else b, step(a, b), step(b, a)
    elif op == MINIMUM:
        y[0], da[0], db[0] = a if a <= b else b, step(b, a), step(a, b)
    elif op == HYPOT:
        h = hypot(a, b)
        scale = 0.5 if h > 1.0 else 1.0
        length = hypot(scale * a, scale * b) if h > 0.0 else 1.0
        y[0], da[0], db[0] = h, scale * a / length, scale * b / length
    elif op == LOGADDEXP:
        y[0], da[0], db[0] = logaddexp(a, b), sigmoid(a - b), sigmoid(b - a)
    else:
        return False
    return True
