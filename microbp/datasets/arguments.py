"""What the data sets have in common: their types, and how arguments are checked."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.coerce import whole_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Points: TypeAlias = "NDArray[np.float64]"
"""A row of inputs for each case."""
Classes: TypeAlias = "NDArray[np.int64]"
"""The class of each case, from 0 on."""


MOST_CASES = 1_000_000


def checked_count(given: Any, where: str, least: int = 1, most: int = MOST_CASES) -> int:
    """A whole number of cases, classes or bits; TypeError or ValueError for anything else."""
    return whole_number(given, where, least, most)


def generator(seed: Any, where: str) -> random.Random:
    """Python's generator, from a seed."""
    return random.Random(whole_number(seed, f"{where}: seed"))
