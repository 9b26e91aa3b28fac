"""A variational autoencoder of points on a line, with the reparameterization trick."""

import random

from tests.programs.value_of_microgpt import Value

random.seed(5)


def dense(n_in, n_out):
    scale = (2 / (n_in + n_out)) ** 0.5
    return [[Value(random.gauss(0, scale)) for _ in range(n_in)] + [Value(0)] for _ in range(n_out)]


def forward(w, x):
    return [sum(wi * xi for wi, xi in zip(row, x)) + row[-1] for row in w]


encoder, to_mu, to_logvar = dense(2, 4), dense(4, 1), dense(4, 1)
decoder, to_x = dense(1, 4), dense(4, 2)
params = [p for w in (encoder, to_mu, to_logvar, decoder, to_x) for row in w for p in row]
data = [(t / 4, 1 - t / 4) for t in range(-3, 4)]

for epoch in range(10):
    recon_sum = kl_sum = 0.0
    for x in random.sample(data, 4):
        h = [v.tanh() for v in forward(encoder, [Value(xi) for xi in x])]
        (mu,), (logvar,) = forward(to_mu, h), forward(to_logvar, h)
        z = mu + (logvar * 0.5).exp() * random.gauss(0, 1)
        y = forward(to_x, [v.relu() for v in forward(decoder, [z])])
        recon = sum((a - b) ** 2 for a, b in zip(y, x)) / 2
        kl = -0.5 * (1 + logvar - mu**2 - logvar.exp())
        (recon + 0.05 * kl).backward()
        recon_sum, kl_sum = recon_sum + recon.data, kl_sum + kl.data
        for p in params:
            p.data -= 0.05 * max(-1.0, min(1.0, p.grad))
            p.grad = 0
    print(f"epoch {epoch + 1:2d}  recon {recon_sum / 4:.4f}  kl {kl_sum / 4:.4f}")
for z in (-1.5, 0.0, 1.5):
    y = forward(to_x, [v.relu() for v in forward(decoder, [Value(z)])])
    print(z, [round(v.data, 4) for v in y])
