"""A linear layer as an object with forward and backward of all its arguments."""

import numpy as np

rng = np.random.default_rng(60)


class Linear:
    def forward(self, x, W, b):
        self.saved = x, W
        return x @ W + b

    def backward(self, upstream):
        x, W = self.saved
        return upstream @ W.T, x.T @ upstream, upstream.sum(axis=0)


f = Linear()
at = (rng.normal(size=(2, 3)), rng.normal(size=(3, 2)), rng.normal(size=2))
