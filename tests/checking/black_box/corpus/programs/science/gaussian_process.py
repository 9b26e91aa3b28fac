"""The log marginal likelihood of a Gaussian process, in the logs of its hyperparameters."""

import numpy as np

rng = np.random.default_rng(35)
t = np.linspace(0, 3, 6)
y = np.sin(t) + 0.1 * rng.normal(size=6)
dist2 = (t[:, None] - t[None, :]) ** 2


def kernels(theta):
    length, noise = np.exp(theta)
    K = np.exp(-0.5 * dist2 / length**2)
    return K, K + noise * np.eye(len(t)), length, noise


def loss(theta):
    _, Ky, _, _ = kernels(theta)
    _, logdet = np.linalg.slogdet(Ky)
    return 0.5 * y @ np.linalg.solve(Ky, y) + 0.5 * logdet


def grad(theta):
    K, Ky, length, noise = kernels(theta)
    inverse = np.linalg.inv(Ky)
    a = inverse @ y
    g = []
    for dK in (K * dist2 / length**2, noise * np.eye(len(t))):
        g.append(-0.5 * a @ dK @ a + 0.5 * np.trace(inverse @ dK))
    return np.array(g)


at = np.log([0.8, 0.05])
