"""Softmax regression that keeps its best weights and stops when validation gets worse."""

import random

from tests.programs.value_of_micrograd import Value

random.seed(67)


def point():
    k = random.randrange(3)
    return (random.gauss(k - 1, 0.8), random.gauss(k % 2, 0.8), 1.0), k


train, valid = [point() for _ in range(8)], [point() for _ in range(8)]
W = [[Value(0.0) for _ in range(3)] for _ in range(3)]


def nll(cases):
    total = Value(0.0)
    for x, k in cases:
        logits = [sum((w * v for w, v in zip(row, x)), Value(0.0)) for row in W]
        total += sum(v.exp() for v in logits).log() - logits[k]
    return total / len(cases)


best, patience, kept = float("inf"), 0, None
for epoch in range(30):
    loss = nll(train)
    for row in W:
        for w in row:
            w.grad = 0.0
    loss.backward()
    for row in W:
        for w in row:
            w.data -= 0.8 * w.grad
    held_out = nll(valid).data
    if held_out < best:
        best, patience, kept = held_out, 0, [[w.data for w in row] for row in W]
    else:
        patience += 1
    print(f"epoch {epoch:2d} train {loss.data:.5f} valid {held_out:.5f}")
    if patience == 3:
        break
print(f"best {best:.6f}", [[round(w, 4) for w in row] for row in kept])
