"""A convolution, a residual block and global average pooling on images of 5 by 5."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(21)


def kernel():
    return [[Value(random.gauss(0, 0.4)) for _ in range(3)] for _ in range(3)]


k1, k2, (w, b) = kernel(), kernel(), (Value(random.gauss(0, 0.5)), Value(0.0))
params = [p for k in (k1, k2) for row in k for p in row] + [w, b]


def conv(image, k, pad=False):
    if pad:
        n = len(image) + 2
        zero = Value(0.0)
        image = [[zero] * n, *([zero, *row, zero] for row in image), [zero] * n]
    size = range(len(image) - 2)
    return [
        [sum(image[r + i][c + j] * k[i][j] for i in range(3) for j in range(3)) for c in size]
        for r in size
    ]


def net(image):
    x = [[v.relu() for v in row] for row in conv(image, k1)]
    x = [[(a + b).relu() for a, b in zip(*rows)] for rows in zip(x, conv(x, k2, pad=True))]
    pooled = sum(v for row in x for v in row) / 9
    return pooled * w + b


for step in range(24):
    stripes = step % 2
    image = [
        [Value(float((r if stripes else c) % 2) + random.gauss(0, 0.1)) for c in range(5)]
        for r in range(5)
    ]
    score = net(image)
    loss = (1 - (1 if stripes else -1) * score).relu()
    for p in params:
        p.grad = 0
    loss.backward()
    for p in params:
        p.data -= 0.05 * p.grad
    if step % 3 == 0:
        print(f"step {step:2d} score {score.data:+.5f} loss {loss.data:.5f}")
