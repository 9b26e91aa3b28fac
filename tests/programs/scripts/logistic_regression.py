"""Logistic regression with cross-entropy, an L2 penalty and a test set."""

import random

from tests.programs.value_of_micrograd import Value

random.seed(43)
data = []
for _ in range(40):
    x = (random.gauss(0, 1), random.gauss(0, 1))
    data.append((x, 1 if x[0] - 0.5 * x[1] + random.gauss(0, 0.3) > 0.2 else 0))
train, test = data[:30], data[30:]
w, b = [Value(0.0), Value(0.0)], Value(0.0)


def predict(x):
    return (w[0] * x[0] + w[1] * x[1] + b).sigmoid()


for epoch in range(12):
    losses = []
    for x, y in train:
        p = predict(x)
        losses.append(-p.log() if y else -(1 - p).log())
    loss = sum(losses) / len(losses) + 0.01 * sum(wi**2 for wi in w)
    for p in [*w, b]:
        p.grad = 0.0
    loss.backward()
    for p in [*w, b]:
        p.data -= 1.0 * p.grad
    accuracy = sum((predict(x).data > 0.5) == bool(y) for x, y in test) / len(test)
    print(f"epoch {epoch:2d}: loss {loss.data:.6f}, test accuracy {accuracy:.2f}")
print("w =", [round(wi.data, 5) for wi in w], "b =", round(b.data, 5))
