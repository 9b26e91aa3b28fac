"""A state space model with a gate that depends on its input remembers the first of a sequence."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(31)
N = 3
log_a = [Value(-0.5 * (n + 1)) for n in range(N)]
B, C = ([Value(random.gauss(0, 0.5)) for _ in range(N)] for _ in range(2))
w_dt, b_dt, skip = Value(0.5), Value(0.0), Value(0.1)
params = [*log_a, *B, *C, w_dt, b_dt, skip]

for step in range(36):
    xs = [random.choice((-1.0, 1.0)) for _ in range(5)]
    state = [Value(0.0) for _ in range(N)]
    for x in xs:
        dt = (1 + (w_dt * x + b_dt).exp()).log()  # softplus
        decay = [(-(a.exp()) * dt).exp() for a in log_a]
        state = [d * s + dt * b * x for d, s, b in zip(decay, state, B)]
    y = sum(c * s for c, s in zip(C, state)) + skip * xs[-1]
    loss = (y - xs[0]) ** 2
    for p in params:
        p.grad = 0
    loss.backward()
    for p in params:
        p.data -= 0.02 * p.grad
    if step % 4 == 3:
        print(f"step {step + 1} loss {loss.data:.6f} dt {dt.data:.6f}")
