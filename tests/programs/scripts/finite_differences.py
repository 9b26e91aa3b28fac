"""Gradients against finite differences, as tests compare them with another library."""

from tests.programs.value_of_micrograd import Value


def sanity(x):
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    return h + q + q * x


def more(a, b):
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


def smooth(a, b):
    return (a * b).exp().log() * (a - b).tanh() + (a / b).sigmoid() ** 3 - 2**2 / (1 + a**2)


for name, function, at in (
    ("sanity", sanity, (-4.0,)),
    ("more", more, (-4.0, 2.0)),
    ("smooth", smooth, (0.7, -1.3)),
):
    leaves = [Value(x) for x in at]
    y = function(*leaves)
    y.backward()
    print(f"{name}: value {y.data:.6f}")
    for i, leaf in enumerate(leaves):
        h = 1e-6
        up, down = ([Value(x + s * h * (j == i)) for j, x in enumerate(at)] for s in (1, -1))
        slope = (function(*up).data - function(*down).data) / (2 * h)
        assert abs(slope - leaf.grad) < 1e-4 * max(1.0, abs(slope))
        print(f"  d/dx{i} {leaf.grad:.6f} ok")
