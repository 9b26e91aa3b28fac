"""A net of sigmoid units learns exclusive or, with momentum kept beside each weight."""

import random

from tests.programs.value_of_micrograd import Value

random.seed(0)
hidden = [[Value(random.uniform(-1, 1)) for _ in range(3)] for _ in range(2)]
output = [Value(random.uniform(-1, 1)) for _ in range(3)]
params = [p for row in hidden for p in row] + output
for p in params:
    p.velocity = 0.0


def net(a, b):
    h = [(w[0] * a + w[1] * b + w[2]).sigmoid() for w in hidden]
    return (output[0] * h[0] + output[1] * h[1] + output[2]).sigmoid()


cases = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
for epoch in range(101):
    loss = sum((net(a, b) - t) ** 2 for a, b, t in cases) * 0.5
    for p in params:
        p.grad = 0.0
    loss.backward()
    for p in params:
        p.velocity = 0.9 * p.velocity - 0.5 * p.grad
        p.data += p.velocity
    if epoch % 20 == 0:
        print(epoch, f"{loss.data:.6f}")
for a, b, t in cases:
    print(a, b, "->", f"{net(a, b).data:.4f}", t)
