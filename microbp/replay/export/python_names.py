"""Names of variables for the text of a program, from labels; and numbers as Python literals."""

from __future__ import annotations

import builtins
import keyword
import math
import re
import unicodedata
from collections import Counter

from microbp.core import ops
from microbp.replay.export.python_templates import FROM_NUMPY, HELPERS
from microbp.replay.recording import Recording

LONGEST_NAME = 40
RESERVED = frozenset(
    [
        *(*dir(builtins), *keyword.kwlist, *keyword.softkwlist, *FROM_NUMPY, *HELPERS),
        *("forward", "backward", "seeds", "math", "numpy"),
    ]
)
"""Names that no variable may have."""


def literal(x: float) -> str:
    """A number as code: repr, and NumPy's names for what is not finite."""
    return repr(x) if math.isfinite(x) else str(x)


def operand_literal(x: float) -> str:
    """A number as code within an expression."""
    return f"({literal(x)})" if math.copysign(1.0, x) < 0.0 else literal(x)


def variables(recording: Recording) -> list[str]:
    """The name of each node; constants are written out as numbers."""
    names = [""] * (recording.leaves + len(recording.code))
    first = recording.inputs + len(recording.parameters)
    for i, x in enumerate(recording.constants, first):
        names[i] = operand_literal(x)
    taken, tries = set(RESERVED), Counter[str]()
    for i, label in sorted(recording.labels.items()):
        wish = "" if first <= i < recording.leaves else _identifier(label)
        if wish:
            names[i] = _free(wish, taken, tries)
    numbers = Counter[str]()
    kinds = ["x"] * recording.inputs + ["w"] * len(recording.parameters)
    kinds += ["c"] * len(recording.constants)
    kinds += ["h" if op is ops.DOT else "y" for _, op, _ in recording.operations()]
    for i, kind in enumerate(kinds):
        if not names[i] or i < first:
            numbers[kind] += 1
        if not names[i]:
            names[i] = _free(f"{kind}{numbers[kind]}", taken, tries)
    return names


def _identifier(label: str) -> str:
    """A name like the label: w_hidden1_x1 for w[hidden1,x1]; empty where there is none.

    Python takes identifiers that are compatible in Unicode (NFKC) for the same, and so does this.
    """
    words = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", label[:LONGEST_NAME]))
    name = unicodedata.normalize("NFKC", words).strip("_")
    return name if name.isidentifier() else ""


def _free(wish: str, taken: set[str], tries: Counter[str]) -> str:
    """A name like `wish` that is not taken, nor are those of its adjoint and partials."""
    name = wish
    while taken.intersection((name, f"d_{name}", f"p_{name}")):
        tries[wish] += 1
        name = f"{wish}_{tries[wish] + 1}"
    taken.update((name, f"d_{name}", f"p_{name}"))
    return name
