"""Keeps copies of its best parameters, sorts and compares Values, and clones a small model."""

import copy
import random

from tests.programs.value_of_micrograd import Value

random.seed(89)


class Model:
    def __init__(self):
        self.w = [Value(random.gauss(0, 1)) for _ in range(3)]
        self.b = Value(0.0)

    def __call__(self, x):
        return (sum((w * x**k for k, w in enumerate(self.w, 1)), self.b)).tanh()

    def parameters(self):
        return [*self.w, self.b]


def loss_of(model, xs):
    return sum((model(x) - (0.8 if x > 0.3 else -0.8)) ** 2 for x in xs)


model, best, best_loss = Model(), None, float("inf")
for epoch in range(16):
    xs = [random.uniform(-1, 1) for _ in range(6)]
    loss = loss_of(model, xs)
    if loss.data < best_loss:
        best, best_loss = copy.deepcopy(model), loss.data
    for p in model.parameters():
        p.grad = 0.0
    loss.backward()
    for p in model.parameters():
        p.data -= 0.1 * p.grad
    if epoch % 3 == 0:
        print(f"epoch {epoch:2d} loss {loss.data:.5f} best {best_loss:.5f}")
print(all(p is not q for p, q in zip(model.parameters(), best.parameters())))
print(f"{loss_of(best, [0.1, 0.5]).data:.5f}", len({*model.parameters(), *best.parameters()}))
