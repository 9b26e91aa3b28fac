"""Check what a user gives as an argument; errors name the function and show what was given."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar, cast

from microbp._support.coerce import number, shown
from microbp._support.suggest import did_you_mean

F = TypeVar("F", bound=Callable[..., Any])


def named_arguments(where: str, elsewhere: Mapping[str, str] = {}) -> Callable[[F], F]:
    """A decorator: an argument that the function lacks is an error with the one probably meant.

    Too many arguments without a name are told which of the others have one.

    `elsewhere` has what the arguments are called in other libraries.
    """

    def decorated(function: F) -> F:
        known = inspect.signature(function).parameters
        kinds = {name: parameter.kind for name, parameter in known.items()}
        without = [name for name, kind in kinds.items() if kind is not kind.KEYWORD_ONLY]
        several = any(kind is kind.VAR_POSITIONAL for kind in kinds.values())
        most = math.inf if several else len(without)

        @wraps(function)
        def checked(*arguments: Any, **named: Any) -> Any:
            if len(arguments) > most:
                raise _too_many(where, len(arguments), list(known), without)
            for name in named:
                if name not in known:
                    there = ", ".join(each for each in known if each != "self")
                    hint = did_you_mean(name, known, elsewhere) or f"; there are {there}"
                    raise TypeError(f"{where}: there is no argument {name!r}{hint}")
            return function(*arguments, **named)

        return cast(F, checked)

    return decorated


def _too_many(where: str, given: int, known: list[str], without: list[str]) -> TypeError:
    of_method = known[:1] == ["self"]
    names, others = without[of_method:], [name for name in known if name not in without]
    text = f"{where}: expected at most {len(names)} arguments without a name ({', '.join(names)}), "
    text += f"got {given - of_method}"
    return TypeError(f"{text}; with names there are {', '.join(others)}" if others else text)


def flag(given: object, where: str) -> bool:
    """True or False, or 1 or 0; TypeError for anything else, such as "no"."""
    if isinstance(given, (bool, int)) and given in (0, 1):
        return bool(given)
    if getattr(getattr(given, "dtype", None), "kind", "") == "b" and not getattr(given, "ndim", 1):
        return bool(given)  # of NumPy
    raise TypeError(f"{where}: expected True or False, got {shown(given)}")


def text(given: object, where: str) -> str:
    """A string; TypeError for anything else."""
    if not isinstance(given, str):
        raise TypeError(f"{where}: expected a string, got {shown(given)}")
    return given


def texts(given: Any, where: str) -> list[str]:
    """Strings in a list or similar; TypeError for anything else, a single string too."""
    if isinstance(given, Iterable) and not isinstance(given, (str, bytes, Mapping)):
        found = list(given)
        if all(isinstance(each, str) for each in found):
            return found
    raise TypeError(f"{where}: expected a list of strings, got {shown(given)}")


def function(given: object, where: str, what: str = "a function") -> Callable[..., Any]:
    """Anything that can be called; TypeError for what can't."""
    if not callable(given):
        raise TypeError(f"{where}: expected {what}, got {shown(given)}")
    return cast(Callable[..., Any], given)


def check_takes(given: Callable[..., Any], arguments: Sequence[str], where: str) -> None:
    """TypeError for a function that can't be called with so many arguments, as far as it says."""
    try:
        signature = inspect.signature(given)
    except (TypeError, ValueError):  # as of some in C, which don't say
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        names = ", ".join(arguments)
        raise TypeError(
            f"{where}: expected a function of {' and '.join(arguments)}, as in "
            f"lambda {names}: ..., got {shown(given)}, which takes {signature}"
        ) from None


def finite(given: object, where: str) -> float:
    """A finite number as a float; TypeError or ValueError for anything else."""
    found = number(given, where)
    if not math.isfinite(found):
        raise ValueError(f"{where}: expected a finite number, got {found!r}")
    return found


def pair_of(given: Any, where: str, what: str) -> tuple[float, float]:
    """Two finite numbers; TypeError or ValueError for anything else."""
    try:
        first, second = (number(x, where) for x in given)
    except (TypeError, ValueError):
        raise TypeError(f"{where}: expected {what}, got {shown(given)}") from None
    if not (math.isfinite(first) and math.isfinite(second)):
        raise ValueError(f"{where}: expected {what}, got {shown(given)}")
    return first, second


def one_of(given: Any, known: Iterable[str], where: str, others: Mapping[str, str] = {}) -> str:
    """One of these names; ValueError for anything else, with the name that was probably meant.

    `others` has what the names are called elsewhere, for that guess.
    """
    known = list(known)
    if isinstance(given, str) and given in known:
        return given
    names = ", ".join(map(repr, known))
    hint = did_you_mean(given, known, others)
    raise ValueError(f"{where}: expected one of {names}; got {shown(given)}{hint}")
