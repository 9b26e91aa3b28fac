"""An autoencoder with tied weights: the decoder is the encoder, transposed."""

import numpy as np

rng = np.random.default_rng(17)
X = rng.normal(size=(5, 4))

at = rng.normal(size=(4, 2))


def loss(W):
    code = np.tanh(X @ W)
    return np.sum((code @ W.T - X) ** 2) / len(X)


def grad(W):
    code = np.tanh(X @ W)
    error = 2 * (code @ W.T - X) / len(X)
    of_decoder = error.T @ code
    of_encoder = X.T @ ((error @ W) * (1 - code**2))
    return of_encoder + of_decoder
