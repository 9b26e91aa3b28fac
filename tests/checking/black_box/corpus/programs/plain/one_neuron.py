"""One neuron by hand: three numbers in, three slopes out."""

from math import exp

x, target = 1.5, 0.2


def loss(w, v, b):
    y = 1 / (1 + exp(-(w * x + v * x**2 + b)))
    return (y - target) ** 2


def grad(w, v, b):
    z = w * x + v * x**2 + b
    y = 1 / (1 + exp(-z))
    dz = 2 * (y - target) * y * (1 - y)
    return dz * x, dz * x**2, dz


at = (0.4, -0.3, 0.1)
