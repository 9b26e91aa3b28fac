"""The results of a run as plain JSON values: numbers of NumPy, arrays and Values are converted."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from typing import Any

from microbp._support.coerce import is_masked, shown
from microbp.core.engine import Value

RESERVED = {"seed", "failure", "checksum"}
"""Names that a row has for itself."""


def plain_results(found: Any) -> dict[str, Any]:
    """The results by name; TypeError or ValueError, naming the result, for what JSON can't hold."""
    if not isinstance(found, Mapping):
        raise TypeError(f"expected results by name, in a dict, got {shown(found)}")
    results = _plain_dict(found, "results")
    if not RESERVED.isdisjoint(results):
        names = "'seed', 'failure' and 'checksum'"
        raise ValueError(f"expected results of other names than {names}, got {[*results]}")
    return results


def _plain(x: Any, place: str) -> Any:
    if x is None or isinstance(x, (str, int, float)):
        return x
    if isinstance(x, Value):
        return x.data
    if isinstance(x, Mapping):
        return _plain_dict(x, place)
    if isinstance(x, (list, tuple)):
        return [_plain(each, f"{place}[{i}]") for i, each in enumerate(x)]
    if hasattr(x, "dtype") and hasattr(x, "tolist"):  # an array or a number of NumPy and the like
        if is_masked(x):
            raise TypeError(f"expected results that have numbers, got {place}: {shown(x)}, masked")
        found = x.tolist()
        if type(found) is not type(x):
            return _plain(found, place)
    if isinstance(x, numbers.Real):
        return float(x)
    raise TypeError(
        f"expected results as plain JSON values (numbers, texts, lists and dicts of them), got "
        f"{place}: {shown(x)}"
    )


def _plain_dict(found: Mapping[Any, Any], place: str) -> dict[str, Any]:
    plain = {
        _plain_name(name, place): _plain(x, name if place == "results" else f"{place}[{name!r}]")
        for name, x in found.items()
    }
    if len(plain) != len(found):
        raise ValueError(f"expected each name once, got {place} with the names {shown([*found])}")
    return plain


def _plain_name(name: Any, place: str) -> str:
    if isinstance(name, str):
        return str(name)
    if isinstance(name, numbers.Integral) and not isinstance(name, bool):
        return str(int(name))
    raise TypeError(f"expected names as strings, got {shown(name)} in {place}")
