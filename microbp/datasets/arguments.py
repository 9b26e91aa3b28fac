"""What the data sets have in common: their types, and how whole numbers are checked."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, TypeAlias

from microbp._support.coerce import shown

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Points: TypeAlias = "NDArray[np.float64]"
"""A row of inputs for each case."""
Classes: TypeAlias = "NDArray[np.int64]"
"""The class of each case, from 0 on."""


def whole_number(
    where: str, what: str, given: Any, least: int | None = None, most: int | None = None
) -> int:
    """`given` as an int; TypeError or ValueError, in words, where it is none or out of bounds."""
    try:
        whole = operator.index(given)
    except TypeError:
        raise TypeError(f"{where}: expected a whole number as {what}, got {shown(given)}") from None
    if least is not None and whole < least:
        raise ValueError(f"{where}: expected {what} of at least {least}, got {shown(whole)}")
    if most is not None and whole > most:
        raise ValueError(f"{where}: expected {what} of at most {most}, got {shown(whole)}")
    return whole
