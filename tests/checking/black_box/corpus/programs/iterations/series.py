"""A Bessel function by its series, as many terms as matter."""


def bessel(order, x):
    term, k = 1.0, 0
    for n in range(1, order + 1):
        term *= x / 2 / n
    total = term
    while abs(term) > 1e-12:
        k += 1
        term *= -(x * x / 4) / (k * (k + order))
        total += term
    return total


def loss(x):
    return bessel(0, x)


def grad(x):
    return -bessel(1, x)


at = 2.7
