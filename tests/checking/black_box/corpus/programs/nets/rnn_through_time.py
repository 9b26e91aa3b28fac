"""Next letters by a recurrent net: backpropagation through time, with a softmax at each step."""

import numpy as np

rng = np.random.default_rng(10)
letters = [0, 2, 3, 1, 1]
n_letters, n_hidden = 4, 3

at = {
    "U": 0.5 * rng.normal(size=(n_hidden, n_letters)),
    "V": 0.5 * rng.normal(size=(n_letters, n_hidden)),
    "W": 0.5 * rng.normal(size=(n_hidden, n_hidden)),
    "b": 0.1 * rng.normal(size=n_hidden),
    "c": 0.1 * rng.normal(size=n_letters),
}


def forward(model):
    state, states, outputs = np.zeros(n_hidden), [], []
    for letter in letters[:-1]:
        state = np.tanh(model["U"][:, letter] + model["W"] @ state + model["b"])
        score = model["V"] @ state + model["c"]
        states.append(state)
        outputs.append(np.exp(score) / np.exp(score).sum())
    return states, outputs


def loss(model):
    _, outputs = forward(model)
    return -sum(np.log(p[wanted]) for p, wanted in zip(outputs, letters[1:]))


def grad(model):
    states, outputs = forward(model)
    grads = {name: np.zeros_like(values) for name, values in model.items()}
    from_later = np.zeros(n_hidden)
    for t in range(len(states) - 1, -1, -1):
        d_score = outputs[t].copy()
        d_score[letters[t + 1]] -= 1
        grads["V"] += np.outer(d_score, states[t])
        grads["c"] += d_score
        d_state = model["V"].T @ d_score + from_later
        d_total = d_state * (1 - states[t] ** 2)
        before = states[t - 1] if t > 0 else np.zeros(n_hidden)
        grads["U"][:, letters[t]] += d_total
        grads["W"] += np.outer(d_total, before)
        grads["b"] += d_total
        from_later = model["W"].T @ d_total
    return grads
