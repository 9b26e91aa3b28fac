"""Whether the outputs of a case are right: what a training counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from microbp import losses
from microbp._support.coerce import listed, number
from microbp.core.engine import Value
from microbp.losses import Loss

Judge: TypeAlias = Callable[[Sequence[Value], Sequence[float]], bool]
"""Whether these outputs are right for these targets."""


def right_side(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether every output is on its target's side of 0.5; 0.5 itself is on neither.

    >>> right_side([Value(0.51), Value(0.4)], [1, 0])
    True
    """
    return _on_sides(right_side, outputs, targets)


def right_answer(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether the sigmoid of every output is on its target's side of 0.5: for total inputs.

    >>> right_answer([Value(0.1), Value(-2.0)], [1, 0])
    True
    """
    return _on_sides(right_answer, outputs, targets)


def right_sign(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether every output has its target's sign: for targets of -1 and 1.

    >>> right_sign([Value(0.1), Value(-2.0)], [1, -1])
    True
    """
    return _on_sides(right_sign, outputs, targets)


def right_class(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether the output with the largest target is larger than each of the others.

    >>> right_class([Value(0.1), Value(-2.0), Value(0.2)], [0, 0, 1])
    True
    """
    ys, ds = _paired("right_class", outputs, targets)
    if not ds:
        raise ValueError("right_class: expected at least one output and target, got none")
    best = ds.index(max(ds))
    return all(y < ys[best] for i, y in enumerate(ys) if i != best)


EDGES: dict[Judge, tuple[float, float]] = {
    right_side: (0.5, 0.5),
    right_answer: (0.0, 0.5),
    right_sign: (0.0, 0.0),
}
"""Judges that compare sides: what outputs and targets are to be on the same side of."""

_BY_LOSS: dict[Loss, Judge] = {
    losses.cross_entropy: right_class,
    losses.binary_cross_entropy: right_answer,
    losses.hinge: right_sign,
}


def judge_for(loss: Loss) -> Judge:
    """The judge of a loss: `right_side`, but for those of total inputs and for `hinge`."""
    return _BY_LOSS.get(loss, right_side)


def _paired(
    where: str, outputs: Sequence[Value], targets: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Both as plain numbers; TypeError or ValueError for others, or fewer of one."""
    ys, ds = _numbers(outputs, where, "outputs"), _numbers(targets, where, "targets")
    if len(ys) != len(ds):
        raise ValueError(f"{where}: {len(ys)} outputs but {len(ds)} targets")
    return ys, ds


def _numbers(given: Sequence[Value | float], where: str, what: str) -> list[float]:
    items = given if type(given) is list else listed(given, where, what)
    return [
        x if type(x) is float else x.data if isinstance(x, Value) else number(x, where)
        for x in items
    ]


def _on_sides(judge: Judge, outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    output_edge, target_edge = EDGES[judge]
    ys, ds = _paired(judge.__name__, outputs, targets)
    for y, d in zip(ys, ds, strict=True):  # noqa: SIM110  # a generator takes twice as long
        if not (y - output_edge) * (d - target_edge) > 0.0:
            return False
    return True
