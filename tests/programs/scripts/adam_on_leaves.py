"""AdamW as a class, with the moments kept on the parameters themselves: p.m, p.v."""

import random

from tests.programs.value_of_micrograd import Value

random.seed(59)


class MLP:
    def __init__(self, sizes):
        self.layers = [
            [[Value(random.gauss(0, n**-0.5)) for _ in range(n)] + [Value(0)] for _ in range(k)]
            for n, k in zip(sizes, sizes[1:])
        ]

    def __call__(self, x):
        for layer in self.layers[:-1]:
            x = [sum((w * v for w, v in zip(row, x)), row[-1]).tanh() for row in layer]
        return [sum((w * v for w, v in zip(row, x)), row[-1]) for row in self.layers[-1]]

    def parameters(self):
        return [p for layer in self.layers for row in layer for p in row]


class AdamW:
    def __init__(self, parameters, lr=0.05, beta1=0.9, beta2=0.95, eps=1e-8, weight_decay=1e-2):
        self.parameters = parameters
        self.lr, self.beta1, self.beta2 = lr, beta1, beta2
        self.eps, self.weight_decay, self.t = eps, weight_decay, 0
        for p in parameters:
            p.m = 0.0
            p.v = 0.0

    def step(self):
        self.t += 1
        for p in self.parameters:
            p.m = self.beta1 * p.m + (1 - self.beta1) * p.grad
            p.v = self.beta2 * p.v + (1 - self.beta2) * p.grad**2
            m_hat = p.m / (1 - self.beta1**self.t)
            v_hat = p.v / (1 - self.beta2**self.t)
            p.data -= self.lr * (m_hat / (v_hat**0.5 + self.eps) + self.weight_decay * p.data)

    def zero_grad(self):
        for p in self.parameters:
            p.grad = 0


def cross_entropy(logits, target):
    top = max(v.data for v in logits)
    exps = [(v - top).exp() for v in logits]
    return -(exps[target] / sum(exps)).log()


points = [((random.gauss(2 * (k % 3) - 2, 0.5), random.gauss(k % 2, 0.5)), k % 3) for k in range(6)]
model = MLP([2, 4, 3])
optimizer = AdamW(model.parameters())
for step in range(12):
    loss = Value(0)
    for x, y in points:
        loss += cross_entropy(model([Value(x[0]), Value(x[1])]), y)
    loss = loss * (1.0 / len(points))
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    print(f"step {step}, train loss {loss.data:.6f}")
print(max(abs(p.m) for p in model.parameters()) > 0, f"{model.parameters()[0].v:.3e}")
