"""A net of neurons and layers for two interlocking moons: hinge loss, L2, falling step size."""

import math
import random

from tests.programs.value_of_micrograd import Value

random.seed(1337)


class Module:
    def zero_grad(self):
        for p in self.parameters():
            p.grad = 0

    def parameters(self):
        return []


class Neuron(Module):
    def __init__(self, nin, nonlin=True):
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0)
        self.nonlin = nonlin

    def __call__(self, x):
        act = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)
        return act.relu() if self.nonlin else act

    def parameters(self):
        return [*self.w, self.b]


class Layer(Module):
    def __init__(self, nin, nout, **kwargs):
        self.neurons = [Neuron(nin, **kwargs) for _ in range(nout)]

    def __call__(self, x):
        out = [n(x) for n in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self):
        return [p for n in self.neurons for p in n.parameters()]


class MLP(Module):
    def __init__(self, nin, nouts):
        sizes = [nin, *nouts]
        self.layers = [
            Layer(sizes[i], sizes[i + 1], nonlin=i != len(nouts) - 1) for i in range(len(nouts))
        ]

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self):
        return [p for layer in self.layers for p in layer.parameters()]


X, y = [], []
for i in range(10):
    t = math.pi * i / 9
    X += [(math.cos(t), math.sin(t)), (1 - math.cos(t), 0.5 - math.sin(t))]
    y += [-1, 1]
model = MLP(2, [5, 5, 1])


def loss(batch):
    scores = [model([Value(a) for a in X[i]]) for i in batch]
    losses = [(1 + -y[i] * s).relu() for i, s in zip(batch, scores)]
    data_loss = sum(losses) * (1.0 / len(losses))
    total_loss = data_loss + 1e-4 * sum(p * p for p in model.parameters())
    right = [(y[i] > 0) == (s.data > 0) for i, s in zip(batch, scores)]
    return total_loss, sum(right) / len(right)


for k in range(8):
    total_loss, acc = loss(random.sample(range(len(X)), 10))
    model.zero_grad()
    total_loss.backward()
    learning_rate = 1.0 - 0.9 * k / 8
    for p in model.parameters():
        p.data -= learning_rate * p.grad
    print(f"step {k} loss {total_loss.data}, accuracy {acc * 100}%")
