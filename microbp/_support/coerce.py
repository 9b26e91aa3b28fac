"""Convert user input to float, and show it in error messages."""

from __future__ import annotations

import numbers
import reprlib
from typing import Any


def number(x: object, where: str) -> float:
    """`x` as a float: any real number with `__float__` (int, Fraction, Decimal, NumPy scalars).

    `where` names the operation or field in the error message. Raises TypeError if x is not a
    real number (a string, None, a complex number, an array of more than one number), ValueError
    if no float can hold it.
    """
    if not isinstance(x, (float, int)):
        imaginary = isinstance(x, numbers.Complex) and not isinstance(x, numbers.Real)
        kind = getattr(getattr(x, "dtype", None), "kind", None)
        unlike = kind in {*"cmMSTU"}  # complex, time, text: NumPy gives each of them a __float__
        if imaginary or unlike or not hasattr(x, "__float__"):
            raise TypeError(f"{where}: expected a real number or a Value, got {shown(x)}")
    try:
        return float(x)
    except TypeError:
        raise TypeError(f"{where}: expected one real number or Value, got {shown(x)}") from None
    except (ValueError, OverflowError):
        raise ValueError(f"{where}: no float can hold {shown(x)}") from None


def operand(x: object, where: str) -> Any:
    """`x` as a float; NotImplemented for a foreign object that may handle Values itself.

    For operators: after NotImplemented, Python asks the other operand. Raises as `number` does.
    """
    foreign = type(x).__module__ != "builtins"
    if foreign and (not hasattr(x, "__float__") or str(getattr(x, "dtype", "")) == "object"):
        return NotImplemented
    return number(x, where)


def shown(x: object) -> str:
    """A short repr of any object, for an error message."""
    try:
        return reprlib.repr(x)
    except Exception:  # a repr may raise anything: an int beyond 4,300 digits, a user's class
        return f"an object of class {type(x).__name__}"
