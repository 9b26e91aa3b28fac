"""Masses on springs between two walls, under gravity."""

import numpy as np

k, rest, g = 40.0, 0.9, 9.81
masses = np.array([1.0, 2.0, 0.5])
walls = 0.0, 5.0


def energy(x):
    chain = np.concatenate([[walls[0]], x, [walls[1]]])
    return 0.5 * k * np.sum((np.diff(chain) - rest) ** 2) + g * masses @ x


def gradient(x):
    chain = np.concatenate([[walls[0]], x, [walls[1]]])
    stretch = np.diff(chain) - rest
    return k * (stretch[:-1] - stretch[1:]) + g * masses


loss, grad = energy, gradient
at = np.array([1.0, 2.4, 3.9])
