"""A polynomial through points, by the sum of squares: coefficients in a list."""

points = [(-1.0, 2.0), (0.0, 0.5), (0.5, 1.0), (1.5, -1.0), (2.0, 3.0)]

at = [0.5, -1.0, 0.25, 0.1]


def polynomial(c, x):
    return sum(c[k] * x**k for k in range(len(c)))


def loss(c):
    return sum((polynomial(c, x) - y) ** 2 for x, y in points) / len(points)


def grad(c):
    g = [0.0] * len(c)
    for x, y in points:
        r = polynomial(c, x) - y
        for k in range(len(c)):
            g[k] += 2 * r * x**k / len(points)
    return g
