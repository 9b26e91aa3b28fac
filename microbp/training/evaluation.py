"""How a net does on some cases, without training it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from microbp._support.arguments import function
from microbp._support.coerce import shown
from microbp.core.grad_mode import no_grad
from microbp.losses import Loss
from microbp.training.cases import NetFunction, as_cases
from microbp.training.judges import Judge, judge_for
from microbp.training.settings import the_loss
from microbp.training.task import Case, error_of, judged


def evaluate(
    net: NetFunction,
    cases: Sequence[Case] | tuple[Any, Any],
    *,
    loss: Loss | str = "squared",
    right: Judge | None = None,
) -> tuple[float, int]:
    """The error summed over the cases, and how many come out right; nothing is changed.

    The cases and the loss are as for `train`; `right` is by default the judge that `train` has
    for the loss.

    >>> from microbp.nn import Net
    >>> evaluate(Net(2, [1], init=0.0), [([0, 1], 1), ([1, 1], 0)], loss="binary_cross_entropy")
    (1.3862943611198906, 0)

    Raises TypeError or ValueError for arguments of other kinds, or if there are no cases.
    """
    if isinstance(net, type) or not callable(net):
        raise TypeError(f"evaluate: expected a net, such as Net(2, [16, 1]), got {shown(net)}")
    loss = the_loss(loss, "evaluate")
    if right is not None:
        function(right, "evaluate: right")
    cases = as_cases(cases, net, loss, "evaluate")
    right = right or judge_for(loss)
    with no_grad():
        seen = [(net(inputs), targets) for inputs, targets in cases]
        errors = [error_of(loss, *case, "evaluate").data for case in seen]
        return sum(errors), sum(judged(right, *case, "evaluate") for case in seen)
