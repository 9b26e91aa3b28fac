"""A residual block: what goes in is added to what comes out."""

import numpy as np

rng = np.random.default_rng(16)
weights_out = rng.normal(size=3)

at = (rng.normal(size=3), rng.normal(size=(3, 3)))


def loss(x, W):
    return weights_out @ (x + np.tanh(W @ x)) ** 3 / 3


def grad(x, W):
    h = np.tanh(W @ x)
    dout = weights_out * (x + h) ** 2
    dz = dout * (1 - h * h)
    dx = dout + W.T @ dz
    dW = np.outer(dz, x)
    return dx, dW
