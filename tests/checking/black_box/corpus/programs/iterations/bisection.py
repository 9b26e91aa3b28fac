"""The root of x**3 + a*x - b by bisection to a billionth: a staircase, seen closely."""


def root(a, b):
    low, high = -10.0, 10.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        if middle**3 + a * middle > b:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def loss(ab):
    return root(ab[0], ab[1])


def grad(ab):
    x = root(ab[0], ab[1])
    slope = 3 * x**2 + ab[0]
    return [-x / slope, 1 / slope]


at = [1.7, 2.3]
