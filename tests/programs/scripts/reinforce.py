"""Policy gradients on a corridor: walk right to the goal, with a moving baseline."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(19)
LENGTH = 4
theta = [[Value(0.0), Value(0.0)] for _ in range(LENGTH)]
baseline, returns = 0.0, []

for episode in range(60):
    at, logps = 0, []
    while at < LENGTH and len(logps) < 8:
        left, right = theta[at]
        p_right = 1 / (1 + (left - right).exp())
        go_right = random.random() < p_right.data
        logps.append((p_right if go_right else 1 - p_right).log())
        at = at + 1 if go_right else max(0, at - 1)
    ret = (10.0 if at == LENGTH else 0.0) - len(logps)
    loss = sum(-logp * (ret - baseline) for logp in logps) / len(logps)
    loss.backward()
    for state in theta:
        for p in state:
            p.data -= 0.1 * p.grad
            p.grad = 0.0
    baseline += 0.1 * (ret - baseline)
    returns.append(ret)
    if episode % 6 == 5:
        print(f"episodes {episode + 1:2d} return {sum(returns[-6:]) / 6:+.3f} loss {loss.data:.6f}")
