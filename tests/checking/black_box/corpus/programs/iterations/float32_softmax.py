"""Cross entropy in single precision over logits of some size."""

import numpy as np

labels = np.array([0, 2, 1])


def log_softmax(z):
    z = np.asarray(z, dtype=np.float32)
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def loss(z):
    return -log_softmax(z)[range(3), labels].mean()


def grad(z):
    g = np.exp(log_softmax(z))
    g[range(3), labels] -= 1
    return g / 3


at = np.array([[3.0, -1.0, 0.5], [10.0, 8.0, 9.0], [0.0, 0.1, -0.2]], dtype=np.float32)
