"""Logistic regression with an L2 penalty that spares the bias."""

import numpy as np

rng = np.random.default_rng(31)
X = rng.normal(size=(8, 3))
y = (rng.random(8) > 0.4).astype(float)
C = 0.5


def loss(w, b):
    z = X @ w + b
    return np.sum(np.logaddexp(0, z) - y * z) + 0.5 * C * np.sum(w**2)


def grad(w, b):
    p = 1 / (1 + np.exp(-(X @ w + b)))
    return X.T @ (p - y) + C * w, np.sum(p - y)


at = (rng.normal(size=3), 0.7)
