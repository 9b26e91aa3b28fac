"""A point seen by a camera: residuals in pixels, with respect to the camera's place and focus."""

import numpy as np

points = np.array([[0.5, 0.2, 4.0], [-0.3, 0.7, 5.0]])
seen = np.array([[60.0, 20.0], [-30.0, 70.0]])


def f(place, focus):
    moved = points - place
    return (focus * moved[:, :2] / moved[:, 2:] - seen).ravel()


def vjp(place, focus, u):
    moved = points - place
    u = u.reshape(-1, 2)
    z = moved[:, 2:]
    d_moved = np.concatenate(
        [focus * u / z, -np.sum(focus * u * moved[:, :2], 1)[:, None] / z**2], 1
    )
    return -d_moved.sum(axis=0), np.sum(u * moved[:, :2] / z)


at = (np.array([0.1, -0.2, 0.3]), 500.0)
