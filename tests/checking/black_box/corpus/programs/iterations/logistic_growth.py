"""Growth by 40 steps of Runge and Kutta; the sensitivities go along."""

import numpy as np

steps, T = 40, 3.0


def integrate(rate, y):
    h = T / steps
    for _ in range(steps):
        k1 = rate(y)
        k2 = rate(y + h / 2 * k1)
        k3 = rate(y + h / 2 * k2)
        k4 = rate(y + h * k3)
        y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


def loss(p):
    r, K, y0 = p
    return integrate(lambda y: r * y * (1 - y / K), y0)


def grad(p):
    r, K, y0 = p

    def rate(s):
        y, y_r, y_K, y_0 = s
        slope = r * (1 - 2 * y / K)
        return np.array(
            [
                r * y * (1 - y / K),
                slope * y_r + y * (1 - y / K),
                slope * y_K + r * y**2 / K**2,
                slope * y_0,
            ]
        )

    return integrate(rate, np.array([y0, 0.0, 0.0, 1.0]))[1:]


at = np.array([1.1, 5.0, 0.6])
