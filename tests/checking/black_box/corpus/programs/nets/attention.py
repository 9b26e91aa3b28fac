"""One head of scaled dot-product attention, with respect to queries, keys and values."""

import numpy as np

rng = np.random.default_rng(12)
T, d = 3, 2
up = rng.normal(size=(T, d))

at = {name: rng.normal(size=(T, d)) for name in ("Q", "K", "V")}


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def loss(qkv):
    A = softmax(qkv["Q"] @ qkv["K"].T / np.sqrt(d))
    return np.sum(up * (A @ qkv["V"]))


def grad(qkv):
    Q, K, V = qkv["Q"], qkv["K"], qkv["V"]
    A = softmax(Q @ K.T / np.sqrt(d))
    dV = A.T @ up
    dA = up @ V.T
    dS = A * (dA - np.sum(dA * A, axis=-1, keepdims=True))
    dS = dS / np.sqrt(d)
    dQ = dS @ K
    dK = dS.T @ Q
    return {"Q": dQ, "K": dK, "V": dV}
