"""A deep net over a list of layers; each backward step uses what its layer kept."""

import numpy as np

rng = np.random.default_rng(15)
sizes = [3, 4, 3, 1]
x0 = rng.normal(size=(4, 3))
targets = rng.normal(size=(4, 1))

at = [
    {"W": rng.normal(size=(n_in, n_out)), "b": 0.5 * rng.normal(size=n_out)}
    for n_in, n_out in zip(sizes, sizes[1:])
]


def forward(layers):
    activations, zs = [x0], []
    for layer in layers:
        z = activations[-1] @ layer["W"] + layer["b"]
        zs.append(z)
        activations.append(z if layer is layers[-1] else np.maximum(z, 0.0))
    return activations, zs


def loss(layers):
    activations, _ = forward(layers)
    return ((activations[-1] - targets) ** 2).mean()


def grad(layers):
    activations, zs = forward(layers)
    delta = 2 * (activations[-1] - targets) / targets.size
    grads = []
    for n in reversed(range(len(layers))):
        grads.append({"W": activations[n].T @ delta, "b": delta.sum(axis=0)})
        if n > 0:
            delta = (delta @ layers[n]["W"].T) * (zs[n - 1] > 0)
    return grads[::-1]
