"""The energy of four atoms that attract and repel each other, and the forces' opposite."""

import numpy as np


def loss(positions):
    energy = 0.0
    for i in range(len(positions)):
        for j in range(i):
            r = np.linalg.norm(positions[i] - positions[j])
            energy += 4 * (r**-12 - r**-6)
    return energy


def grad(positions):
    g = np.zeros_like(positions)
    for i in range(len(positions)):
        for j in range(i):
            d = positions[i] - positions[j]
            r = np.linalg.norm(d)
            dE_dr = 4 * (-12 * r**-13 + 6 * r**-7)
            g[i] += dE_dr * d / r
            g[j] -= dE_dr * d / r
    return g


at = np.array([[0.0, 0.0, 0.0], [1.2, 0.1, 0.0], [0.2, 1.1, 0.3], [0.9, 0.8, 1.1]])
