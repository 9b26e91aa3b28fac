"""The multi-class hinge loss, with the margins counted for the right class."""

import numpy as np

rng = np.random.default_rng(5)
num_train, dim, num_classes = 5, 3, 4
X = rng.normal(size=(num_train, dim))
y = rng.integers(num_classes, size=num_train)
reg = 0.05

at = rng.normal(size=(dim, num_classes))


def margins_of(W):
    scores = X @ W
    correct = scores[np.arange(num_train), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1)
    margins[np.arange(num_train), y] = 0
    return margins


def loss(W):
    return np.sum(margins_of(W)) / num_train + reg * np.sum(W * W)


def grad(W):
    counts = np.zeros((num_train, num_classes))
    counts[margins_of(W) > 0] = 1
    counts[np.arange(num_train), y] -= counts.sum(axis=1)
    dW = X.T @ counts / num_train
    dW += 2 * reg * W
    return dW
