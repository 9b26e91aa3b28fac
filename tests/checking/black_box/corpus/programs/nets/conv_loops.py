"""A convolution by four loops, with a stride and a bias for each filter."""

import numpy as np

rng = np.random.default_rng(6)
x = rng.normal(size=(2, 5, 5))  # images, height, width
stride = 2
target = rng.normal(size=(2, 2, 2, 2))

at = (rng.normal(size=(2, 3, 3)), rng.normal(size=2))


def conv_forward(w, b):
    n, h, _ = x.shape
    f, k, _ = w.shape
    out_size = (h - k) // stride + 1
    out = np.zeros((n, f, out_size, out_size))
    for image in range(n):
        for filt in range(f):
            for i in range(out_size):
                for j in range(out_size):
                    patch = x[image, i * stride : i * stride + k, j * stride : j * stride + k]
                    out[image, filt, i, j] = np.sum(patch * w[filt]) + b[filt]
    return out


def loss(w, b):
    return 0.5 * np.sum((conv_forward(w, b) - target) ** 2)


def grad(w, b):
    dout = conv_forward(w, b) - target
    dw, db = np.zeros_like(w), np.zeros_like(b)
    n, f, out_size, _ = dout.shape
    k = w.shape[1]
    for image in range(n):
        for filt in range(f):
            for i in range(out_size):
                for j in range(out_size):
                    patch = x[image, i * stride : i * stride + k, j * stride : j * stride + k]
                    dw[filt] += dout[image, filt, i, j] * patch
                    db[filt] += dout[image, filt, i, j]
    return dw, db
