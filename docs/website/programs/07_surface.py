"""An error surface

Two weights, the error over both, and the ways that descent and momentum take down the ravine.
"""

from microbp import Value, plots
from microbp.optim import Descent, Momentum

cases = [((1.0, 1.0), 0.5), ((1.0, 0.7), 0.65)]


def error(w1, w2):
    return 0.5 * sum((w1 * x1 + w2 * x2 - d) ** 2 for (x1, x2), d in cases)


def path(rule, **settings):
    weights = [Value(-1.5), Value(0.5)]
    rule = rule(weights, **settings)
    points = []
    for _ in range(68):
        points.append(tuple(w.data for w in weights))
        rule.zero_grad()
        error(*weights).backward()
        rule.step()
    return points


paths = {"descent": path(Descent, lr=0.3), "momentum": path(Momentum, lr=0.3, momentum=0.8)}
w1, w2 = Value(-1.5, label="w1"), Value(0.5, label="w2")
plots.save_png(
    "surface.png",
    lambda ax: plots.error_surface(
        error(w1, w2), w1, w2, ax, x=(-2.0, 2.0), y=(-1.5, 2.2), paths=paths
    ),
    (6, 4.5),
)
