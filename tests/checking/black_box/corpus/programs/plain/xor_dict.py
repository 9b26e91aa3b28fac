"""A net for exclusive or, whose weights are in a dict of numbers by name."""

import math

CASES = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]

at = {"w11": 0.5, "w12": -0.4, "w21": 0.9, "w22": 1.0, "b1": 0.8, "b2": -0.1,
      "v1": -1.2, "v2": 1.1, "c": 0.3}  # fmt: skip


def loss(p):
    e = 0
    for x1, x2, t in CASES:
        h1 = math.tanh(p["w11"] * x1 + p["w12"] * x2 + p["b1"])
        h2 = math.tanh(p["w21"] * x1 + p["w22"] * x2 + p["b2"])
        y = p["v1"] * h1 + p["v2"] * h2 + p["c"]
        e += 0.5 * (y - t) ** 2
    return e


def grad(p):
    g = dict.fromkeys(p, 0.0)
    for x1, x2, t in CASES:
        h1 = math.tanh(p["w11"] * x1 + p["w12"] * x2 + p["b1"])
        h2 = math.tanh(p["w21"] * x1 + p["w22"] * x2 + p["b2"])
        y = p["v1"] * h1 + p["v2"] * h2 + p["c"]
        d = y - t
        g["v1"] += d * h1
        g["v2"] += d * h2
        g["c"] += d
        d1 = d * p["v1"] * (1 - h1 * h1)
        d2 = d * p["v2"] * (1 - h2 * h2)
        g["w11"] += d1 * x1
        g["w12"] += d1 * x2
        g["b1"] += d1
        g["w21"] += d2 * x1
        g["w22"] += d2 * x2
        g["b2"] += d2
    return g
