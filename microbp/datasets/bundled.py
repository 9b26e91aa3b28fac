"""Data that comes with microbp, or with scikit-learn."""

from __future__ import annotations

from importlib.resources import files

from microbp._support.packages import how_to_install
from microbp.datasets.arguments import Classes, Points


def digits() -> tuple[Points, Classes]:
    """1,797 handwritten digits of 8 by 8 pixels, from 0 (white) to 1 (black), row by row.

    They are those of scikit-learn's load_digits, divided by 16, and need it installed:
    ImportError says so where it is not.

    >>> X, y = digits()
    >>> X.shape, y[:5].tolist()
    ((1797, 64), [0, 1, 2, 3, 4])

    A picture of one: `X[0].reshape(8, 8)`.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise ImportError(
            "digits: they are part of scikit-learn, which is not installed: "
            + how_to_install("scikit-learn", "'microbp[sklearn]'")
        ) from None
    pixels, classes = load_digits(return_X_y=True)
    return pixels / 16.0, classes.astype("int64")


def names() -> list[str]:
    """600 names of a people that doesn't exist, sorted: to learn what their names are like.

    >>> names()[:5]
    ['bado', 'baha', 'bakasu', 'balra', 'bampu']
    """
    return files("microbp.datasets").joinpath("names.txt").read_text(encoding="utf-8").split()
