"""check_gradient: is the gradient in anybody's code right?"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, TypeAlias

from microbp._support.coerce import number, shown, whole_number
from microbp.checking.black_box.adapters import EXAMPLE, Program, program_of
from microbp.checking.black_box.behavior import CALLS, FEW_CALLS, leftovers, memory, unequal_calls
from microbp.checking.black_box.directions import by_directions
from microbp.checking.black_box.every_entry import look_at_each, screen
from microbp.checking.black_box.function import Function
from microbp.checking.black_box.inputs import WHERE, Inputs
from microbp.checking.black_box.outputs import Fault, finite, gradient_of, hessian_of
from microbp.checking.black_box.patterns import patterns
from microbp.checking.black_box.problem import Problem
from microbp.checking.report import WORST_FIRST, Entry, Report

Method: TypeAlias = Literal["auto", "entries", "directions"]

FEW, MANY = 200, 1000
"""Up to so many inputs each is looked at by several differences, and by itself at all."""
LARGE = 100_000
"""A jacobian of more entries is not made of the rows that a vjp gives."""
ELSEWHERE = 0.01
"""A point this far off, relative to the scale, is another one."""
METHODS = ("auto", "entries", "directions")


def check_gradient(
    f: Any,
    gradient: Any = None,
    at: Any = None,
    *,
    jacobian: Callable[..., Any] | None = None,
    vjp: Callable[..., Any] | None = None,
    hessian: Callable[..., Any] | None = None,
    noise: float | None = None,
    method: Method = "auto",
    first: bool = False,
    seed: int = 0,
) -> Report:
    """Check the gradient that any code computes, at a point, against differences of f.

    f and its gradient are functions of plain numbers, lists, arrays of NumPy, PyTorch or JAX, or
    dicts of them, as `at` is; the gradient returns numbers in the same shapes. A tuple as `at` is
    several arguments, and the gradient returns a tuple alike. Both are called with fresh copies,
    in which whole numbers have become floats.

    >>> def loss(w):
    ...     return (w[0] * 2.0 + w[1] - 3.0) ** 2
    >>> def grad(w):
    ...     error = w[0] * 2.0 + w[1] - 3.0
    ...     return [2.0 * error * 2.0, 2.0 * error]
    >>> check_gradient(loss, grad, at=[0.5, 1.0]).verdict
    'pass'

    For an f of several outputs give `jacobian`, of the shape outputs by inputs, or `vjp`, which is
    called with f's arguments and a cotangent, and returns numbers in the shapes of the arguments.
    With `hessian`, second derivatives are checked too, against differences of `gradient`. With
    gradient=True, f returns (value, gradient). Without any of them, f is a subclass of
    `torch.autograd.Function`, a `jax.custom_vjp`, or a class or object with forward(*at) and
    backward(cotangent).

    `report.verdict` is one of
    - pass: right to within a bound that the report states, which is a thousandth of each
      derivative, or a millionth of the largest, or less; most often it is a hundred-millionth;
    - fail: wrong, by entry, and `report.wrong` says what the wrong entries have in common;
    - kink: the slopes on both sides differ, and the derivative lies between them;
    - domain-edge: f has finite values on one side only;
    - inconclusive: f is too noisy or rough to tell, not deterministic, or not finite here.

    How far off the values of f are is measured: single precision, rounding, and iterations that
    stop at a tolerance make no right gradient fail. `noise` says it instead, as an absolute error.
    A derivative that is off by less than a hundred-thousandth of itself is not called wrong, but
    inconclusive: that is what an approximation is off by.

    `method` is "entries" to look at every entry by itself, "directions" for random directions, in
    which all entries move at once, then by halves down to the wrong ones; "auto" takes the entries
    of up to 1,000 numbers. `first` stops at the first wrong entry. `seed` is that of the
    directions.

    Raises what f and the gradient raise at this point; TypeError and ValueError for invalid
    arguments.
    """
    _check_options(at, noise, method)
    seed = whole_number(seed, f"{WHERE}: seed")
    if hessian is not None and (gradient is None or not callable(hessian)):
        raise TypeError(
            f"{WHERE}: expected a function as hessian, and the gradient, of which it is the "
            f"derivative: write check_gradient(f, gradient, at, hessian=hessian)"
        )
    program = program_of(f, gradient, jacobian, vjp, at)
    inputs = Inputs(getattr(program.f, "__wrapped__", program.f), program.at)
    report = _checked(program, inputs, noise, method, first, seed)
    if hessian is None or report.verdict == "fail":
        return report
    return _with_hessian(report, program, inputs, hessian, (noise, method, first, seed))


def _check_options(at: Any, noise: Any, method: Any) -> None:
    if at is None:
        raise TypeError(f"{WHERE}: expected the point to check at, got none: write {EXAMPLE}")
    if method not in METHODS:
        raise ValueError(f"{WHERE}: method is one of {', '.join(METHODS)}; got {shown(method)}")
    if noise is not None and not number(noise, f"{WHERE}: noise") >= 0.0:
        raise ValueError(f"{WHERE}: expected noise from 0 on, got {shown(noise)}")


def _checked(
    program: Program, inputs: Inputs, noise: float | None, method: Method, first: bool, seed: int
) -> Report:
    function = Function(program, inputs)
    if not finite(function.here):
        return Report("inconclusive", [], ["f is not finite here"], check=WHERE)
    if program.kind == "gradient" and len(function.here) > 1:
        raise TypeError(
            f"{WHERE}: expected one number from f, got {len(function.here)}: write jacobian= or "
            "vjp= in place of gradient, or an f that returns their sum"
        )
    if program.kind == "vjp" and len(function.here) * len(inputs) > LARGE:
        program = function.summed(random.Random(seed))
        report = _checked(program, inputs, noise, method, first, seed)
        summed = f"the {len(function.here):,} outputs were checked as one sum, with random weights"
        return replace(report, notes=[summed, *report.notes])
    try:
        rows = function.rows()
    except Fault as fault:
        return Report("fail", [], [str(fault)], check=WHERE)
    with warnings.catch_warnings():  # of NumPy, at points that the user did not choose
        warnings.simplefilter("ignore")
        _, unequal = unequal_calls(function, CALLS if len(inputs) <= MANY else FEW_CALLS)
        if unequal:
            return Report("inconclusive", [], [unequal], check=WHERE)
        left = leftovers(function, rows)
        problem = Problem(function, rows, noise, seed)
        elsewhere = inputs.along(problem.first_direction, ELSEWHERE)
        stale = "" if left or len(inputs) > MANY else memory(function, rows, elsewhere)
        entries: list[Entry] = []
        notes, interrupted = _interruptible(problem, method, first, entries)
        verdicts = {entry.verdict for entry in entries}
        if interrupted:
            verdicts.add("inconclusive")
        elif verdicts != {"pass"}:  # a last look: is it f that differs?
            _, unequal = unequal_calls(function)
            if unequal:
                return Report("inconclusive", [], [unequal], check=WHERE)
    wrong = [*([left] if left else []), *patterns(entries, inputs)]
    notes += [stale] if stale else []
    notes += [
        f"{name} changes its arguments in place: the caller's arrays too, so that the next call "
        "sees other numbers; it got a copy here"
        for name, changed in function.changes.items()
        if changed
    ]
    worst = min(verdicts, key=WORST_FIRST.index)
    return Report("fail" if left else worst, entries, wrong, notes, WHERE)


def _interruptible(
    problem: Problem, method: Method, first: bool, found: list[Entry]
) -> tuple[list[str], bool]:
    """Look; return notes, and whether Ctrl-C was pressed, which keeps what was found."""
    try:
        return _look(problem, method, first, found), False
    except KeyboardInterrupt:
        said = f"interrupted: these are the {len(found):,} derivatives that were looked at"
        return [said], True


def _look(problem: Problem, method: Method, first: bool, found: list[Entry]) -> list[str]:
    """Add entries to those found by the method; return what else there is to say."""
    size = len(problem.f.inputs)
    if method == "directions" or (method == "auto" and size * len(problem.rows) > MANY):
        return by_directions(problem, first, found)
    (screen if size > FEW else look_at_each)(problem, first, found)
    return []


def _with_hessian(
    report: Report,
    program: Program,
    inputs: Inputs,
    hessian: Callable[..., Any],
    options: tuple[Any, ...],
) -> Report:
    """The report on the gradient, with that on the Hessian added."""

    derivative = program.derivative

    def gradient(*arguments: Any) -> list[float]:
        return gradient_of(derivative(*arguments), inputs, "gradient")

    def rows(*arguments: Any) -> list[list[float]]:
        return hessian_of(hessian(*arguments), inputs, "hessian")

    program = Program(gradient, rows, "jacobian", inputs.at, "hessian")
    try:
        second = _checked(program, inputs, *options)
    except Fault as fault:
        return Report("fail", report.entries, [str(fault)], report.notes, WHERE)
    names = inputs.names
    entries = [
        replace(entry, name=f"{names[entry.output]}, {entry.name}", output=0)
        for entry in second.entries
    ]
    both = [*report.entries, *entries]
    worst = min(report.verdict, second.verdict, key=WORST_FIRST.index)
    return Report(worst, both, second.wrong, [*report.notes, *second.notes], WHERE)
