"""The known name that a user may have meant, for error messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping


def did_you_mean(name: object, known: Iterable[str], others: Mapping[str, str] = {}) -> str:
    """': did you mean 'squared'?' for a name near a known one; "" where none is near.

    `others` has what known names are called elsewhere.

    >>> did_you_mean("hinges", ["hinge", "squared"]), did_you_mean("x", ["hinge"])
    (": did you mean 'hinge'?", '')
    >>> did_you_mean("MSE", ["squared"], {"mse": "squared"})
    ": did you mean 'squared'?"
    """
    if not isinstance(name, str):
        return ""
    asked = name.lower().replace("-", "_").replace(" ", "_")
    by_name = {**{each: each for each in known}, **others}
    near = difflib.get_close_matches(asked, by_name, n=1, cutoff=0.7)
    return f": did you mean {by_name[near[0]]!r}?" if near else ""
