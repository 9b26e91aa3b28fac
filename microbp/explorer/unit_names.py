"""Names of units that can't be misread: hidden1_10 for "hidden110", the tenth of layer hidden1."""

from __future__ import annotations

import re
from collections.abc import Iterable

from microbp.drawing.grouping import without_numbers

_PARAMETER = re.compile(r"([wb])\[(.*)\]", re.DOTALL)
_BETWEEN = "_"


def unit_names(labels: Iterable[str]) -> dict[str, str]:
    """The names to show in place of those labels of units and parameters that could be misread.

    Units are those that a bias is labeled for, and only those of a layer whose name ends with a
    digit change. Labels themselves stay, as files of weights go by them.

    >>> unit_names(["hidden11", "b[hidden11]", "w[hidden11,x1]", "x1"])
    {'hidden11': 'hidden1_1', 'b[hidden11]': 'b[hidden1_1]', 'w[hidden11,x1]': 'w[hidden1_1,x1]'}
    """
    labels = list(labels)
    parameters = [found for label in labels if (found := _PARAMETER.fullmatch(label))]
    units = {found[2] for found in parameters if found[1] == "b"}
    new = {}
    for unit, layer in without_numbers(units).items():
        if layer != unit and layer[-1:].isdigit():
            new[unit] = f"{layer}{_BETWEEN}{unit[len(layer) :]}"
    names = {label: new[label] for label in labels if label in new}
    for found in parameters:
        parts = [new.get(part, part) for part in found[2].split(",")]
        name = f"{found[1]}[{','.join(parts)}]"
        if name != found[0]:
            names[found[0]] = name
    return names


def without_mark(layer: str) -> str:
    """The name of a layer that was found from names that `unit_names` made."""
    return layer[:-1] if re.search(rf"[0-9]{_BETWEEN}$", layer) else layer
