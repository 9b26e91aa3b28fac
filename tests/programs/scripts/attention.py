"""Self-attention that finds the largest of its inputs."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(13)
D = 3
Wq, Wk = ([[Value(random.gauss(0, 0.5)) for _ in range(1)] for _ in range(D)] for _ in range(2))
params = [p for w in (Wq, Wk) for row in w for p in row]


def softmax(xs):
    top = max(x.data for x in xs)
    es = [(x - top).exp() for x in xs]
    total = sum(es)
    return [e / total for e in es]


for step in range(40):
    xs = [random.uniform(0, 2) for _ in range(4)]
    query = [row[0] * (sum(xs) / len(xs)) for row in Wq]
    keys = [[row[0] * x for row in Wk] for x in xs]
    scores = [sum(q * k for q, k in zip(query, key)) / D**0.5 for key in keys]
    weights = softmax(scores)
    y = sum(w * x for w, x in zip(weights, xs))
    loss = (y - max(xs)) ** 2
    for p in params:
        p.grad = 0
    loss.backward()
    for p in params:
        p.data -= 0.2 * p.grad
    if step % 5 == 0:
        top = max(range(4), key=lambda i: weights[i].data)
        print(f"{step:3d} loss={loss.data:.6f} top={top} weight={weights[top].data:.4f}")
