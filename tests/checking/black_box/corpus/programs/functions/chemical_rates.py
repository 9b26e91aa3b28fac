"""Rates of a reaction network in plain lists, and their jacobian for a stiff solver."""

k1, k2, k3 = 0.04, 3.0, 1.5


def f(y):
    a, b, c = y
    return [-k1 * a + k2 * b * c, k1 * a - k2 * b * c - k3 * b * b, k3 * b * b]


def jacobian(y):
    _, b, c = y
    return [
        [-k1, k2 * c, k2 * b],
        [k1, -k2 * c - 2 * k3 * b, -k2 * b],
        [0.0, 2 * k3 * b, 0.0],
    ]


at = [0.9, 0.2, 0.4]
