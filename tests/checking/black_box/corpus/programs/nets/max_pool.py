"""Max pooling over 2 by 2 windows, by loops, under a fixed linear readout."""

import numpy as np

rng = np.random.default_rng(7)
readout = rng.normal(size=(2, 2))

at = rng.normal(size=(4, 4))


def pooled(x):
    out = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            out[i, j] = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
    return out


def loss(x):
    return np.sum(readout * pooled(x) ** 2)


def grad(x):
    dout = 2 * readout * pooled(x)
    dx = np.zeros_like(x)
    for i in range(2):
        for j in range(2):
            window = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
            mask = window == window.max()
            dx[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] += mask * dout[i, j]
    return dx
