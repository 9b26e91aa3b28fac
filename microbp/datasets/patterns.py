"""Patterns of bits, each with its class: all rows there are, in the order of counting."""

from __future__ import annotations

from itertools import product

from microbp._support.packages import require
from microbp.datasets.arguments import Classes, Points, checked_count

MAX_BITS = 16


def xor() -> tuple[Points, Classes]:
    """Exclusive or: class 1 where just one of two bits is on.

    >>> X, y = xor()
    >>> X.tolist(), y.tolist()
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    """
    return parity(2)


def parity(bits: int = 4) -> tuple[Points, Classes]:
    """Class 1 where an odd number of bits is on.

    >>> X, y = parity(3)
    >>> y.tolist()
    [0, 1, 1, 0, 1, 0, 0, 1]
    """
    X = _rows("parity", bits)
    return X, X.sum(axis=1).astype("int64") % 2


def symmetry(bits: int = 6) -> tuple[Points, Classes]:
    """Class 1 where a row is its own mirror image: 8 of the 64 rows of six bits, as in Fig. 1.

    >>> X, y = symmetry()
    >>> X[y == 1].astype(int).tolist()[:3]
    [[0, 0, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 1, 0, 0, 1, 0]]
    """
    X = _rows("symmetry", bits)
    return X, (X[:, ::-1] == X).all(axis=1).astype("int64")


def _rows(where: str, bits: int) -> Points:
    bits = checked_count(bits, f"{where}: bits", most=MAX_BITS)
    require("numpy", where)
    import numpy as np

    return np.array([*product([0.0, 1.0], repeat=bits)])
