"""A masked word is guessed from both its neighbors."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(29)
sentences = ["abc", "cba", "aba", "bcb"]
vocab, mask, D = "abc_", 3, 3
emb = [[Value(random.gauss(0, 0.4)) for _ in range(D)] for _ in vocab]
pos = [[Value(random.gauss(0, 0.4)) for _ in range(D)] for _ in range(3)]
head = [[Value(random.gauss(0, 0.4)) for _ in range(D)] for _ in range(3)]
params = [p for mat in (emb, pos, head) for row in mat for p in row]


def softmax(xs):
    top = max(x.data for x in xs)
    es = [(x - top).exp() for x in xs]
    total = sum(es)
    return [e / total for e in es]


right = 0
for step in range(30):
    tokens = [vocab.index(ch) for ch in random.choice(sentences)]
    hidden = random.randrange(3)
    target, tokens[hidden] = tokens[hidden], mask
    xs = [[e + p for e, p in zip(emb[t], ps)] for t, ps in zip(tokens, pos)]
    scores = [sum(a * b for a, b in zip(xs[hidden], x)) / D**0.5 for x in xs]
    weights = softmax(scores)
    mixed = [sum(w * x[j] for w, x in zip(weights, xs)) for j in range(D)]
    probs = softmax([sum(w * z for w, z in zip(row, mixed)) for row in head])
    right += max(range(3), key=lambda k: probs[k].data) == target
    loss = -probs[target].log()
    loss.backward()
    for p in params:
        p.data -= 0.3 * p.grad
        p.grad = 0
    if step % 3 == 2:
        print(f"step {step + 1:2d} loss {loss.data:.4f} accuracy {right / (step + 1):.3f}")
