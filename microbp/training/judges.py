"""Whether the outputs of a case are right: what a training counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from microbp import losses
from microbp.core.engine import Value
from microbp.core.functions import data_of
from microbp.losses import Loss

Judge: TypeAlias = Callable[[Sequence[Value], Sequence[float]], bool]
"""Whether these outputs are right for these targets."""


def right_side(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether every output is on its target's side of 0.5; 0.5 itself is on neither.

    >>> right_side([Value(0.51), Value(0.4)], [1, 0])
    True
    """
    return _on_sides(outputs, targets, *EDGES[right_side])


def right_answer(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether the sigmoid of every output is on its target's side of 0.5: for total inputs.

    >>> right_answer([Value(0.1), Value(-2.0)], [1, 0])
    True
    """
    return _on_sides(outputs, targets, *EDGES[right_answer])


def right_sign(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether every output has its target's sign: for targets of -1 and 1.

    >>> right_sign([Value(0.1), Value(-2.0)], [1, -1])
    True
    """
    return _on_sides(outputs, targets, *EDGES[right_sign])


def right_class(outputs: Sequence[Value], targets: Sequence[float]) -> bool:
    """Whether the output with the largest target is larger than each of the others.

    >>> right_class([Value(0.1), Value(-2.0), Value(0.2)], [0, 0, 1])
    True
    """
    ys, ds = [data_of(y) for y in outputs], [data_of(d) for d in targets]
    if len(ys) != len(ds):
        raise ValueError(f"right_class: {len(ys)} outputs but {len(ds)} targets")
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


def _on_sides(
    outputs: Sequence[Value], targets: Sequence[float], output_edge: float, target_edge: float
) -> bool:
    pairs = zip(outputs, targets, strict=True)
    return all((data_of(y) - output_edge) * (data_of(d) - target_edge) > 0.0 for y, d in pairs)
