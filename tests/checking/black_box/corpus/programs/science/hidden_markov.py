"""A hidden Markov chain: the log-likelihood forward, and the posteriors backward."""

import numpy as np

emission = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
start = np.array([0.6, 0.4])
seen = [0, 2, 1, 2]


def transition(logits):
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


def loss(logits):
    P, alpha = transition(logits), start * emission[:, seen[0]]
    for o in seen[1:]:
        alpha = (alpha @ P) * emission[:, o]
    return -np.log(alpha.sum())


def grad(logits):
    P, alphas = transition(logits), [start * emission[:, seen[0]]]
    for o in seen[1:]:
        alphas.append((alphas[-1] @ P) * emission[:, o])
    likelihood, beta, expected = alphas[-1].sum(), np.ones(2), np.zeros((2, 2))
    for t in range(len(seen) - 1, 0, -1):
        arriving = beta * emission[:, seen[t]]
        expected += np.outer(alphas[t - 1], arriving) * P / likelihood
        beta = P @ arriving
    return -(expected - P * expected.sum(axis=1, keepdims=True))


at = np.array([[0.5, -0.2], [0.1, 0.9]])
