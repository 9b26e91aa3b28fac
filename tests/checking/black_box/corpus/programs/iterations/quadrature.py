"""An integral by Simpson's rule and, below the sign of the integral, its slope."""

import numpy as np

N = 100
x = np.linspace(0.0, 2.0, N + 1)


def simpson(values):
    h = (x[-1] - x[0]) / N
    return h / 3 * (values[0] + 4 * values[1:-1:2].sum() + 2 * values[2:-1:2].sum() + values[-1])


def loss(a, b):
    return simpson(np.exp(-a * x) * np.cos(b * x))


def grad(a, b):
    return simpson(-x * np.exp(-a * x) * np.cos(b * x)), simpson(
        -x * np.exp(-a * x) * np.sin(b * x)
    )


at = (0.7, 1.9)
