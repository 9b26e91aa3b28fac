"""The other habit: one example a column, parameters and gradients in dicts, the mean cost."""

import numpy as np

np_rng = np.random.RandomState(3)
X = np_rng.randn(2, 6)
Y = (np_rng.rand(1, 6) > 0.5).astype(float)
m = X.shape[1]

at = {
    "W1": np_rng.randn(4, 2),
    "b1": 0.1 * np_rng.randn(4, 1),
    "W2": np_rng.randn(1, 4),
    "b2": 0.1 * np_rng.randn(1, 1),
}


def forward(params):
    A1 = np.tanh(np.dot(params["W1"], X) + params["b1"])
    A2 = 1 / (1 + np.exp(-(np.dot(params["W2"], A1) + params["b2"])))
    return A1, A2


def loss(params):
    _, A2 = forward(params)
    return float(-np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m)


def grad(params):
    A1, A2 = forward(params)
    grads = {}
    dZ2 = A2 - Y
    dZ1 = np.dot(params["W2"].T, dZ2) * (1 - A1**2)
    grads["W1"] = np.dot(dZ1, X.T) / m
    grads["b1"] = np.sum(dZ1, axis=1, keepdims=True) / m
    grads["W2"] = np.dot(dZ2, A1.T) / m
    grads["b2"] = np.sum(dZ2, axis=1, keepdims=True) / m
    return grads
