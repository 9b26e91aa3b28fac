"""NumPy arrays of Values: matrix products, sums and elementwise arithmetic."""

import numpy as np

from tests.programs.value_of_micrograd import Value

rng = np.random.default_rng(83)
value = np.vectorize(lambda x: Value(float(x)), otypes=[object])
W1, b1 = value(rng.normal(size=(4, 2))), value(np.zeros(4))
W2 = value(rng.normal(size=(3, 4)) * 0.5)
params = [*W1.ravel(), *b1, *W2.ravel()]
X = rng.normal(size=(6, 2))
Y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)


def forward(x):
    hidden = W1 @ x + b1
    logits = W2.dot(np.array([h.tanh() for h in hidden]))
    exps = np.array([v.exp() for v in logits - max(v.data for v in logits)])
    return exps / exps.sum()


for epoch in range(10):
    probs = [forward(x) for x in X]
    loss = sum(-p[y].log() for p, y in zip(probs, Y)) / len(X)
    loss = loss + 0.001 * (W1**2).sum() + 1e-3 * np.sum(W2 * W2)
    for p in params:
        p.grad = 0.0
    loss.backward()
    for p in params:
        p.data -= 0.5 * p.grad
    hits = np.mean([np.argmax([v.data for v in p]) == y for p, y in zip(probs, Y)])
    print(f"epoch {epoch} loss {loss.data:.6f} accuracy {hits:.3f}")
grads = np.array([[w.grad for w in row] for row in W1])
print("gradient norm", f"{np.linalg.norm(grads):.6f}")
