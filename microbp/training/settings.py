"""Check and complete what a user gives to `train`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from microbp import losses
from microbp._support.arguments import check_takes, flag
from microbp._support.coerce import number, shown, whole_number
from microbp._support.suggest import did_you_mean
from microbp.core import ops
from microbp.core.engine import Value
from microbp.core.ops import Op
from microbp.losses import Loss
from microbp.optim import Adam, Descent
from microbp.training.cases import as_cases
from microbp.training.judges import Judge, judge_for
from microbp.training.penalty import Penalty
from microbp.training.task import Case, Task, Trainable

LOSSES: dict[str, Loss] = {
    "squared": losses.squared_error,
    "banded_squared": losses.banded_squared_error,
    "cross_entropy": losses.cross_entropy,
    "binary_cross_entropy": losses.binary_cross_entropy,
    "hinge": losses.hinge,
}
"""The losses that `train` knows by name."""

_ELSEWHERE = {
    "mse": "squared",
    "mean_squared_error": "squared",
    "l2": "squared",
    "nll": "cross_entropy",
    "categorical_cross_entropy": "cross_entropy",
    "categorical_crossentropy": "cross_entropy",
    "softmax": "cross_entropy",
    "bce": "binary_cross_entropy",
    "bcewithlogits": "binary_cross_entropy",
    "log_loss": "binary_cross_entropy",
    "binary_crossentropy": "binary_cross_entropy",
    "svm": "hinge",
    "max_margin": "hinge",
}

LR = 0.01
"""The step size of Adam, where no optimizer is given."""


def the_task(
    net: Trainable,
    cases: Sequence[Case] | tuple[Any, Any],
    optimizer: Descent | None,
    *,
    lr: float | Callable[[int], float] | None,
    loss: Loss | str,
    batch: int | None,
    seed: int,
    l1: float,
    l2: float,
    change_per_case: bool,
    right: Judge | None,
) -> Task:
    """What to train, and how; TypeError or ValueError for arguments of other kinds."""
    check_net(net)
    loss = the_loss(loss, "train")
    cases = as_cases(cases, net, loss, "train")
    optimizer = the_optimizer(optimizer, net, lr)
    check_callables(right=right)
    change_per_case = flag(change_per_case, "train: change_per_case")
    if batch is not None:
        batch = whole_number(batch, "train: batch", 1)
        if change_per_case:
            raise ValueError("train: expected batch or change_per_case, got both")
        batch = batch if batch < len(cases) else None
    l1, l2 = penalty_factor("l1", l1), penalty_factor("l2", l2)
    task = Task(
        net,
        cases,
        optimizer,
        loss,
        right or judge_for(loss),
        change_per_case,
        batch,
        whole_number(seed, "train: seed"),
        Penalty(optimizer.parameters, l1, l2) if l1 or l2 else None,
    )
    check_outputs(net, task)
    return task


def the_loss(given: Any, where: str) -> Loss:
    """A loss, given as a function or by name."""
    if isinstance(given, str):
        name = given.removesuffix("_error")
        if name not in LOSSES:
            plain = given.lower().removesuffix("loss").rstrip("_")  # as in "MSELoss"
            hint = did_you_mean(plain, LOSSES, _ELSEWHERE)
            raise ValueError(
                f"{where}: expected loss as one of {', '.join(LOSSES)}; got {given!r}{hint}"
            )
        return LOSSES[name]
    if callable(given):
        check_takes(given, ("outputs", "targets"), f"{where}: loss")
    else:
        raise TypeError(
            f"{where}: expected loss as a function of outputs and targets, or as one of "
            f"{', '.join(LOSSES)}; got {shown(given)}"
        )
    return cast(Loss, given)


def check_net(net: Any) -> None:
    """TypeError for what is no net."""
    wanted = ("parameters", "state_dict", "load_state_dict")
    if isinstance(net, type) or not callable(net) or not hasattr(net, "parameters"):
        raise TypeError(f"train: expected a net, such as Net(2, [16, 1]), got {shown(net)}")
    for name in wanted:
        if not callable(getattr(net, name, None)):
            raise TypeError(
                f"train: expected a net with the methods {', '.join(wanted)}; {shown(net)} has no "
                f"{name}"
            )


def _has(x: Any, methods: Iterable[str]) -> bool:
    return all(callable(getattr(x, name, None)) for name in methods)


def the_optimizer(given: Any, net: Any, lr: Any) -> Descent:
    """The optimizer given, or Adam where there is none."""
    if given is None:
        return _default_optimizer(net.parameters(), lr)
    if isinstance(given, type):
        name = given.__name__
        raise TypeError(
            f"train: expected an optimizer, got a class: write {name}(net.parameters(), lr=0.1)"
        )
    wanted = ("step", "zero_grad", "state_dict", "load_state_dict")
    if not (_has(given, wanted) and isinstance(getattr(given, "parameters", None), list)):
        got = shown(given)
        if isinstance(given, (list, tuple)) and given and isinstance(given[0], Value):
            got = "parameters"
        raise TypeError(
            f"train: expected an optimizer, got {got}: write Momentum(net.parameters(), lr=0.1)"
        )
    if lr is not None:
        raise TypeError("train: lr is for training without an optimizer; this one has its own")
    optimizer = cast(Descent, given)
    own = net.parameters()
    if own and optimizer.parameters and set(own).isdisjoint(optimizer.parameters):
        raise ValueError(
            f"train: expected an optimizer of this net's parameters, got one of "
            f"{len(optimizer.parameters)} others, from {shown(optimizer.parameters[0])} on: "
            f"write {type(given).__name__}(net.parameters(), ...)"
        )
    return optimizer


ARGUMENTS = {
    "right": ("outputs", "targets"),
    "until": ("seen",),
    "callback": ("history",),
}
"""What the functions that a user may give are called with."""


def _default_optimizer(parameters: Any, lr: Any) -> Descent:
    try:
        return Adam(parameters, LR if lr is None else lr)
    except (TypeError, ValueError) as error:
        raise type(error)(f"train: {str(error).removeprefix('Adam: ')}") from None


def check_progress(given: Any) -> None:
    """ValueError for what is neither True, False nor "curve"."""
    try:
        if not (isinstance(given, str) and given == "curve"):
            flag(given, "")
    except TypeError:
        raise ValueError(
            f"train: progress: expected True, False or 'curve', got {shown(given)}"
        ) from None


def penalty_factor(name: str, given: Any) -> float:
    """A finite number that is not negative."""
    found = number(given, f"train: {name}")
    if not (math.isfinite(found) and found >= 0.0):
        raise ValueError(f"train: expected {name} >= 0, got {found}")
    return found


def the_metrics(given: Any) -> Mapping[str, Callable[..., Any]]:
    """Functions of outputs and targets by name."""
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(map(callable, given.values())):
        raise TypeError(
            f"train: expected metrics as functions of outputs and targets by name, as in "
            f"{{'distance': lambda ys, ds: abs(ys[0] - ds[0])}}, got {shown(given)}; "
            f"history.accuracy is there without"
        )
    for name, metric in given.items():
        check_takes(metric, ("outputs", "targets"), f"train: metric {name!r}")
    return dict(given)


def check_callables(**given: Any) -> None:
    """TypeError for what is neither None nor a function of the arguments that it will get."""
    for name, given_function in given.items():
        if given_function is None:
            continue
        if not callable(given_function):
            raise TypeError(f"train: expected {name} as a function, got {shown(given_function)}")
        check_takes(given_function, ARGUMENTS[name], f"train: {name}")


_SQUASHING: dict[Loss, str] = {
    losses.binary_cross_entropy: "sigmoid",
    losses.cross_entropy: "softmax",
}


def check_outputs(net: Any, task: Task) -> None:
    """ValueError where the loss would squash outputs again, or softmax a single one."""
    own = _SQUASHING.get(task.loss)
    if own is None:
        return
    outputs = net(task.cases[0][0])
    if task.loss is losses.cross_entropy and len(outputs) == 1:
        raise ValueError(
            "train: the cross_entropy of 1 output is always 0: write Net(2, [16, 2]), with an "
            "output for each class, or loss='binary_cross_entropy'"
        )
    kind = "softmax" if any(map(_is_softmax, outputs)) else "sigmoid"
    if kind == "softmax" or any(y.op is ops.SIGMOID for y in outputs):
        raise ValueError(
            f"train: the loss takes the {own} itself, but the outputs are a {kind} already: make "
            f"the last layer linear, as in Net(2, [16, 1], output='linear')"
        )


def _is_softmax(y: Value) -> bool:
    if y.op is not ops.EXP or y.operands[0].op is not ops.SUB:
        return False
    divisor: Op | None = y.operands[0].operands[1].op
    return divisor is ops.LOGSUMEXP
