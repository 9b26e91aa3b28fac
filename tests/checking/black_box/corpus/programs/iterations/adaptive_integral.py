"""An integral by halving intervals to a tolerance: how often depends on the parameter."""

import math

TOLERANCE = 1e-7


def adaptive(f, a, b):
    middle = (a + b) / 2
    coarse = (b - a) * f(middle)
    fine = (b - a) / 2 * (f((a + middle) / 2) + f((middle + b) / 2))
    if abs(fine - coarse) < TOLERANCE:
        return fine
    return adaptive(f, a, middle) + adaptive(f, middle, b)


def loss(s):
    return adaptive(lambda x: math.exp(-s * x * x), 0.0, 1.0)


def grad(s):
    return adaptive(lambda x: -x * x * math.exp(-s * x * x), 0.0, 1.0)


at = 1.3
