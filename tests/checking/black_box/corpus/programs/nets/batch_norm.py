"""Batch normalization, its backward pass step by step through the graph."""

import numpy as np

rng = np.random.default_rng(8)
N, D = 5, 3
R = rng.normal(size=(N, D))
eps = 1e-5

at = (rng.normal(size=(N, D)), rng.normal(size=D), rng.normal(size=D))


def loss(x, gamma, beta):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    xhat = (x - mu) / np.sqrt(var + eps)
    return np.sum(R * (gamma * xhat + beta))


def grad(x, gamma, beta):
    mu = np.mean(x, axis=0)
    xmu = x - mu
    var = np.mean(xmu**2, axis=0)
    istd = 1.0 / np.sqrt(var + eps)
    xhat = xmu * istd
    dout = R

    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * istd**3
    dmu = np.sum(-dxhat * istd, axis=0) + dvar * np.mean(-2.0 * xmu, axis=0)
    dx = dxhat * istd + dvar * 2.0 * xmu / N + dmu / N
    return dx, dgamma, dbeta
