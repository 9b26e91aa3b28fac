"""A character model: token and position embeddings, causal attention, RMS norm, Adam, samples."""

import math
import random

from tests.programs.value_of_microgpt import Value

random.seed(42)
docs = ["anna", "emma", "ada", "nan"]
chars = sorted(set("".join(docs)))
bos, vocab, n_embd, n_head, block = len(chars), len(chars) + 1, 4, 2, 6
head_dim = n_embd // n_head


def matrix(rows, cols, std=0.2):
    return [[Value(random.gauss(0, std)) for _ in range(cols)] for _ in range(rows)]


state = {"wte": matrix(vocab, n_embd), "wpe": matrix(block, n_embd), "head": matrix(vocab, n_embd)}
state |= {name: matrix(n_embd, n_embd) for name in ("wq", "wk", "wv", "wo")}
state |= {"fc1": matrix(8, n_embd), "fc2": matrix(n_embd, 8, 0.0)}
params = [p for mat in state.values() for row in mat for p in row]


def linear(x, w):
    return [sum(wi * xi for wi, xi in zip(row, x)) for row in w]


def softmax(logits):
    top = max(v.data for v in logits)
    exps = [(v - top).exp() for v in logits]
    total = sum(exps)
    return [e / total for e in exps]


def rmsnorm(x):
    scale = (sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def gpt(token, pos, keys, values):
    x = rmsnorm([t + p for t, p in zip(state["wte"][token], state["wpe"][pos])])
    residual, x = x, rmsnorm(x)
    q = linear(x, state["wq"])
    keys.append(linear(x, state["wk"]))
    values.append(linear(x, state["wv"]))
    heads = []
    for h in range(0, n_embd, head_dim):
        qh = q[h : h + head_dim]
        logits = [sum(qi * k[h + i] for i, qi in enumerate(qh)) / head_dim**0.5 for k in keys]
        weights = softmax(logits)
        heads += [sum(w * v[h + i] for w, v in zip(weights, values)) for i in range(head_dim)]
    x = [a + b for a, b in zip(linear(heads, state["wo"]), residual)]
    residual, x = x, rmsnorm(x)
    x = [a.relu() ** 2 for a in linear(x, state["fc1"])]
    x = [a + b for a, b in zip(linear(x, state["fc2"]), residual)]
    return linear(x, state["head"])


m, v = [0.0] * len(params), [0.0] * len(params)
steps = 12
for step in range(steps):
    doc = docs[step % len(docs)]
    tokens = [bos] + [chars.index(ch) for ch in doc] + [bos]
    keys, values, losses = [], [], []
    for pos in range(min(block, len(tokens) - 1)):
        probs = softmax(gpt(tokens[pos], pos, keys, values))
        losses.append(-probs[tokens[pos + 1]].log())
    loss = (1 / len(losses)) * sum(losses)
    loss.backward()
    rate = 0.1 * (1 - step / steps)
    for i, p in enumerate(params):
        m[i] = 0.9 * m[i] + 0.1 * p.grad
        v[i] = 0.95 * v[i] + 0.05 * p.grad**2
        m_hat, v_hat = m[i] / (1 - 0.9 ** (step + 1)), v[i] / (1 - 0.95 ** (step + 1))
        p.data -= rate * m_hat / (math.sqrt(v_hat) + 1e-8)
        p.grad = 0
    print(f"step {step + 1:3d} / {steps} | loss {loss.data:.4f}")

for sample in range(3):
    keys, values, token, text = [], [], bos, ""
    for pos in range(block):
        probs = softmax([logit / 0.5 for logit in gpt(token, pos, keys, values)])
        token = random.choices(range(vocab), weights=[p.data for p in probs])[0]
        if token == bos:
            break
        text += chars[token]
    print(f"sample {sample + 1}: {text}")
