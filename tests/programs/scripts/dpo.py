"""Direct preference optimization: a policy moves toward preferred answers, near its reference."""

import math
import random

from tests.programs.value_of_microgpt import Value

random.seed(4)
N = 4
start = [[random.gauss(0, 0.5) for _ in range(N)] for _ in range(N)]
policy = [[Value(x) for x in row] for row in start]
pairs = [((0, 1, 2), (0, 3, 3)), ((1, 2, 3), (1, 0, 0)), ((2, 3, 0), (2, 2, 2))]


def log_softmax(row):
    top = max(v.data for v in row)
    total = sum((v - top).exp() for v in row)
    return [v - top - total.log() for v in row]


def logprob(tokens):
    return sum(log_softmax(policy[a])[b] for a, b in zip(tokens, tokens[1:]))


def reference(tokens):
    total = 0.0
    for a, b in zip(tokens, tokens[1:]):
        total += start[a][b] - math.log(sum(math.exp(x) for x in start[a]))
    return total


def logsigmoid(v):
    s = 1 / (1 + math.exp(-v.data))
    return Value(math.log(s), (v,), (1 - s,))


beta = 0.5
for step in range(25):
    total, margins = Value(0), []
    for chosen, rejected in pairs:
        margin = (logprob(chosen) - reference(chosen)) - (logprob(rejected) - reference(rejected))
        margins.append(margin.data)
        total = total - logsigmoid(beta * margin)
    loss = total / len(pairs)
    loss.backward()
    for row in policy:
        for p in row:
            p.data -= 0.5 * p.grad
            p.grad = 0
    if step % 4 == 0:
        print(f"step {step:2d} loss {loss.data:.6f} margin {sum(margins) / 3:+.6f}")
