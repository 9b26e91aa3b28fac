"""Modules with modes and children, dropout, normalization, and optimizers, as in PyTorch."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(4)


class Module:
    training = True

    def children(self):
        for x in vars(self).values():
            for item in x if isinstance(x, list) else [x]:
                if isinstance(item, Module):
                    yield item

    def parameters(self):
        found = []
        for x in vars(self).values():
            rows = x if isinstance(x, list) else [x]
            for row in rows:
                found += [p for p in (row if isinstance(row, list) else [row]) if type(p) is Value]
        for child in self.children():
            found += child.parameters()
        return found

    def train(self, mode=True):
        self.training = mode
        for child in self.children():
            child.train(mode)


class Linear(Module):
    def __init__(self, inputs, outputs):
        self.weight = [
            [Value(random.uniform(-1, 1)) for _ in range(inputs)] for _ in range(outputs)
        ]
        self.bias = [Value(0) for _ in range(outputs)]

    def __call__(self, xs):
        ys = []
        for row, bias in zip(self.weight, self.bias):
            y = Value(0.0)
            for w, x in zip(row, xs):
                y += w * x
            y += bias
            ys.append(y)
        return ys


class Tanh(Module):
    def __call__(self, xs):
        return [x.tanh() for x in xs]


class Norm(Module):
    def __init__(self, size):
        self.gain = [Value(1.0) for _ in range(size)]

    def __call__(self, xs):
        mean = sum(xs) / len(xs)
        scale = (sum((x - mean) ** 2 for x in xs) / len(xs) + 1e-5) ** -0.5
        return [g * (x - mean) * scale for g, x in zip(self.gain, xs)]


class Dropout(Module):
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, xs):
        if not self.training:
            return xs
        kept = 1.0 / (1.0 - self.rate)
        return [Value(0.0) if random.random() < self.rate else x * kept for x in xs]


class Sequential(Module):
    def __init__(self, *layers):
        self.layers = list(layers)

    def __call__(self, xs):
        for layer in self.layers:
            xs = layer(xs)
        return xs


class RMSProp:
    def __init__(self, params, lr=0.05, alpha=0.9):
        self.params, self.lr, self.alpha = list(params), lr, alpha
        self.v = [0.0] * len(self.params)

    def zero_grad(self):
        for p in self.params:
            p.grad = 0

    def step(self):
        for i, p in enumerate(self.params):
            p.grad = max(-1.0, min(1.0, p.grad))
            self.v[i] = self.alpha * self.v[i] + (1 - self.alpha) * p.grad**2
            p.data -= self.lr * p.grad / (self.v[i] ** 0.5 + 1e-8)


def cross_entropy(logits, target):
    top = max(v.data for v in logits)
    exps = [(v - top).exp() for v in logits]
    return -(exps[target] / sum(exps)).log()


data = [([random.gauss(k, 0.5), random.gauss(-k, 0.5)], k) for k in (0, 1, 2) for _ in range(6)]
net = Sequential(Linear(2, 6), Norm(6), Tanh(), Dropout(0.2), Linear(6, 3))
print(len(net.parameters()), sum(p.data == 0 for p in net.parameters()))
optimizer = RMSProp(net.parameters())
for epoch in range(12):
    loss = sum(cross_entropy(net([Value(x) for x in xs]), k) for xs, k in data) / len(data)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(f"epoch {epoch:2d}  loss {loss.data:.6f}")
net.train(False)
confusion = [[0] * 3 for _ in range(3)]
for xs, k in data:
    logits = net([Value(x) for x in xs])
    confusion[k][logits.index(max(logits, key=lambda v: v.data))] += 1
print(confusion)
