"""A recurrent net predicts the next character, with clipped gradients and AdaGrad."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(3)
text = "hello hello"
chars = sorted(set(text))
V, H = len(chars), 4
Wxh = [[Value(random.gauss(0, 0.1)) for _ in range(V)] for _ in range(H)]
Whh = [[Value(random.gauss(0, 0.1)) for _ in range(H)] for _ in range(H)]
Why = [[Value(random.gauss(0, 0.1)) for _ in range(H)] for _ in range(V)]
bh, by = [Value(0) for _ in range(H)], [Value(0) for _ in range(V)]
params = [p for m in (Wxh, Whh, Why) for row in m for p in row] + bh + by
memory = [0.0] * len(params)

for epoch in range(15):
    h, loss = [Value(0) for _ in range(H)], Value(0)
    for a, b in zip(text[:5], text[1:6]):
        ix, target = chars.index(a), chars.index(b)
        h = [(Wxh[i][ix] + sum(w * v for w, v in zip(Whh[i], h)) + bh[i]).tanh() for i in range(H)]
        logits = [sum(w * v for w, v in zip(Why[k], h)) + by[k] for k in range(V)]
        exps = [v.exp() for v in logits]
        loss += -(exps[target] / sum(exps)).log()
    loss.backward()
    for i, p in enumerate(params):
        g = max(-5.0, min(5.0, p.grad))
        memory[i] += g * g
        p.data -= 0.1 * g / (memory[i] + 1e-8) ** 0.5
        p.grad = 0
    if epoch % 3 == 2:
        perplexity = 2.718281828 ** (loss.data / 5)
        print(f"epoch {epoch + 1:3d} loss {loss.data:.4f} perplexity {perplexity:.4f}")
