"""The same small net with one activation after another, each a method of its Value."""

import math
import random

from tests.programs.value_of_microgpt import Value


def train(name, activation):
    random.seed(79)
    w1 = [[Value(random.gauss(0, 1)) for _ in range(2)] for _ in range(4)]
    w2 = [Value(random.gauss(0, 0.5)) for _ in range(5)]
    params = [p for row in w1 for p in row] + w2
    for _ in range(31):
        x = random.uniform(-2, 2)
        hidden = [activation(a * x + b) for a, b in w1]
        y = sum(w * h for w, h in zip(w2, hidden)) + w2[-1]
        error = y - math.cos(2 * x)
        loss = (error * error + 1e-6).sqrt()
        for p in params:
            p.grad = 0
        loss.backward()
        for p in params:
            p.data -= 0.02 * p.grad
    print(f"{name:10s} loss {loss.data:.6f} last weight {w2[-1].data:.6f}")


train("relu", lambda v: v.relu())
train("leaky", lambda v: v.leaky_relu(0.1))
train("tanh", lambda v: v.tanh())
train("sigmoid", lambda v: v.sigmoid())
train("softplus", lambda v: v.softplus())
train("silu", lambda v: v.silu())
train("sin", lambda v: v.sin())
train("cos", lambda v: v.cos())
train("abs", lambda v: v.abs())
train("hard tanh", lambda v: v.clamp(-1.0, 1.0))
train("max", lambda v: v.maximum(-0.5))
