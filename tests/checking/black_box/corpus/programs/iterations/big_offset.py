"""Times in nanoseconds: what is small is added to what is large, and taken away again."""

import numpy as np

EPOCH = 1e8


def loss(t):
    shifted = t + EPOCH
    return np.sum(np.diff(shifted - EPOCH) ** 2) + np.sum((shifted - EPOCH) ** 2)


def grad(t):
    g = 2 * t
    d = 2 * np.diff(t)
    g[1:] += d
    g[:-1] -= d
    return g


at = np.array([0.5, 1.7, 2.2, 4.1])
