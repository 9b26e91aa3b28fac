"""Graphs of a given size, for the tests of pictures."""

from microbp import Value


def chain(nodes):
    y = Value(1.0)
    for _ in range(nodes - 1):
        y = -y
    return y
