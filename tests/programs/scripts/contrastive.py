"""Embeddings by triplets: near to the like, a margin away from the unlike; distances by sqrt."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(37)
W = [[Value(random.gauss(0, 0.7)) for _ in range(3)] for _ in range(2)]
params = [w for row in W for w in row]


def sample(kind):
    return [random.gauss(kind, 0.4), random.gauss(-kind, 0.4), random.gauss(0, 1)]


def embed(x):
    z = [sum(w * xi for w, xi in zip(row, x)) for row in W]
    norm = sum(zi**2 for zi in z) ** 0.5
    return [zi / (norm + 1e-8) for zi in z]


def distance(a, b):
    return (sum((x - y) ** 2 for x, y in zip(a, b)) + 1e-8) ** 0.5


for step in range(40):
    kind = random.choice((-1, 1))
    anchor, like, unlike = (embed(sample(k)) for k in (kind, kind, -kind))
    gap = distance(anchor, like) - distance(anchor, unlike) + 0.5
    loss = gap.relu()
    loss.backward()
    for p in params:
        p.data -= 0.1 * (p.grad + 0.001 * p.data)
        p.grad = 0.0
    if step % 4 == 0:
        print(f"step {step:2d} gap {gap.data:+.6f} loss {loss.data:.6f}")
