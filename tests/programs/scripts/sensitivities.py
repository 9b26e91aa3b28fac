"""Derivatives of a decay curve at many times, in an array of NumPy: how well it can be fitted."""

import numpy as np

from tests.programs.value_of_micrograd import Value


def decay(t, amplitude, rate):
    return amplitude * (-rate * t).exp()


times = np.linspace(0.0, 3.0, 7)
amplitude, rate = Value(1.3, label="amplitude"), Value(0.7, label="rate")
derivatives = np.zeros((len(times), 2))
for i, t in enumerate(times):
    y = decay(t, amplitude, rate)
    amplitude.grad = rate.grad = 0.0
    y.backward()
    derivatives[i] = [amplitude.grad, rate.grad]
print(np.round(derivatives, 6).tolist())
information = derivatives.T @ derivatives / 0.1**2
print(np.round(np.linalg.inv(information), 6).tolist())

target = 2.0 * np.exp(-0.4 * times)
for step in range(60):
    residuals = [decay(t, amplitude, rate) - d for t, d in zip(times, target)]
    loss = sum(r**2 for r in residuals) * (1.0 / len(residuals))
    amplitude.grad = rate.grad = 0.0
    loss.backward()
    amplitude.data -= 0.3 * amplitude.grad
    rate.data -= 0.3 * rate.grad
    if step % 12 == 0:
        print(f"{step:2d} {loss.data:.6f} {amplitude.data:.4f} {rate.data:.4f}")
print(np.argmin([abs(r.data) for r in residuals]), f"{np.mean([r.data for r in residuals]):.5f}")
