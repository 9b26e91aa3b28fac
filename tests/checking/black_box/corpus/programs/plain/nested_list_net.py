"""Backpropagation over nested lists, with no library at all."""

import math

samples = [([0.0, 1.0], [1.0]), ([1.0, 1.0], [0.0]), ([1.0, 0.0], [1.0])]

at = [
    [[0.3, -0.8, 0.1], [1.2, 0.4, -0.5]],  # two hidden units: two weights and a bias each
    [[0.9, -1.1, 0.2]],
]


def squash(x):
    return 1.0 / (1.0 + math.exp(-x))


def layer(units, inputs):
    return [squash(sum(w * x for w, x in zip(unit[:-1], inputs)) + unit[-1]) for unit in units]


def loss(net):
    total = 0.0
    for inputs, wanted in samples:
        outputs = layer(net[1], layer(net[0], inputs))
        total += sum((o - t) ** 2 for o, t in zip(outputs, wanted)) / 2
    return total


def grad(net):
    sums = [[[0.0 for _ in unit] for unit in units] for units in net]
    for inputs, wanted in samples:
        hidden = layer(net[0], inputs)
        outputs = layer(net[1], hidden)
        delta_out = [(o - t) * o * (1 - o) for o, t in zip(outputs, wanted)]
        delta_hidden = []
        for j, h in enumerate(hidden):
            back = sum(net[1][k][j] * d for k, d in enumerate(delta_out))
            delta_hidden.append(back * h * (1 - h))
        for k, d in enumerate(delta_out):
            for j, h in enumerate(hidden):
                sums[1][k][j] += d * h
            sums[1][k][-1] += d
        for j, d in enumerate(delta_hidden):
            for i, x in enumerate(inputs):
                sums[0][j][i] += d * x
            sums[0][j][-1] += d
    return sums
