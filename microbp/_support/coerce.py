"""Convert user input to floats and lists, and show it in error messages."""

from __future__ import annotations

import numbers
import operator
import reprlib
import sys
from collections.abc import Mapping
from types import FunctionType
from typing import Any


def number(x: object, where: str) -> float:
    """`x` as a float: any real number with `__float__` (int, Fraction, Decimal, NumPy scalars).

    `where` names the operation or field in the error message. Raises TypeError if x is not a
    real number (a string, None, a complex or masked number, an array of more than one number) or
    is a Value, ValueError if no float can hold it.
    """
    if not isinstance(x, (float, int)):
        imaginary = isinstance(x, numbers.Complex) and not isinstance(x, numbers.Real)
        kind = getattr(getattr(x, "dtype", None), "kind", None)
        unlike = kind in {*"cmMSTU"}  # complex, time, text: NumPy gives each of them a __float__
        unlike = unlike or hasattr(x, "compressed")  # a masked array, or an entry without a number
        if imaginary or unlike or not hasattr(x, "__float__"):
            raise TypeError(f"{where}: expected a real number or a Value, got {shown(x)}")
    try:
        return float(x)
    except TypeError:
        if hasattr(x, "detach"):
            raise TypeError(
                f"{where}: expected a plain number, got {shown(x)}: write x.data or x.item() for "
                "its number, or x.detach() for a leaf of it"
            ) from None
        raise TypeError(f"{where}: expected one real number or Value, got {shown(x)}") from None
    except (ValueError, OverflowError):
        raise ValueError(f"{where}: no float can hold {shown(x)}") from None


def no_float(node: object) -> TypeError:
    """For float(node), which every function of `math` and NumPy's conversions ask for."""
    return TypeError(
        f"float: expected a plain number, got {shown(node)}, whose derivative would be lost: "
        "write microbp.exp(x) for math.exp(x) (m.exp(x) in a custom operation), dtype=object for "
        "an array of Values, and x.data, x.item() or x.detach() for the plain number"
    )


def operand(x: object, where: str) -> Any:
    """`x` as a float; NotImplemented for a foreign object that may handle Values itself.

    For operators: after NotImplemented, Python asks the other operand. Raises as `number` does.
    """
    foreign = type(x).__module__ != "builtins"
    if foreign and (not hasattr(x, "__float__") or _is_array(x)):
        return NotImplemented
    return number(x, where)


def listed(xs: object, where: str, what: str) -> list[Any]:
    """The items of a list, an array or any iterable but text and dicts.

    `where` names the function and `what` the items in the error message. Raises TypeError.
    """
    if isinstance(xs, (list, tuple)):  # asking for a Mapping takes longer than a sum
        return list(xs)
    if not isinstance(xs, (str, bytes, bytearray, Mapping)):
        try:
            items = iter(xs)  # type: ignore[call-overload]  # caught
        except TypeError:
            pass  # also of an array of no dimension
        else:
            return list(items)
    raise TypeError(f"{where}: expected a list of {what}, got {shown(xs)}")


def whole_number(n: object, where: str, least: int = 0, most: int | None = None) -> int:
    """`n` as an int, from `least` to `most`; `where` is named in the error message.

    Raises TypeError for what is no whole number, such as 2.5 or True, and ValueError for one out
    of bounds.
    """
    bounds = f"from {least} on" if most is None else f"from {least} to {most:,}"
    try:
        if isinstance(n, bool):
            raise TypeError
        found = operator.index(n)  # type: ignore[arg-type]  # caught
    except TypeError:
        raise TypeError(f"{where}: expected a whole number {bounds}, got {shown(n)}") from None
    if found < least or (most is not None and found > most):
        raise ValueError(f"{where}: expected a whole number {bounds}, got {shown(n)}")
    return found


def shortened(text: str, most: int = 1_000) -> str:
    """A label for a picture or an error message: its two ends, where it is longer than `most`."""
    if len(text) <= most:
        return text
    return f"{text[: most // 2]}…{text[-(most // 4) :]} ({len(text):,} characters)"


def is_masked(cases: object) -> bool:
    """Whether it is an array with entries masked, or a list that holds such arrays."""
    np = sys.modules.get("numpy")
    if np is None:  # nobody has imported it: there are no arrays
        return False
    if isinstance(cases, (list, tuple)):
        kinds = {*map(type, cases)}
        return np.ma.MaskedArray in kinds and any(map(np.ma.is_masked, cases))
    return bool(np.ma.is_masked(cases))


class _Short(reprlib.Repr):
    """Texts for error messages: one line, with the whole of a Value."""

    def repr_function(self, x: FunctionType, level: int) -> str:
        return f"<function {x.__name__}>"

    def repr_instance(self, x: object, level: int) -> str:
        if type(x).__module__.partition(".")[0] == "microbp":
            text = repr(x)
            plain = "\n" not in text and " object at 0x" not in text and len(text) <= 80
            return text if plain else f"a {type(x).__name__}"
        if type(x).__repr__ is object.__repr__:
            return f"an object of class {type(x).__name__}"  # and not where in memory it is
        text = super().repr_instance(x, level)
        if "\n" not in text:
            return text
        shape = f" of shape {x.shape}" if hasattr(x, "shape") else ""
        return f"a {type(x).__name__}{shape}"


_short = _Short()


def _is_array(x: object) -> bool:
    """Whether it is an array that computes with a Value element by element, as NumPy's do."""
    return getattr(x, "ndim", 0) != 0 or str(getattr(x, "dtype", "")) == "object"


def shown(x: object) -> str:
    """A short repr of any object, for an error message."""
    try:
        return _short.repr(x)
    except Exception:  # a repr may raise anything: an int beyond 4,300 digits, a user's class
        return f"an object of class {type(x).__name__}"
