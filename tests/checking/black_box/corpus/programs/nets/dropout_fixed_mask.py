"""Inverted dropout on two layers, with masks drawn once so that it can be checked."""

import numpy as np

rng = np.random.default_rng(14)
keep = 0.6
x = rng.normal(size=(4, 3))
mask1 = (rng.random((4, 3)) < keep) / keep
mask2 = (rng.random((4, 3)) < keep) / keep

at = (rng.normal(size=(3, 3)), rng.normal(size=(3, 3)))


def loss(W1, W2):
    h = np.tanh((x * mask1) @ W1)
    return np.mean(((h * mask2) @ W2) ** 2)


def grad(W1, W2):
    dropped = x * mask1
    h = np.tanh(dropped @ W1)
    hidden = h * mask2
    out = hidden @ W2
    dout = 2 * out / out.size
    dW2 = hidden.T @ dout
    dh = (dout @ W2.T) * mask2
    dW1 = dropped.T @ (dh * (1 - h**2))
    return dW1, dW2
