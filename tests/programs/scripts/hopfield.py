"""A modern Hopfield net: a state rolls down its energy, the gradient of a log-sum-exp."""

import random

from tests.programs.value_of_micrograd import Value

random.seed(47)
patterns = [[random.choice((-1.0, 1.0)) for _ in range(6)] for _ in range(3)]
beta = 0.8


def energy(state):
    overlaps = [sum(p * s for p, s in zip(pattern, state)) * beta for pattern in patterns]
    lse = sum(o.exp() for o in overlaps).log() / beta
    return 0.5 * sum(s * s for s in state) - lse


for k, pattern in enumerate(patterns):
    state = [Value(x + random.gauss(0, 0.6)) for x in pattern]
    for step in range(12):
        e = energy(state)
        for s in state:
            s.grad = 0.0
        e.backward()
        for s in state:
            s.data -= 0.4 * s.grad
        if step % 4 == 0:
            print(f"pattern {k} step {step:2d} energy {e.data:.6f}")
    overlap = sum(s.data * p for s, p in zip(state, pattern)) / 6
    print(f"pattern {k} overlap {overlap:.4f}")
