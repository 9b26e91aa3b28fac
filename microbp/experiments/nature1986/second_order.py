"""Four methods: the paper remarks that descent is slower than methods with second derivatives.

All start when the symmetry net first has all 64 patterns right, and continue until the error is
below a goal. Descent and momentum use the gradient, one sweep a step. Conjugate gradients infer
the curvature from successive gradients, a few sweeps a step. Newton's method has the Hessian
itself, here 17 sweeps, and so knows how far to go in each direction. It is not simple, not local,
and its cost grows with the square of the number of weights: the paper's reasons for descent.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from microbp.autodiff.transforms import grad
from microbp.core.engine import Value
from microbp.core.functions import Scalar, dot, sigmoid, total
from microbp.experiments.experiment import Experiment
from microbp.experiments.nature1986 import symmetry
from microbp.experiments.result import Picture, Result
from microbp.losses import squared_error
from microbp.optim import Descent, Momentum
from microbp.plots import INK, learning_curve
from microbp.replay.program import Program, record
from microbp.training import History, train

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FLATTEST = 0.01
"""Newton's method replaces any curvature below this by this."""

LONGEST = 3.0
"""The length of the longest step of Newton's method."""


def error(w: Sequence[Scalar]) -> Value:
    """E of the symmetry net over all 64 cases, as a function of its 17 weights."""
    cases = []
    for bits, targets in symmetry.CASES:
        hidden = [sigmoid(dot(w[k : k + 6], bits, w[k + 6])) for k in (0, 7)]
        cases.append(squared_error([sigmoid(dot(w[14:16], hidden, w[16]))], targets))
    return total(cases)


class Problem:
    """The error as a function of the weights, which counts its evaluations."""

    def __init__(self) -> None:
        self._weights = [Value(0.0, f"w{k}") for k in range(17)]
        self._program = record(error(self._weights), inputs=[], parameters=self._weights)
        direction = [Value(0.0, f"v{k}") for k in range(17)]
        slope = dot(direction, grad(error)(self._weights))
        self._slope = record(slope, inputs=direction, parameters=self._weights)
        self.sweeps = 0

    def look(self, w: Sequence[float]) -> tuple[float, Any]:
        """The error and its gradient at these weights: one sweep."""
        self.sweeps += 1
        return self._evaluated(self._program, w, [])

    def curvature(self, w: Sequence[float]) -> Any:
        """The Hessian at these weights: a sweep for each weight, the gradient of its slope."""
        self.sweeps += len(self._weights)
        return np.array([self._evaluated(self._slope, w, unit)[1] for unit in np.eye(len(w))])

    def _evaluated(self, program: Program, w: Sequence[float], case: Any) -> tuple[float, Any]:
        for p, x in zip(self._weights, w, strict=True):
            p.data, p.grad = float(x), 0.0
        return program.backward([case]), np.array([p.grad for p in self._weights])


def newton_step(problem: Problem, w: Any, here: float, gradient: Any) -> tuple[Any, float, Any]:
    """A step of a damped Newton method: the new weights, and the error and gradient there.

    Along each eigenvector of the Hessian it goes by slope / |curvature|, as if the error were a
    parabola, with `FLATTEST` for any smaller curvature; at most `LONGEST` in all; and half as
    far again and again until the error falls.
    """
    curvatures, directions = np.linalg.eigh(problem.curvature(w))
    slopes = directions.T @ gradient
    step = -directions @ (slopes / np.maximum(abs(curvatures), FLATTEST))
    step *= min(1.0, LONGEST / max(float(np.linalg.norm(step)), 1e-300))
    moved = w + step
    e, slope = problem.look(moved)
    while not e < here and (moved != w).any():
        step /= 2.0
        moved = w + step
        e, slope = problem.look(moved)
    return moved, e, slope


