"""A frozen matrix with a low-rank adapter: only A and B learn."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(6)
D, R = 4, 1
base = [[Value(random.gauss(0, 1)) for _ in range(D)] for _ in range(D)]
frozen = [[w.data for w in row] for row in base]
A = [[Value(random.gauss(0, 0.2)) for _ in range(R)] for _ in range(D)]
B = [[Value(0.0) for _ in range(D)] for _ in range(R)]
u, w = [random.gauss(0, 1) for _ in range(D)], [random.gauss(0, 1) for _ in range(D)]
adapter = [p for m in (A, B) for row in m for p in row]


def linear(x, m):
    return [sum(wi * xi for wi, xi in zip(row, x)) for row in m]


for step in range(40):
    x = [random.gauss(0, 1) for _ in range(D)]
    wx = sum(wi * xi for wi, xi in zip(w, x))
    target = [sum(f * xi for f, xi in zip(row, x)) + ui * wx for row, ui in zip(frozen, u)]
    y = [b + a for b, a in zip(linear(x, base), linear(linear(x, B), A))]
    loss = sum((yi - t) ** 2 for yi, t in zip(y, target)) / D
    loss.backward()
    for p in adapter:
        p.data -= 0.03 * p.grad
    for p in adapter + [b for row in base for b in row]:
        p.grad = 0
    if step % 5 == 4:
        print(f"step {step + 1:2d} | loss {loss.data:.4f}")
print("base unchanged:", [[b.data for b in row] for row in base] == frozen)
print("trained", len(adapter), "of", D * D + len(adapter))
