"""Kepler's equation by Newton's iteration, and its slope by the implicit function theorem."""

import math


def anomaly(M, e):
    E = M
    for _ in range(50):
        step = (E - e * math.sin(E) - M) / (1 - e * math.cos(E))
        E -= step
        if abs(step) < 1e-10:
            break
    return E


def loss(M, e):
    return math.cos(anomaly(M, e)) - e


def grad(M, e):
    E = anomaly(M, e)
    dE_dM = 1 / (1 - e * math.cos(E))
    dE_de = math.sin(E) / (1 - e * math.cos(E))
    return -math.sin(E) * dE_dM, -math.sin(E) * dE_de - 1


at = (0.8, 0.3)