def line_search(
    problem: Problem, w: Any, here: float, gradient: Any, direction: Any, first: float
) -> tuple[float, float, Any]:
    """How far to go in a direction: until the slope has almost vanished, and the error is lower.

    first: the distance to try first. Returns the distance, in lengths of `direction`, and the
    error and gradient there; distance 0.0 if none is good enough.
    """
    downhill = float(gradient @ direction)
    low, slope_low, high, a = 0.0, downhill, float("inf"), first
    best = 0.0, here, gradient
    for _ in range(30):
        e, g = problem.look(w + a * direction)
        slope = float(g @ direction)
        if e < best[1]:
            best = a, e, g
        if e < here + 1e-4 * a * downhill and abs(slope) < 0.1 * abs(downhill):
            return a, e, g
        if slope < 0.0 and e < here:
            low, slope_low = a, slope
        else:
            high = a
        if high == float("inf"):
            a *= 3.0
        elif slope > 0.0 and slope_low < 0.0:
            secant = low - slope_low * (a - low) / (slope - slope_low) if a == high else 0.0
            inside = low + 0.1 * (high - low) < secant < high - 0.1 * (high - low)
            a = secant if inside else (low + high) / 2.0
        else:
            a = (low + high) / 2.0
    return best


class Way(NamedTuple):
    """What a method needed: steps, sweeps and seconds until the goal or the end.

    `errors` has E as it was after each sweep, from before the first on.
    """

    steps: int
    sweeps: int
    seconds: float
    errors: list[float]
    history: History | None = None

    @property
    def error(self) -> float:
        return self.errors[-1]


def simple(problem: Problem, w: Any, goal: float, most: int, momentum: float | None) -> Way:
    """Descent (8), or with `momentum` equation (9), with an lr of 0.1, by `train`."""
    net = symmetry.run(sweeps=0, progress=False).net
    for p, x in zip(net.parameters(), w, strict=True):
        p.data = float(x)
    p = net.parameters()
    optimizer = Descent(p, 0.1) if momentum is None else Momentum(p, 0.1, momentum)
    start = time.perf_counter()
    history = train(
        net,
        symmetry.CASES,
        optimizer,
        sweeps=most,
        until=lambda seen: seen.error < goal,
        progress=False,
    )
    end = history[-1]
    seconds = time.perf_counter() - start
    return Way(end.sweep, end.sweep, seconds, history.errors, history)


def conjugate_gradients(problem: Problem, w: Any, goal: float, most: int) -> Way:
    """Polak and Ribière's: each direction is the gradient, less what would undo the last step."""
    start, steps, problem.sweeps = time.perf_counter(), 0, 0
    e, gradient = problem.look(w)
    errors = [e]
    direction, a = -gradient, 1.0
    while e >= goal and problem.sweeps < most:
        a, e, new = line_search(problem, w, e, gradient, direction, first=a)
        errors += [errors[-1]] * (problem.sweeps - len(errors) - 1) + [e]
        if a == 0.0 and (direction == -gradient).all():
            break
        w = w + a * direction
        beta = max(0.0, float(new @ (new - gradient)) / max(float(gradient @ gradient), 1e-300))
        direction = -new + beta * direction if a else -new
        if float(direction @ new) >= 0.0:
            direction = -new
        gradient, a, steps = new, a or 1.0, steps + 1
    return Way(steps, problem.sweeps, time.perf_counter() - start, errors)


def newton(problem: Problem, w: Any, goal: float, most: int) -> Way:
    """Damped Newton steps."""
    start, steps, problem.sweeps = time.perf_counter(), 0, 0
    e, gradient = problem.look(w)
    errors = [e]
    while e >= goal and problem.sweeps < most:
        moved, e, gradient = newton_step(problem, w, e, gradient)
        errors += [errors[-1]] * (problem.sweeps - len(errors) - 1) + [e]
        if (moved == w).all():
            break
        w, steps = moved, steps + 1
    return Way(steps, problem.sweeps, time.perf_counter() - start, errors)


METHODS: dict[str, Callable[[Problem, Any, float, int], Way]] = {
    "descent": lambda problem, w, goal, most: simple(problem, w, goal, most, None),
    "momentum": lambda problem, w, goal, most: simple(problem, w, goal, most, 0.9),
    "conjugate": conjugate_gradients,
    "newton": newton,
}


