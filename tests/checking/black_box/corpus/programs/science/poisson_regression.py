"""Counts by a Poisson regression with an exposure."""

import numpy as np

rng = np.random.default_rng(33)
X = np.column_stack([np.ones(6), rng.normal(size=(6, 2))])
counts = rng.poisson(2.0, size=6)
exposure = rng.uniform(0.5, 2.0, size=6)


def loss(beta):
    rate = exposure * np.exp(X @ beta)
    return float(np.sum(rate - counts * np.log(rate)))


def grad(beta):
    rate = exposure * np.exp(X @ beta)
    return X.T @ (rate - counts)


at = np.array([0.2, -0.5, 0.3])
