"""Ratings as a product of two thin matrices; a missing rating is NaN and counts for nothing."""

import numpy as np

rng = np.random.default_rng(19)
ratings = rng.integers(1, 6, size=(4, 3)).astype(float)
ratings[0, 1] = ratings[2, 2] = ratings[3, 0] = np.nan
known = ~np.isnan(ratings)
lam = 0.02

at = {"users": rng.normal(size=(4, 2)), "items": rng.normal(size=(3, 2))}


def error(p):
    return np.where(known, p["users"] @ p["items"].T - np.nan_to_num(ratings), 0.0)


def loss(p):
    penalty = np.sum(p["users"] ** 2) + np.sum(p["items"] ** 2)
    return np.sum(error(p) ** 2) + lam * penalty


def grad(p):
    e = error(p)
    return {
        "users": 2 * e @ p["items"] + 2 * lam * p["users"],
        "items": 2 * e.T @ p["users"] + 2 * lam * p["items"],
    }
