"""Word vectors by negative sampling: one center word, its context, and words that are not."""

import numpy as np

rng = np.random.default_rng(18)
center, outside, negatives = 2, 0, [3, 1]

at = (rng.normal(size=(5, 3)), rng.normal(size=(5, 3)))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def loss(center_vectors, outside_vectors):
    v = center_vectors[center]
    positive = np.log(sigmoid(outside_vectors[outside] @ v))
    negative = sum(np.log(sigmoid(-outside_vectors[k] @ v)) for k in negatives)
    return -positive - negative


def grad(center_vectors, outside_vectors):
    d_center = np.zeros_like(center_vectors)
    d_outside = np.zeros_like(outside_vectors)
    v = center_vectors[center]
    error = sigmoid(outside_vectors[outside] @ v) - 1
    d_center[center] += error * outside_vectors[outside]
    d_outside[outside] += error * v
    for k in negatives:
        error = sigmoid(outside_vectors[k] @ v)
        d_center[center] += error * outside_vectors[k]
        d_outside[k] += error * v
    return d_center, d_outside
