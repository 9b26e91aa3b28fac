"""Descent, momentum, RMSprop and Adam on the same narrow valley."""

from tests.programs.value_of_microgpt import Value


def f(x, y):
    return (1 - x) ** 2 + 10 * (y - x**2) ** 2


def sgd(ps, s, t):
    for p in ps:
        p.data -= 0.005 * p.grad


def momentum(ps, s, t):
    for i, p in enumerate(ps):
        s[i] = 0.9 * s.get(i, 0.0) + p.grad
        p.data -= 0.002 * s[i]


def rmsprop(ps, s, t):
    for i, p in enumerate(ps):
        s[i] = 0.9 * s.get(i, 0.0) + 0.1 * p.grad**2
        p.data -= 0.02 * p.grad / (s[i] ** 0.5 + 1e-8)


def adam(ps, s, t):
    for i, p in enumerate(ps):
        m, v = s.get(i, (0.0, 0.0))
        s[i] = m, v = 0.9 * m + 0.1 * p.grad, 0.999 * v + 0.001 * p.grad**2
        p.data -= 0.05 * (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)


for rule in (sgd, momentum, rmsprop, adam):
    x, y, state = Value(-1.0), Value(1.5), {}
    for t in range(1, 201):
        loss = f(x, y)
        x.grad = y.grad = 0.0
        loss.backward()
        rule([x, y], state, t)
        if t % 50 == 0:
            print(f"{rule.__name__:9s} {t:3d} f={loss.data:.8f} x={x.data:.6f} y={y.data:.6f}")
