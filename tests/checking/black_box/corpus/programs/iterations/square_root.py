"""Square roots as in antiquity, until two guesses agree to ten digits."""


def heron(x):
    guess = x
    while True:
        better = (guess + x / guess) / 2
        if abs(better - guess) < 1e-10 * better:
            return better
        guess = better


def loss(x):
    return heron(x) + 2 * heron(1 + x)


def grad(x):
    return 0.5 / heron(x) + 1 / heron(1 + x)


at = 7.3
