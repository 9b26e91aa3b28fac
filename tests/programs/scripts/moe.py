"""A mixture of experts: the router picks the best two of three, with a loss for balance."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(8)
E, K = 3, 2
router = [[Value(random.gauss(0, 0.5)) for _ in range(2)] for _ in range(E)]
experts = [[[Value(random.gauss(0, 0.5)) for _ in range(2)] for _ in range(2)] for _ in range(E)]
params = [p for row in router for p in row] + [p for e in experts for row in e for p in row]


def linear(x, w):
    return [sum(a * b for a, b in zip(row, x)) for row in w]


def softmax(xs):
    top = max(x.data for x in xs)
    es = [(x - top).exp() for x in xs]
    return [e / sum(es) for e in es]


for step in range(16):
    fraction, importance, loss = [0.0] * E, [Value(0.0)] * E, Value(0.0)
    for _ in range(3):
        x = [random.uniform(-1, 1), random.uniform(-1, 1)]
        y = [x[1], -x[0]] if x[0] > 0 else [x[0], x[1]]
        gates = softmax(linear([Value(v) for v in x], router))
        best = sorted(range(E), key=lambda i: gates[i].data, reverse=True)[:K]
        share = sum(gates[i] for i in best)
        out = [Value(0.0), Value(0.0)]
        for i in best:
            hidden = [v.relu() for v in linear([Value(v) for v in x], experts[i])]
            out = [o + gates[i] / share * h for o, h in zip(out, hidden)]
            fraction[i] += 1 / 6
        importance = [a + g for a, g in zip(importance, gates)]
        loss += sum((o - t) ** 2 for o, t in zip(out, y))
    balance = E * sum(f * i for f, i in zip(fraction, importance)) / 3
    total = loss / 3 + 0.1 * balance
    total.backward()
    for p in params:
        p.data -= 0.1 * p.grad
        p.grad = 0
    if step % 3 == 0:
        load = " ".join(f"{f:.2f}" for f in fraction)
        print(f"step {step:2d} loss {loss.data / 3:.5f} balance {balance.data:.5f} load {load}")