class Methods(Result):
    """What each method needed, from the same weights; nothing if the seed never got there."""

    def __init__(self, ways: dict[str, Way], goal: float, start: int | None) -> None:
        self.ways = ways
        self.goal = goal
        self.start = start

    @property
    def history(self) -> History | None:
        """That of momentum, from where all begin."""
        return self.ways["momentum"].history if self.ways else None

    def reached(self, name: str) -> bool:
        """Whether this method reached the goal."""
        return name in self.ways and self.ways[name].error < self.goal

    def numbers(self) -> dict[str, Any]:
        """The sweep at which all begin, and the sweeps each needs to the goal, None if too many.

        Not the time, which differs from run to run.
        """
        sweeps = {n: self.ways[n].sweeps if self.reached(n) else None for n in METHODS}
        steps = {f"{n}_steps": self.ways[n].steps if self.reached(n) else None for n in METHODS}
        return {"solved_at": self.start, **sweeps, **steps}

    def lines(self) -> list[tuple[str, str]]:
        return [
            ("all begin", "nowhere" if self.start is None else f"at sweep {self.start}"),
            ("and go on until", f"E < {self.goal:g}"),
        ]

    def tables(self) -> list[str]:
        rows = [f"{'':12}{'steps':>8}{'sweeps':>8}{'seconds':>10}{'E':>10}"]
        for name, way in self.ways.items():
            line = "" if self.reached(name) else "   not there"
            rows.append(
                f"{name:12}{way.steps:8}{way.sweeps:8}{way.seconds:10.4f}{way.error:10.5f}{line}"
            )
        return ["\n".join(rows)]

    def pictures(self) -> dict[str, Picture]:
        return {"errors": (self._draw, (6.4, 4.2))} if self.ways else {}

    def _draw(self, ax: Axes) -> None:
        """The four errors over the sweeps; their numbers differ by orders of magnitude."""
        for name, way in self.ways.items():
            learning_curve(way.errors, ax, label=f"{name}, {way.sweeps:,} sweeps")
        ax.set_xscale("log")
        ax.set_xlim(left=1.0)
        ax.set_xlabel("sweeps, on a logarithmic scale")
        ax.axhline(self.goal, color=INK, linewidth=0.8, linestyle=":")
        ax.annotate("goal", (1.1, self.goal), va="bottom", fontsize=8, color=INK)
        ax.set_title("Error of four methods, from the same weights", loc="left", fontsize=10)

    def verdict(self) -> str:
        if not self.ways:
            return "This seed does not get all 64 patterns right, and so gives no place to begin."
        order = sorted(filter(self.reached, METHODS), key=lambda name: self.ways[name].sweeps)
        failed = [name for name in METHODS if name not in order]
        line = f"Fewest sweeps first: {', '.join(order) or 'none got there'}"
        return f"{line}; not within the most: {', '.join(failed)}." if failed else f"{line}."


def methods(
    seed: int = 8, goal: float = 0.0057, most: int = 4000, within: int = 10_000, **how: Any
) -> Methods:
    """Continue with the symmetry net of Fig. 1 by four methods, and count the sweeps of each.

    All begin at the first sweep that has all 64 patterns right, and continue until E is below the
    goal: descent, momentum, conjugate gradients, and a damped Newton method. A sweep computes
    the error and its gradient over the 64 cases; the Hessian counts as 17.
    """
    first = symmetry.run(seed, within, progress=False).history.first_all_right()
    if first is None:
        return Methods({}, goal, None)
    w = np.array([p.data for p in symmetry.run(seed, first, progress=False).net.parameters()])
    problem = _problem()
    return Methods({n: go(problem, w, goal, most) for n, go in METHODS.items()}, goal, first)


@functools.cache
def _problem() -> Problem:
    """One problem for all seeds: recording it takes longer than minimizing the error."""
    return Problem()


run = Experiment(
    methods,
    "methods",
    title="Descent, momentum, conjugate gradients, Newton",
    settings={
        "goal": "go on until E is below this",
        "most": "sweeps, or somewhat more, for each method",
        "within": "how long the seed may take to get all right first",
    },
)
