"""Softmax regression with weight decay: the vectorized loss of a homework."""

import numpy as np

rng = np.random.default_rng(4)
N, D, C = 6, 4, 3
X = rng.normal(size=(N, D))
y = rng.integers(C, size=N)
reg = 0.1

at = rng.normal(size=(D, C))


def probabilities(W):
    scores = X.dot(W)
    scores -= np.max(scores, axis=1, keepdims=True)
    p = np.exp(scores)
    p /= np.sum(p, axis=1, keepdims=True)
    return p


def loss(W):
    p = probabilities(W)
    return -np.log(p[np.arange(N), y]).mean() + reg * np.sum(W * W)


def grad(W):
    dscores = probabilities(W)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    dW = X.T.dot(dscores)
    dW += 2 * reg * W
    return dW
