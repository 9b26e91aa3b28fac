"""Two stars and a planet: potential energy by positions and masses, in a nested dict."""

import math

G = 1.3

at = {
    "sun": {"m": 3.0, "pos": [0.0, 0.1]},
    "twin": {"m": 2.0, "pos": [1.0, -0.4]},
    "planet": {"m": 0.2, "pos": [-0.8, 1.5]},
}


def pairs(bodies):
    names = list(bodies)
    return [(a, b) for n, a in enumerate(names) for b in names[:n]]


def loss(bodies):
    total = 0.0
    for a, b in pairs(bodies):
        r = math.dist(bodies[a]["pos"], bodies[b]["pos"])
        total -= G * bodies[a]["m"] * bodies[b]["m"] / r
    return total


def grad(bodies):
    g = {name: {"m": 0.0, "pos": [0.0, 0.0]} for name in bodies}
    for a, b in pairs(bodies):
        r = math.dist(bodies[a]["pos"], bodies[b]["pos"])
        m = bodies[a]["m"] * bodies[b]["m"]
        g[a]["m"] -= G * bodies[b]["m"] / r
        g[b]["m"] -= G * bodies[a]["m"] / r
        for i in range(2):
            d = bodies[a]["pos"][i] - bodies[b]["pos"][i]
            g[a]["pos"][i] += G * m * d / r**3
            g[b]["pos"][i] -= G * m * d / r**3
    return g
