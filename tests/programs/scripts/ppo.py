"""Proximal policy optimization of a two-armed bandit with a context: the clipped surrogate."""

import math
import random

from tests.programs.value_of_microgpt import Value

random.seed(2)
W = [[Value(random.gauss(0, 0.1)) for _ in range(2)] for _ in range(2)]
critic = [Value(0.0), Value(0.0)]


def policy(state):
    logits = [sum(w * s for w, s in zip(row, state)) for row in W]
    top = max(v.data for v in logits)
    exps = [(v - top).exp() for v in logits]
    return [e / sum(exps) for e in exps]


def clip(v, low, high):
    inside = low < v.data < high
    return Value(min(max(v.data, low), high), (v,), (float(inside),))


def smaller(a, b):
    return a if a.data < b.data else b


for iteration in range(12):
    batch = []
    for _ in range(4):
        state = random.choice([(1.0, 0.0), (0.0, 1.0)])
        probs = [p.data for p in policy(state)]
        action = 0 if random.random() < probs[0] else 1
        reward = 1.0 if state[action] == 1.0 else -0.5
        baseline = sum(c.data * s for c, s in zip(critic, state))
        batch.append((state, action, math.log(probs[action]), reward, reward - baseline))
    for _ in range(3):
        surrogate, value_loss, entropy = Value(0.0), Value(0.0), Value(0.0)
        for state, action, old, reward, advantage in batch:
            probs = policy(state)
            ratio = (probs[action].log() - old).exp()
            surrogate += smaller(ratio * advantage, clip(ratio, 0.8, 1.2) * advantage)
            value_loss += (sum(c * s for c, s in zip(critic, state)) - reward) ** 2
            entropy -= sum(p * p.log() for p in probs)
        loss = (-surrogate + 0.5 * value_loss - 0.01 * entropy) / len(batch)
        loss.backward()
        for p in [p for row in W for p in row] + critic:
            p.data -= 0.5 * p.grad
            p.grad = 0.0
    mean = sum(reward for *_, reward, _ in batch) / len(batch)
    print(
        f"iter {iteration:2d} reward {mean:+.3f} loss {loss.data:+.5f} entropy {entropy.data:.5f}"
    )
