"""A net in single precision, as on a graphics card."""

import numpy as np

rng = np.random.default_rng(50)
x = rng.normal(size=(6, 3)).astype(np.float32)
y = rng.normal(size=(6, 2)).astype(np.float32)

at = (
    rng.normal(size=(3, 4)).astype(np.float32),
    rng.normal(size=4).astype(np.float32),
    rng.normal(size=(4, 2)).astype(np.float32),
)


def loss(W1, b1, W2):
    W1, b1, W2 = (p.astype(np.float32) for p in (W1, b1, W2))
    h = np.tanh(x @ W1 + b1)
    return np.mean((h @ W2 - y) ** 2)


def grad(W1, b1, W2):
    W1, b1, W2 = (p.astype(np.float32) for p in (W1, b1, W2))
    h = np.tanh(x @ W1 + b1)
    e = h @ W2 - y
    dout = 2 * e / e.size
    dz = dout @ W2.T * (1 - h**2)
    return x.T @ dz, dz.sum(0), h.T @ dout
