"""Four one-hot patterns through a bottleneck of two tanh units and a softmax."""

import random

from tests.programs.value_of_micrograd import Value

random.seed(53)
enc = [[Value(random.uniform(-1, 1), label=f"e{i}{j}") for j in range(4)] for i in range(2)]
dec = [[Value(random.uniform(-1, 1), label=f"d{i}{j}") for j in range(2)] for i in range(4)]
params = [p for m in (enc, dec) for row in m for p in row]


def code(k):
    return [row[k].tanh() for row in enc]


def decode(z):
    exps = [sum((w * zi for w, zi in zip(row, z)), Value(0.0)).exp() for row in dec]
    return [e / sum(exps) for e in exps]


for epoch in range(20):
    loss = sum((-decode(code(k))[k].log() for k in range(4)), Value(0.0)) / 4
    for p in params:
        p.grad = 0.0
    loss.backward()
    largest = max(params, key=lambda p: abs(p.grad))
    for p in params:
        p.data += -1.0 * p.grad
    if epoch % 2 == 0:
        print(f"{epoch:2d} loss {loss.data:.6f} largest gradient at {largest.label}")
for k in range(4):
    print(k, [f"{z.data:+.3f}" for z in code(k)], f"{decode(code(k))[k].data:.4f}")
