"""A small vision transformer: patches, a class token, layer norm, attention in both directions."""

import math
import random

from tests.programs.value_of_microgpt import Value

random.seed(9)
D, CLASSES = 4, 2


def matrix(n, m):
    return [[Value(random.gauss(0, 0.3)) for _ in range(m)] for _ in range(n)]


patch, q, k, v, o, head = (matrix(n, 4) for n in (D, D, D, D, D, CLASSES))
cls, pos = matrix(1, D)[0], matrix(3, D)
params = [p for w in (patch, q, k, v, o, head, pos) for row in w for p in row] + cls


def linear(x, w):
    return [sum(a * b for a, b in zip(row, x)) for row in w]


def softmax(xs):
    top = max(x.data for x in xs)
    es = [(x - top).exp() for x in xs]
    total = sum(es)
    return [e / total for e in es]


def layernorm(x):
    mu = sum(x) / len(x)
    centered = [xi - mu for xi in x]
    scale = (sum(c * c for c in centered) / len(x) + 1e-5) ** -0.5
    return [c * scale for c in centered]


def safe_log(p):
    clamped = max(p.data, 1e-10)
    return Value(math.log(clamped), (p,), (1.0 / clamped,))


def classify(image):
    patches = [[Value(row[c + i]) for row in image for i in (0, 1)] for c in (0, 2)]
    seq = [cls] + [linear(p, patch) for p in patches]
    seq = [[a + b for a, b in zip(x, p)] for x, p in zip(seq, pos)]
    normed = [layernorm(x) for x in seq]
    qs, ks, vs = ([linear(x, w) for x in normed] for w in (q, k, v))
    attn = softmax([sum(a * b for a, b in zip(qs[0], key)) / D**0.5 for key in ks])
    mixed = [sum(a * val[j] for a, val in zip(attn, vs)) for j in range(D)]
    x = [a + b for a, b in zip(seq[0], linear(mixed, o))]
    return softmax(linear(layernorm(x), head)), attn


m = [0.0] * len(params)
for step in range(14):
    label = step % 2
    noise = [[random.uniform(0, 0.3) for _ in range(4)] for _ in range(2)]
    image = [[x + (0.7 if (c < 2) == (label == 0) else 0) for c, x in enumerate(r)] for r in noise]
    probs, attn = classify(image)
    loss = -safe_log(probs[label])
    loss.backward()
    for i, p in enumerate(params):
        m[i] = 0.8 * m[i] + 0.2 * p.grad
        p.data -= 0.3 * m[i]
        p.grad = 0.0
    print(f"{step:2d} loss {loss.data:.4f} attention", " ".join(f"{a.data:.3f}" for a in attn))
