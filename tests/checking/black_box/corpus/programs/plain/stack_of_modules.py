"""Modules with forward and backward over plain lists; the gradient is that of the input."""


class Scale:
    def __init__(self, factors):
        self.factors = factors

    def forward(self, xs):
        return [f * x for f, x in zip(self.factors, xs)]

    def backward(self, upstream):
        return [f * u for f, u in zip(self.factors, upstream)]


class Square:
    def forward(self, xs):
        self.xs = xs
        return [x * x for x in xs]

    def backward(self, upstream):
        return [2 * x * u for x, u in zip(self.xs, upstream)]


class Softsign:
    def forward(self, xs):
        self.xs = xs
        return [x / (1 + abs(x)) for x in xs]

    def backward(self, upstream):
        return [u / (1 + abs(x)) ** 2 for x, u in zip(self.xs, upstream)]


model = [Scale([1.0, -2.0, 0.5]), Softsign(), Scale([3.0, 1.0, -1.0]), Square()]


def loss(xs):
    for module in model:
        xs = module.forward(xs)
    return sum(xs)


def grad(xs):
    upstream = [1.0 for _ in xs]
    loss(xs)
    for module in reversed(model):
        upstream = module.backward(upstream)
    return upstream


at = [0.7, -1.3, 2.1]
