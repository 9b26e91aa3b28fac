"""The largest eigenvalue of a symmetric matrix by power iteration, and its slope: v v'."""

import numpy as np


def eigen(A):
    v, old = np.ones(len(A)), np.inf
    while True:
        w = A @ v
        value = np.linalg.norm(w)
        v = w / value
        if abs(value - old) < 1e-12 * value:
            return value, v
        old = value


def loss(p):
    a, b, c = p
    return eigen(np.array([[a, b], [b, c]]))[0]


def grad(p):
    a, b, c = p
    _, v = eigen(np.array([[a, b], [b, c]]))
    return np.array([v[0] ** 2, 2 * v[0] * v[1], v[1] ** 2])


at = np.array([2.0, 0.7, 1.1])
