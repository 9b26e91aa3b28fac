"""Regression with Huber's loss on z-scored features, everything in one flat vector."""

import numpy as np

rng = np.random.default_rng(22)
raw = rng.normal(3.0, 2.0, size=(7, 3))
features = (raw - raw.mean(axis=0)) / raw.std(axis=0)
y = rng.normal(size=7) * 3
delta = 1.0

at = rng.normal(size=4)


def unpack(theta):
    return theta[:3], theta[3]


def loss(theta):
    w, b = unpack(theta)
    r = np.abs(features @ w + b - y)
    return np.where(r <= delta, 0.5 * r**2, delta * (r - 0.5 * delta)).sum()


def grad(theta):
    w, b = unpack(theta)
    r = features @ w + b - y
    dr = np.where(np.abs(r) <= delta, r, delta * np.sign(r))
    return np.append(features.T @ dr, dr.sum())
