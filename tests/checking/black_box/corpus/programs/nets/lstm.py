"""An LSTM of two cells over three steps, gates side by side in one matrix."""

import numpy as np

rng = np.random.default_rng(11)
H, T = 2, 3
xs = rng.normal(size=(T, 2))
goal = rng.normal(size=H)

at = (rng.normal(size=(2 + H, 4 * H)), rng.normal(size=4 * H))


def sig(z):
    return 1.0 / (1.0 + np.exp(-z))


def run(W, b):
    h, c, cache = np.zeros(H), np.zeros(H), []
    for t in range(T):
        z = np.concatenate([xs[t], h])
        a = z @ W + b
        i, f, o = sig(a[:H]), sig(a[H : 2 * H]), sig(a[2 * H : 3 * H])
        g = np.tanh(a[3 * H :])
        c_prev = c
        c = f * c_prev + i * g
        h = o * np.tanh(c)
        cache.append((z, i, f, o, g, c_prev, c))
    return h, cache


def loss(W, b):
    h, _ = run(W, b)
    return 0.5 * np.sum((h - goal) ** 2)


def grad(W, b):
    h, cache = run(W, b)
    dW, db = np.zeros_like(W), np.zeros_like(b)
    dh, dc = h - goal, np.zeros(H)
    for z, i, f, o, g, c_prev, c in reversed(cache):
        tc = np.tanh(c)
        dc = dc + dh * o * (1 - tc**2)
        da = np.concatenate(
            [
                dc * g * i * (1 - i),
                dc * c_prev * f * (1 - f),
                dh * tc * o * (1 - o),
                dc * i * (1 - g**2),
            ]
        )
        dW += np.outer(z, da)
        db += da
        dz = W @ da
        dh = dz[2:]
        dc = dc * f
    return dW, db
