"""A bag of words: the mean of embeddings, some words twice, and a logistic unit."""

import numpy as np

rng = np.random.default_rng(13)
words = np.array([1, 4, 1, 2, 1])
label = 1.0

at = {"E": rng.normal(size=(6, 3)), "w": rng.normal(size=3)}


def loss(params):
    mean = params["E"][words].mean(axis=0)
    z = params["w"] @ mean
    return np.log1p(np.exp(-z)) if label else np.log1p(np.exp(z))


def grad(params):
    E, w = params["E"], params["w"]
    mean = E[words].mean(axis=0)
    dz = 1 / (1 + np.exp(-(w @ mean))) - label
    dmean = dz * w
    dE = np.zeros_like(E)
    np.add.at(dE, words, dmean / len(words))
    return {"E": dE, "w": dz * mean}
