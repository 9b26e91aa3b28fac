"""The error of a difference quotient for steps of every size: the V of truncation and rounding."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from microbp import plots
from microbp._support.trees import unflatten
from microbp.autodiff.arguments import argument_names, data, one_output
from microbp.autodiff.function import called, check_function
from microbp.autodiff.transforms import grad
from microbp.checking.samples import of_arguments, sample
from microbp.core.engine import Value

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS_PER_DECADE, DECADES = 4, 15
BEYOND = 1e5
"""Where theory's best step is this many times x or more, the largest is as much larger again."""


@dataclass(frozen=True)
class StepCurve:
    """Steps h, largest first, with the error of (f(x + h) - f(x - h)) / 2h for each.

    Two more lists have the errors that theory expects: `truncation`, h^2 |f'''(x)| / 6, which
    falls with the step, and a bound on `rounding`, the noise of f divided by h, which grows.
    Their sum is smallest at `optimum` (Numerical Recipes, 5.7).

    Where theory has no optimum among the steps, as for a straight line, whose f''' is 0,
    `optimum` is the step that was the best, or None if there is none; `note` says why.
    """

    steps: list[float]
    errors: list[float]
    truncation: list[float]
    rounding: list[float]
    optimum: float | None
    note: str = ""

    def plot(self, ax: Axes | None = None) -> Axes:
        """The V on logarithmic scales, with the predicted optimum; needs Matplotlib."""
        return plots.step_curve(self, ax)


@overload
def step_curve(f: Callable[[Any], Any], x: float) -> StepCurve: ...
@overload
def step_curve(f: Callable[[Any], Any], x: Any) -> Any: ...
def step_curve(f: Callable[[Any], Any], x: Any) -> Any:
    """The error of the central difference quotient of f at x for steps of all sizes.

    The error is the difference to the backward pass's derivative. f takes one Value and gives one.

    >>> from microbp import exp
    >>> curve = step_curve(exp, 1.0)
    >>> 1e-6 < curve.optimum < 1e-4
    True
    >>> step_curve(lambda x: 2 * x, 1.0).note
    "theory has no best step, as f'''(x) is 0: this one was the best"
    >>> best = min(curve.errors)
    >>> best < 1e-9 < curve.errors[0], best < curve.errors[-1]
    (True, True)

    For x an array, list, tuple or dict of numbers, there is a curve for each, nested as x is; the
    other numbers stay.

    Raises DomainError where f has no value at x, TypeError for invalid arguments.
    """
    check_function("step_curve", f)
    xs = data("step_curve", x, lambda: argument_names(f, [x]))

    def along(i: int) -> Callable[[Any], Any]:
        def along_x(t: Any) -> Value:
            moved = unflatten(x, iter([*xs[:i], t, *xs[i + 1 :]]))
            return one_output("step_curve", called("step_curve", f, [moved]))

        return along_x

    return unflatten(x, iter([_curve(along(i), t) for i, t in enumerate(xs)]))


def _curve(f: Callable[[Any], Any], x: float) -> StepCurve:
    slope, third = grad(f)(x), grad(grad(grad(f)))(x)
    subject = of_arguments(f, [x], order=1)
    here = sample(subject, [x])
    noise = here.noises[0] if here else math.nan
    curvature = abs(third) / 6.0
    # d/dh (noise / h + curvature h^2) = 0
    expected = (noise / (2.0 * curvature)) ** (1.0 / 3.0) if curvature else math.inf
    largest = abs(x) or 1.0
    if BEYOND * largest < expected < math.inf:  # the function's scale is another than that of x
        largest = BEYOND * expected
    steps, errors = [], []
    for j in range(STEPS_PER_DECADE * DECADES + 1):
        h = largest * 10.0 ** (-j / STEPS_PER_DECADE)
        above, below = x + h, x - h
        up, down = sample(subject, [above]), sample(subject, [below])
        if up and down and above > below:
            steps.append((above - below) / 2.0)
            errors.append(abs((up.ys[0] - down.ys[0]) / (above - below) - slope))
    truncation = [curvature * h * h for h in steps]
    rounding = [noise / h for h in steps]
    if here is None:
        note = "f is not finite here"
    elif not steps:
        note = "every step leaves the domain on one side"
    elif not math.isfinite(slope):
        note = f"the derivative is {slope}, and no step comes near"
    elif not 0.0 < curvature < math.inf:
        note = f"theory has no best step, as f'''(x) is {third:g}: this one was the best"
    elif not steps[-1] <= expected <= steps[0]:
        note = f"theory expects {expected:.2g}, beyond all steps: this one was the best"
    else:
        return StepCurve(steps, errors, truncation, rounding, expected)
    rows = zip(errors, rounding, steps, strict=True)
    known = [(error + noise, h) for error, noise, h in rows if error + noise < math.inf]
    best = min(known)[1] if known else None
    return StepCurve(steps, errors, truncation, rounding, best, note)
