"""A portfolio's Sharpe ratio by its unnormalized weights: a quotient of two sums."""

import numpy as np

mean = np.array([0.06, 0.09, 0.03])
cov = np.array([[0.04, 0.01, 0.0], [0.01, 0.09, 0.002], [0.0, 0.002, 0.01]])


def loss(w):
    return -(mean @ w) / np.sqrt(w @ cov @ w)


def grad(w):
    gain, risk = mean @ w, np.sqrt(w @ cov @ w)
    return -(mean / risk - gain * (cov @ w) / risk**3)


at = np.array([0.5, 0.3, 0.4])
