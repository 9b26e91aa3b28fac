"""A fixed point x = cos(a x) + b by plain iteration, stopped at a tolerance."""

import numpy as np

TOL = 1e-8


def solve(a, b):
    x = 0.5
    while True:
        new = np.cos(a * x) + b
        if abs(new - x) < TOL:
            return new
        x = new


def loss(p):
    return solve(*p) ** 2


def grad(p):
    a, b = p
    x = solve(a, b)
    s = np.sin(a * x)
    return 2 * x * np.array([-s * x, 1.0]) / (1 + a * s)


at = np.array([0.7, 0.2])
