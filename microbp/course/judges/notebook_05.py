"""Notebook 5: symmetry."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from microbp._support.coerce import shown
from microbp.course.answers import items, number, whole
from microbp.course.verdicts import NotRight, NotYet
from microbp.studies import Study

Kind = tuple[int, ...]


def _kinds() -> list[Kind]:
    """The kinds of unsymmetric rows: for each pair -1, 0 or 1."""
    return [kind for kind in product((-1, 0, 1), repeat=3) if any(kind)]


def _sum(kind: Kind, sizes: Sequence[int]) -> int:
    return sum(sign * size for sign, size in zip(kind, sizes, strict=True))


def _written(kind: Kind, sizes: Sequence[int]) -> str:
    terms = zip(kind, sizes, strict=True)
    return " ".join(f"{'+' if sign > 0 else '-'} {size}" for sign, size in terms if sign)


def triple(my_sizes: Any) -> str:
    found = items(my_sizes, "three numbers, such as (1, 2, 3)")
    expected = "Expected three whole numbers from 1 to 9"
    if len(found) != 3:
        raise NotRight(f"{shown(my_sizes)}. {expected}")
    sizes = [whole(size, "each of the three") for size in found]
    if not all(1 <= size <= 9 for size in sizes):
        raise NotRight(f"{shown(my_sizes)}. {expected}")
    canceling = [kind for kind in _kinds() if _sum(kind, sizes) == 0]
    if canceling:
        raise NotRight(f"{_written(canceling[-1], sizes)} = 0")
    a, b, c = sorted(sizes)
    for known in [(1, 2, 4), (2, 3, 4)]:
        if (a * known[1], a * known[2]) == (b * known[0], c * known[0]):
            raise NotRight(f"nothing cancels, but this is {known[0]} : {known[1]} : {known[2]}")
    margin = min(abs(_sum(kind, sizes)) for kind in _kinds()) / max(sizes)
    return f"nothing cancels. The margin is {margin:.3f}; of 1 : 2 : 4 it is 0.25"


def fourth(answer: Any) -> str:
    size = whole(answer)
    if size < 1:
        raise NotRight(f"{size}. Expected a whole number, 1 or more")
    ways = [kind for kind in reversed(_kinds()) if _sum(kind, (1, 2, 4)) == size]
    if ways:
        raise NotRight(f"{_written(ways[0], (1, 2, 4))} - {size} = 0")
    if size != 8:
        raise NotRight(f"{shown(answer)} works, but a smaller number does, too")
    return "1, 2, 4, 8. The three others reach at most 7"


_ERRORS = {
    4: "4 is for six bits. How many rows of eight are symmetric?",
    16: "so many rows are symmetric, but equation (3) has a factor of 1/2",
    120: "those are the rows to which no is right",
    128: "most of the 256 rows are not symmetric, and no is right for them",
    240: "so many rows are not symmetric, and no is right for them",
    64: "with eight bits there are more patterns, but four of the bits follow from the others",
    0.5: "1/2 is the error of one symmetric row. E is summed over all rows",
}


def error_of_no(answer: Any) -> str:
    error = number(answer)
    if error in _ERRORS:
        raise NotRight(_ERRORS[error])
    if error != 8.0:
        raise NotRight(f"{error:g}. Count the symmetric rows first")
    return "16 symmetric rows, 1/2 each"


def another_step(my_study: Any) -> str:
    if my_study is ...:
        raise NotYet("put a study in place of the ...")
    if not isinstance(my_study, Study):
        raise NotRight(f"expected what symmetry.run.study(...) returns, got {shown(my_study)}")
    settings = my_study.settings
    lr = settings.get("lr")
    if settings.get("sweeps") is None or not isinstance(lr, (int, float)):
        raise NotRight("expected a study of symmetry.run, with its own lr")
    if lr in (0.05, 0.1):
        raise NotRight(f"lr {lr} stands above. Find another")
    if settings["sweeps"] != 1000:
        raise NotRight(f"sweeps={settings['sweeps']}: take 1000, so that it can be compared")
    if [row["seed"] for row in my_study] != list(range(20)):
        raise NotRight("take the seeds range(20), so that it can be compared")
    others = {name: value for name, value in settings.items() if name in ("momentum", "hidden")}
    if others != {"momentum": 0.9, "hidden": 2}:
        raise NotRight("change lr alone; with two changes you don't know which one helped")
    solved = my_study.solved_by(1000)
    if solved.number < 14:
        raise NotRight(f"with lr {lr}, {solved}. {_slower_or_faster(float(lr))}")
    return f"with lr {lr}, {solved}"


def _slower_or_faster(lr: float) -> str:
    if lr < 0.03:
        return "Such small steps need more sweeps than these"
    return "Such large steps push some of the nets to where they are stuck"


JUDGES = (triple, fourth, error_of_no, another_step)
