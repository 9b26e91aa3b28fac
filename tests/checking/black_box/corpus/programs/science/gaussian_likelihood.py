"""The negative log-likelihood of a normal sample, in its mean and the log of its deviation."""

import numpy as np

data = np.array([1.2, 0.7, 2.9, 1.8, 0.1, 1.5])


def loss(theta):
    mu, log_sigma = theta
    sigma = np.exp(log_sigma)
    return np.sum(0.5 * ((data - mu) / sigma) ** 2 + log_sigma + 0.5 * np.log(2 * np.pi))


def grad(theta):
    mu, log_sigma = theta
    z = (data - mu) / np.exp(log_sigma)
    return np.array([-np.sum(z) / np.exp(log_sigma), len(data) - np.sum(z**2)])


at = np.array([0.9, -0.4])
