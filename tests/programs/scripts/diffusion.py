"""Denoising diffusion in one dimension: a net guesses the noise, then samples step by step."""

import math
import random

from tests.programs.value_of_microgpt import Value

random.seed(23)
T = 5
betas = [0.1 + 0.1 * t for t in range(T)]
alpha_bar = [math.prod(1 - b for b in betas[: t + 1]) for t in range(T)]
w1 = [[Value(random.gauss(0, 0.5)) for _ in range(3)] for _ in range(5)]
w2 = [Value(random.gauss(0, 0.5)) for _ in range(6)]
params = [p for row in w1 for p in row] + w2


def guess(x, t):
    hidden = [(row[0] * x + row[1] * (t / T) + row[2]).tanh() for row in w1]
    return sum(w * h for w, h in zip(w2, hidden)) + w2[-1]


m, v = [0.0] * len(params), [0.0] * len(params)
for step in range(1, 41):
    loss = Value(0.0)
    for _ in range(3):
        x0, eps, t = random.choice((-1.0, 1.0)), random.gauss(0, 1), random.randrange(T)
        noisy = math.sqrt(alpha_bar[t]) * x0 + math.sqrt(1 - alpha_bar[t]) * eps
        loss += (guess(Value(noisy), t) - eps) ** 2 / 3
    loss.backward()
    for i, p in enumerate(params):
        m[i] = 0.9 * m[i] + 0.1 * p.grad
        v[i] = 0.99 * v[i] + 0.01 * p.grad**2
        p.data -= 0.05 * m[i] / (1 - 0.9**step) / (math.sqrt(v[i] / (1 - 0.99**step)) + 1e-8)
        p.grad = 0
    if step % 5 == 0:
        print(f"step {step:2d} loss {loss.data:.4f}")
x = random.gauss(0, 1)
for t in reversed(range(T)):
    eps = guess(Value(x), t).data
    x = (x - betas[t] / math.sqrt(1 - alpha_bar[t]) * eps) / math.sqrt(1 - betas[t])
    x += math.sqrt(betas[t]) * random.gauss(0, 1) if t else 0.0
    print(f"t={t} x={x:+.5f}")
