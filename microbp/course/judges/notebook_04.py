"""Notebook 4: descent and momentum."""

from __future__ import annotations

from typing import Any

from microbp._support.coerce import shown
from microbp.course.answers import called, near, number
from microbp.course.verdicts import NotRight, NotYet


def momentum_step(step: Any) -> str:
    w, velocity, lr, momentum = 2.0, 0.0, 0.1, 0.5
    for sweep in (1, 2, 3):
        gradient, old = 3.0 / sweep, velocity
        got = called(step, w, velocity, gradient, lr, momentum, gives="two numbers")
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            raise NotRight(
                f"return two numbers, the new weight and the new velocity; got {shown(got)}"
            )
        if any(each is ... for each in got):
            raise NotYet("return two numbers in place of the ...")
        new_w, new_velocity = number(got[0], "the weight"), number(got[1], "the velocity")
        velocity = momentum * old - lr * gradient
        if not (near(new_w, w + velocity) and near(new_velocity, velocity)):
            raise NotRight(_what_is_wrong(sweep, w, old, gradient, new_w, new_velocity))
        w += velocity
    return "three steps as Momentum takes them"


def _what_is_wrong(
    sweep: int, w: float, old: float, gradient: float, new_w: float, new_velocity: float
) -> str:
    lr, momentum = 0.1, 0.5
    velocity = momentum * old - lr * gradient
    if near(new_w, velocity) and near(new_velocity, w + velocity):
        return "the weight comes first, and then the velocity"
    if near(new_w, w - velocity):
        return "downhill is against the gradient: -lr, not +lr"
    if near(new_velocity, velocity) and near(new_w, w + old):
        return "move by the new velocity, not by the old one"
    if near(new_velocity, velocity):
        return "the velocity is right, but the weight moves by all of it, no more"
    if near(new_velocity, -lr * gradient):
        return f"in sweep {sweep} the velocity forgets the last: + momentum * velocity"
    if near(new_velocity, lr * gradient + momentum * old):
        return "downhill is against the gradient: -lr, not +lr"
    if near(new_velocity, -lr * gradient + old):
        return f"in sweep {sweep} the old velocity counts whole: times momentum"
    if near(new_velocity, -gradient + momentum * old):
        return "the step size is missing: lr times the gradient"
    return f"in sweep {sweep} got {(new_w, new_velocity)}, expected {(w + velocity, velocity)}"


def largest_step(border: Any) -> str:
    lr = number(border)
    if lr <= 0.0:
        raise NotRight("lr is above 0")
    below, above = _arrives(0.99 * lr), _arrives(1.01 * lr)
    if below and not above:
        return "one hundredth less arrives, and one hundredth more does not"
    if not below:
        raise NotRight(f"{lr:g} is too much. Which of the two directions sets the limit?")
    if near(lr, 0.25):
        raise NotRight("1/4 lands right at the bottom of the steep direction. More still arrives")
    raise NotRight(f"{lr:g} is too little: with one hundredth more it still arrives")


def _arrives(lr: float) -> bool:
    """Whether descent gets down exercise 2's ravine: each step keeps so much of w1 and of w2."""
    return abs(1.0 - 4.0 * lr) < 1.0 and abs(1.0 - 0.1 * lr) < 1.0


CASES = [((1.0, 1.0), 0.5), ((1.0, 0.7), 0.65)]
SWEEPS = 1000


def race(my_lr: Any, my_momentum: Any) -> str:
    lr, momentum = number(my_lr, "my_lr"), number(my_momentum, "my_momentum")
    if not 0.0 <= momentum < 1.0:
        percent = ". Write 80 % as 0.8" if momentum > 1.0 else ""
        raise NotRight(
            f"momentum = {momentum:g}. It is the fraction kept: at least 0, and below 1{percent}"
        )
    if lr <= 0.0:
        raise NotRight(f"lr = {lr:g}. It is above 0, or else the walk goes uphill")
    errors = _walk(lr, momentum)
    sweeps = _arrival(errors)
    if sweeps is not None and sweeps < 60:
        return f"{sweeps} sweeps"
    if not errors[-1] < errors[0]:
        raise NotRight("the error grows without end. Try a smaller lr")
    late = f"{sweeps} sweeps" if sweeps is not None else f"not there after {len(errors)} sweeps"
    raise NotRight(f"{late}. {_advice(lr, momentum)}")


def _advice(lr: float, momentum: float) -> str:
    if momentum == 0.0:
        return "Without momentum this is simple descent. Keep some of the velocity"
    if momentum > 0.85:
        return "With so much momentum the ball rolls past the bottom and back. Try less"
    if lr < 0.58:
        return "Momentum also allows larger steps than 0.58. Try a larger lr"
    if momentum < 0.7:
        return "Along the floor it creeps. Try a little more momentum"
    return "Vary one of the two at a time, by a little"


def _walk(lr: float, momentum: float) -> list[float]:
    """The errors of notebook 4's walk with momentum, without building its graphs."""
    (w1, w2), (v1, v2), errors = (-1.5, 0.5), (0.0, 0.0), []
    for _ in range(SWEEPS):
        off = [(w1 * x1 + w2 * x2 - d, x1, x2) for (x1, x2), d in CASES]
        errors.append(0.5 * sum(e * e for e, _, _ in off))
        if not errors[-1] < 1e12:
            break
        v1 = momentum * v1 - lr * sum(e * x1 for e, x1, _ in off)
        v2 = momentum * v2 - lr * sum(e * x2 for e, _, x2 in off)
        w1, w2 = w1 + v1, w2 + v2
    return errors


def _arrival(errors: list[float]) -> int | None:
    """The sweep from which the error stays below a millionth; None if it never does."""
    late = max(sweep for sweep, error in enumerate(errors) if not error < 1e-6)
    return late + 1 if late + 1 < len(errors) else None


JUDGES = (momentum_step, largest_step, race)
