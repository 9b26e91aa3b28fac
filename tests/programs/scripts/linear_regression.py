"""A cubic through noisy points, by minibatches, beside the exact answer for the mean."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(71)
coef = [Value(0.0) for _ in range(4)]
data = [(x / 5, 1 - 2 * (x / 5) + (x / 5) ** 3 + random.gauss(0, 0.05)) for x in range(-6, 7)]

for epoch in range(30):
    random.shuffle(data)
    epoch_loss = 0.0
    for start in range(0, len(data), 5):
        batch = data[start : start + 5]
        loss = sum((sum(c * x**k for k, c in enumerate(coef)) - y) ** 2 for x, y in batch)
        loss = loss / len(batch)
        loss.backward()
        for c in coef:
            c.data -= 0.08 * c.grad
            c.grad = 0
        epoch_loss += loss.data * len(batch)
    if epoch % 5 == 4:
        print(f"epoch {epoch + 1} mse {epoch_loss / len(data):.6f}")
print("coefficients", " ".join(f"{c.data:.5f}" for c in coef))
