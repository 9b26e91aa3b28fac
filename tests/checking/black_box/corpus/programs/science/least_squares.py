"""Linear least squares with a ridge: the textbook formula."""

import numpy as np

rng = np.random.default_rng(30)
A = rng.normal(size=(3, 3))
b = rng.normal(size=3)
ridge = 0.3


def loss(x):
    return np.linalg.norm(A @ x - b) ** 2 + ridge * x @ x


def grad(x):
    return 2 * A.T @ (A @ x - b) + 2 * ridge * x


at = rng.normal(size=3)
