"""A bigram model: trained, saved as JSON, loaded into another, sampled at two temperatures."""

import json
import random

from tests.programs.value_of_microgpt import Value

random.seed(11)
names = ["ada", "eda", "dea", "aed", "dada"]
letters = sorted(set("".join(names)))
END = len(letters)
size = END + 1


def matrix(rows, columns):
    return [[Value(random.gauss(0, 0.1)) for _ in range(columns)] for _ in range(rows)]


def softmax(logits):
    top = max(v.data for v in logits)
    exps = [(v - top).exp() for v in logits]
    whole = sum(exps)
    return [e / whole for e in exps]


def logits_of(state, token):
    hidden = [x.tanh() for x in state["embedding"][token]]
    return [sum(w * h for w, h in zip(row, hidden)) for row in state["head"]]


state = {"embedding": matrix(size, 4), "head": matrix(size, 4)}
params = [p for m in state.values() for row in m for p in row]
for step in range(40):
    word = names[step % len(names)]
    tokens = [END, *map(letters.index, word), END]
    losses = [-softmax(logits_of(state, a))[b].log() for a, b in zip(tokens, tokens[1:])]
    loss = (1 / len(losses)) * sum(losses)
    loss.backward()
    norm = sum(p.grad**2 for p in params) ** 0.5
    for p in params:
        p.data -= 0.5 * p.grad * min(1.0, 1.0 / (norm + 1e-6))
        p.grad = 0
    if step % 8 == 0:
        print(f"step {step:2d} | loss {loss.data:.4f} | norm {norm:.4f}")

saved = json.dumps({name: [[p.data for p in row] for row in m] for name, m in state.items()})
other = {"embedding": matrix(size, 4), "head": matrix(size, 4)}
for name, rows in json.loads(saved).items():
    for i, row in enumerate(rows):
        for j, data in enumerate(row):
            other[name][i][j].data = data
for temperature in (0.5, 1.0):
    sampled = []
    for _ in range(4):
        token, word = END, ""
        while len(word) < 6:
            probs = softmax([v / temperature for v in logits_of(other, token)])
            token = random.choices(range(size), weights=[p.data for p in probs])[0]
            if token == END:
                break
            word += letters[token]
        sampled.append(word)
    print(temperature, sampled)
