"""A GRU that continues a wave."""

import math
import random

from tests.programs.value_of_microgpt import Value

random.seed(1)
H = 3


def rows():
    return [[Value(random.uniform(-0.5, 0.5)) for _ in range(H + 2)] for _ in range(H)]


Wz, Wr, Wh = rows(), rows(), rows()
Wy = [Value(random.uniform(-0.5, 0.5)) for _ in range(H + 1)]
params = [p for W in (Wz, Wr, Wh) for row in W for p in row] + Wy


def affine(W, x, h):
    return [sum(w * v for w, v in zip(row, [x, *h])) + row[-1] for row in W]


def step(x, h):
    z = [v.sigmoid() for v in affine(Wz, x, h)]
    r = [v.sigmoid() for v in affine(Wr, x, h)]
    new = [v.tanh() for v in affine(Wh, x, [ri * hi for ri, hi in zip(r, h)])]
    return [(1 - zi) * hi + zi * ni for zi, hi, ni in zip(z, h, new)]


wave = [math.sin(0.7 * t) for t in range(7)]
velocity = {id(p): 0.0 for p in params}
for epoch in range(20):
    h, losses = [Value(0.0) for _ in range(H)], []
    for x, y in zip(wave, wave[1:]):
        h = step(Value(x), h)
        prediction = sum(w * hi for w, hi in zip(Wy, h)) + Wy[-1]
        losses.append((prediction - y) ** 2)
    loss = sum(losses) / len(losses)
    for p in params:
        p.grad = 0
    loss.backward()
    for p in params:
        velocity[id(p)] = 0.9 * velocity[id(p)] - 0.05 * p.grad
        p.data += velocity[id(p)]
    if epoch % 4 == 0 or epoch == 19:
        print(f"epoch {epoch} mse {loss.data:.6f}")
print("last:", f"{prediction.data:+.5f}", "wanted:", f"{wave[-1]:+.5f}")
