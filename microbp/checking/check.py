"""gradcheck: is this derivative right?

The derivative from the backward pass is compared with a reference that comes with a bound on its
error. If they differ by more, the derivative is wrong; if not, it is right to within the bound,
which must be tight to count. The reference is a difference quotient, or an oracle's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

from microbp._support.arguments import named_arguments
from microbp._support.coerce import shown
from microbp.autodiff.function import check_function
from microbp.checking.blame import explanation
from microbp.checking.finite_differences import Line
from microbp.checking.invariants import (
    Trace,
    backward_faults,
    float_faults,
    graph_is_complete,
    repeat_faults,
    symmetry_faults,
    trace_of,
    value_faults,
)
from microbp.checking.judging import Finding
from microbp.checking.mpmath_oracle import mathematics
from microbp.checking.report import WORST_FIRST, Entry, Report
from microbp.checking.samples import Sample, Subject, of_arguments, of_parameters, sampled
from microbp.checking.together import Together, checked_together
from microbp.checking.verdict import Method, Question

__all__ = ["Entry", "Report", "gradcheck"]

METHODS = ("auto", "central", "forward", "mpmath", "directions")


@named_arguments("gradcheck")
def gradcheck(
    f: Callable[..., Any],
    *point: Any,
    order: int = 1,
    method: Method = "auto",
    parameters: Any = None,
    first: bool = False,
    seed: int = 0,
) -> Report:
    """Check the derivatives of f from the backward pass, at the point that its arguments are.

    f takes Values, or arrays, lists, tuples and dicts of them nested as in `point`, and returns
    one Value or several, nested as you like. With `parameters`, f takes no arguments, and its
    derivatives with respect to these leaves are checked, such as `net.parameters()`. Order 2
    checks the Hessian, by differences of the gradient.

    >>> from microbp import sin
    >>> gradcheck(lambda x: x * sin(x), 2.0).verdict
    'pass'
    >>> print(gradcheck(lambda x: abs(x) + x, 0.0))
    gradcheck: kink
    <BLANKLINE>
       backward  reference                verdict  detects an error of
    x  1         1 ± 1      dual numbers  kink
    <BLANKLINE>
    x: the slope is 0 below and 2 above; 1 lies between them

    `report.verdict` is one of
    - pass: right to within the bound, which is a ten-millionth of the derivative or less; where a
      custom operation's values are off by more than rounding, as those of a bisection are, it
      may be a ten-thousandth, and a note says how far off they are;
    - fail: wrong, and `report.wrong` names the first wrong partial, or what else is wrong;
    - kink: the slopes on the two sides differ, so that there is no derivative, or an operation
      at its kink chose a slope that is not the function's; beside the kink, nothing is wrong;
    - domain-edge: the function has values on one side only, too few to judge by;
    - inconclusive: no method can tell; or the formula loses its digits, as (1 - cos(x)) / x**2
      does near 0, so that its derivative in floats is far from the true one: a note says where,
      and what to write instead.

    `method` is "central" for differences alone, "forward" for dual numbers, "mpmath" for
    differences in fifty digits and more, or "auto": differences that dual numbers confirm, and
    the oracles alone where differences cannot tell. Oracles see the graph, and judge nothing
    where f depends on its input outside of it.

    Method "directions" is for many inputs, up to millions: differences along two random
    directions, in which all inputs move at once, check them together at the cost of a few calls
    of f. Where they are wrong together, halving finds which; an error too small to be seen among
    the others passes. `seed` chooses the directions.

    >>> many = [0.001 * i for i in range(1000)]
    >>> report = gradcheck(lambda xs: sum(sin(x) for x in xs), many, method="directions")
    >>> [entry.name for entry in report.entries]
    ['all 1000 together', 'all 1000 together']

    With `first`, the check stops at the first wrong derivative.

    Raises what f raises at this point, such as DomainError; ImportError for "mpmath" where it is
    not installed; TypeError and ValueError for invalid arguments.
    """
    check_function("gradcheck", f)
    if method not in METHODS:
        raise ValueError(f"gradcheck: method is one of {', '.join(METHODS)}; got {shown(method)}")
    if method == "mpmath":
        mathematics()
    subject = _subject(f, point, order, parameters)
    with subject.run(subject.point) as (leaves, outputs):
        here = sampled(outputs)
        traces = [trace_of(y, leaves) for y in outputs]
    if here is None:
        unknown = Finding("inconclusive", note="f is not finite here")
        places = product(range(len(traces)), range(len(leaves)))
        nothing = Together(alone=dict.fromkeys(places, unknown))
        return _report(subject, order, traces, nothing, [])
    wrong = list(repeat_faults(subject, here))
    if wrong:
        return Report("inconclusive", [], wrong)
    for trace in traces:
        wrong += [*backward_faults(trace), *value_faults(trace)]
    if order == 1 and parameters is None:
        wrong += float_faults(f, point, subject, here)
    if method == "directions":
        found = checked_together(subject, here, traces, seed, first)
    else:
        found = _one_by_one(subject, here, traces, method, first)
    return _report(subject, order, traces, found, wrong)


def _one_by_one(
    subject: Subject, here: Sample, traces: Sequence[Trace], method: Method, first: bool
) -> Together:
    found, n = Together(), len(subject.point)
    for i in range(n):
        line = Line(subject, i, here)
        for k, trace in enumerate(traces):
            found.alone[k, i] = Question(line, k, trace).answer(method)
            if first and found.alone[k, i].verdict == "fail":
                found.notes.append(f"stopped at the first that is wrong, input {i + 1} of {n}")
                return found
    return found


def _subject(f: Callable[..., Any], point: Sequence[Any], order: int, parameters: Any) -> Subject:
    if order not in (1, 2):
        raise ValueError(f"gradcheck: order is 1 or 2, got {shown(order)}")
    if parameters is None:
        subject = of_arguments(f, point, order)
    elif point or order != 1:
        raise ValueError("gradcheck: with parameters, f takes no arguments and order is 1")
    else:
        subject = of_parameters(f, parameters)
    if not subject.point:
        raise ValueError("gradcheck: expected arguments or parameters, got none")
    return subject


def _report(
    subject: Subject,
    order: int,
    traces: Sequence[Trace],
    checked: Together,
    wrong: list[str],
) -> Report:
    """What was found as entries, and the verdict on all."""
    names, entries = subject.names, [*checked.others]
    for (k, i), found in sorted(checked.alone.items()):
        entries.append(
            Entry(
                name=names[i] if order == 1 else f"{names[k % len(names)]}, {names[i]}",
                output=k if order == 1 else k // len(names),
                verdict=found.verdict,
                backward=traces[k].gradient[i],
                reference=found.estimate.value,
                bound=found.estimate.bound,
                method=found.by,
                note=found.note,
            )
        )
        if found.verdict == "fail" and not any(entry.verdict == "fail" for entry in entries[:-1]):
            complete = graph_is_complete(traces[k], k, subject, i)
            reason = explanation(traces[k], entries[-1], traces[k].leaves[i], complete)
            wrong = [*wrong, reason]
    if order == 2 and len(checked.alone) == len(traces) * len(names):
        wrong = [*wrong, *symmetry_faults(entries, len(names))]
    worst = min((entry.verdict for entry in entries), key=WORST_FIRST.index)
    return Report("fail" if wrong else worst, entries, wrong, checked.notes)
