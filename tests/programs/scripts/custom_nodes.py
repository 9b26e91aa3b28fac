"""A few operations made on the spot by their local gradients: sin, abs, max, log-sum-exp."""

import math

from tests.programs.value_of_microgpt import Value


def sin(x):
    return Value(math.sin(x.data), (x,), (math.cos(x.data),))


def absolute(x):
    return Value(abs(x.data), (x,), (1.0 if x.data >= 0 else -1.0,))


def largest(xs):
    k = max(range(len(xs)), key=lambda i: xs[i].data)
    return Value(xs[k].data, tuple(xs), tuple(float(i == k) for i in range(len(xs))))


def logsumexp(xs):
    top = max(x.data for x in xs)
    exps = [math.exp(x.data - top) for x in xs]
    total = sum(exps)
    return Value(top + math.log(total), tuple(xs), tuple(e / total for e in exps))


ps = [Value(x) for x in (0.3, -1.2, 2.0)]
for step in range(10):
    a, b, c = ps
    loss = (logsumexp([a, b, c]) - sin(a * b)) ** 2 + 0.1 * absolute(b) + 0.01 * largest(ps)
    loss.backward()
    print(f"{step} {loss.data:.6f}", " ".join(f"{p.grad:+.6f}" for p in ps))
    for p in ps:
        p.data -= 0.05 * p.grad
        p.grad = 0
print(len(loss._children), [len(child._children) for child in loss._children])
