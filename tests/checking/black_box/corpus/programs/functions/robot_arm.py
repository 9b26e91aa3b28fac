"""An arm of three links: the place of its hand, and the jacobian that its controller uses."""

import numpy as np

lengths = np.array([1.0, 0.8, 0.5])


def f(angles):
    total = np.cumsum(angles)
    return np.array([lengths @ np.cos(total), lengths @ np.sin(total)])


def jacobian(angles):
    total = np.cumsum(angles)
    J = np.zeros((2, 3))
    for j in range(3):
        J[0, j] = -np.sum(lengths[j:] * np.sin(total[j:]))
        J[1, j] = np.sum(lengths[j:] * np.cos(total[j:]))
    return J


at = np.array([0.3, -0.7, 1.1])
