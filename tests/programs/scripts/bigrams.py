"""A bigram model of names, by gradient, with smoothing, then names drawn from it."""

import random

from tests.programs.value_of_micrograd import Value

random.seed(61)
names = [".ava.", ".eva.", ".leo."]
chars = sorted(set("".join(names)))
W = [[Value(random.gauss(0, 1)) for _ in chars] for _ in chars]
pairs = [(chars.index(a), chars.index(b)) for name in names for a, b in zip(name, name[1:])]


def row_probs(i):
    counts = [w.exp() for w in W[i]]
    total = sum(counts)
    return [c / total for c in counts]


for k in range(10):
    nll = -sum(row_probs(a)[b].log() for a, b in pairs) / len(pairs)
    loss = nll + 0.01 * sum(w**2 for row in W for w in row) / len(chars) ** 2
    for row in W:
        for w in row:
            w.grad = 0.0
    loss.backward()
    for row in W:
        for w in row:
            w.data += -10.0 * w.grad
    print(f"{k} {loss.data:.6f}")
for _ in range(4):
    i, name = 0, ""
    while len(name) < 8:
        i = random.choices(range(len(chars)), weights=[p.data for p in row_probs(i)])[0]
        if i == 0:
            break
        name += chars[i]
    print(name)
