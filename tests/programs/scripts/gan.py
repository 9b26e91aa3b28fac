"""A generator of numbers near 3, and a discriminator; each trained in turn."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(11)


def layer(n_in, n_out):
    return [[Value(random.gauss(0, 0.5)) for _ in range(n_in)] + [Value(0.0)] for _ in range(n_out)]


def apply(rows, x):
    return [sum(w * v for w, v in zip(row, x)) + row[-1] for row in rows]


G, D = [layer(1, 4), layer(4, 1)], [layer(1, 4), layer(4, 1)]
g_params = [p for rows in G for row in rows for p in row]
d_params = [p for rows in D for row in rows for p in row]


def generate(z):
    return apply(G[1], [v.tanh() for v in apply(G[0], [z])])[0]


def judge(x):
    hidden = [v if v.data > 0 else 0.2 * v for v in apply(D[0], [x])]
    return apply(D[1], hidden)[0].sigmoid()


def adam(params, state, t, lr=0.02):
    for i, p in enumerate(params):
        m, v = state.get(i, (0.0, 0.0))
        m, v = 0.5 * m + 0.5 * p.grad, 0.9 * v + 0.1 * p.grad**2
        state[i] = m, v
        p.data -= lr * (m / (1 - 0.5**t)) / ((v / (1 - 0.9**t)) ** 0.5 + 1e-8)


g_state, d_state = {}, {}
for step in range(1, 41):
    real = [random.gauss(3.0, 0.3) for _ in range(2)]
    fake = [generate(Value(random.gauss(0, 1))).data for _ in range(2)]
    d_loss = -sum(judge(Value(x)).log() for x in real) / 2
    d_loss = d_loss - sum((1 - judge(Value(x))).log() for x in fake) / 2
    for p in d_params:
        p.grad = 0
    d_loss.backward()
    adam(d_params, d_state, step)

    noise = [random.gauss(0, 1) for _ in range(2)]
    g_loss = -sum(judge(generate(Value(z))).log() for z in noise) / 2
    for p in g_params + d_params:
        p.grad = 0
    g_loss.backward()
    adam(g_params, g_state, step)
    if step % 5 == 0:
        print(f"step {step:3d} d {d_loss.data:.4f} g {g_loss.data:.4f}")
samples = [generate(Value(random.gauss(0, 1))).data for _ in range(50)]
mean = sum(samples) / 50
print(f"mean {mean:.4f} std {(sum((s - mean) ** 2 for s in samples) / 50) ** 0.5:.4f}")
