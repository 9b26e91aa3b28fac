"""Warm-up and cosine decay, gradient clipping and decoupled weight decay, for AdamW."""

import math
import random

from tests.programs.value_of_microgpt import Value

random.seed(41)
w1 = [[Value(random.uniform(-1, 1)) for _ in range(2)] for _ in range(4)]
w2 = [Value(random.uniform(-1, 1)) for _ in range(5)]
params = [p for row in w1 for p in row] + w2
m, v = [0.0] * len(params), [0.0] * len(params)
total, warmup = 60, 10


def rate(step):
    if step < warmup:
        return 0.05 * (step + 1) / warmup
    return 0.025 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup)))


for step in range(total):
    x = random.uniform(-1, 1)
    hidden = [(a * x + b).tanh() for a, b in w1]
    y = sum(w * h for w, h in zip(w2, hidden)) + w2[-1]
    loss = (y - math.sin(3 * x)) ** 2
    for p in params:
        p.grad = 0
    loss.backward()
    norm = math.sqrt(sum(p.grad**2 for p in params))
    scale = min(1.0, 1.0 / (norm + 1e-6))
    lr = rate(step)
    for i, p in enumerate(params):
        g = p.grad * scale
        m[i], v[i] = 0.9 * m[i] + 0.1 * g, 0.99 * v[i] + 0.01 * g * g
        p.data *= 1 - lr * 0.01
        p.data -= (
            lr
            * (m[i] / (1 - 0.9 ** (step + 1)))
            / (math.sqrt(v[i] / (1 - 0.99 ** (step + 1))) + 1e-8)
        )
    if step % 6 == 0:
        print(f"step {step:2d} lr {lr:.5f} loss {loss.data:.6f} norm {norm:.5f}")
