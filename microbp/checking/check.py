"""gradcheck: is this derivative right?

The derivative by the sweep is held against one found otherwise, together with a bound on how
far off that may be. Where they differ by more, the sweep's is wrong; where they don't, it is
right to within the bound, which must be tight to count. What differences can't tell, oracles may.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from microbp._support.coerce import shown
from microbp.checking.blame import accusation
from microbp.checking.finite_differences import Line
from microbp.checking.invariants import (
    Trace,
    again_faults,
    float_faults,
    sweep_faults,
    symmetry_faults,
    traced,
    value_faults,
    whole,
)
from microbp.checking.mpmath_oracle import mathematics
from microbp.checking.report import GRAVEST_FIRST, Entry, Report
from microbp.checking.samples import Subject, of_arguments, of_parameters, sampled
from microbp.checking.verdict import Finding, Method, Question
from microbp.core.engine import Value

__all__ = ["Entry", "Report", "gradcheck"]

METHODS = ("auto", "central", "forward", "mpmath")
BYPASSED = (
    "the output depends on this input by another way than the graph: f makes plain numbers of "
    "its inputs (float(x), x.data, math), or chooses by them"
)


def gradcheck(
    f: Callable[..., Any],
    *at: Any,
    order: int = 1,
    method: Method = "auto",
    parameters: Sequence[Value] | None = None,
) -> Report:
    """Check the derivatives of f that the reverse sweep gives, at the arguments `at`.

    f takes Values, or lists of them nested as in `at`, and returns one Value or several. With
    `parameters`, f takes nothing, and is checked by the data of these leaves, such as
    `net.parameters()`. Order 2 checks the Hessian, by differences of the gradient.

    >>> from microbp import sin
    >>> gradcheck(lambda x: x * sin(x), 2.0).verdict
    'pass'
    >>> print(gradcheck(lambda x: abs(x) + x, 0.0))
    gradcheck: kink
    <BLANKLINE>
       by the sweep  otherwise               verdict  would have seen an error of
    x  1             1 ± 1      differences  kink
    <BLANKLINE>
    x: the slope is 0 below and 2 above; 1 lies between them

    `report.verdict` is one of
    - pass: right to within the bound, which is a ten-millionth of the derivative or less;
    - fail: wrong, and the first wrong partial is named, or something else that does not fit;
    - kink: the slopes on either side differ, so that there is no derivative to be right;
    - domain-edge: the function has a value on one side only, and that does not contradict;
    - inconclusive: nothing that was tried can tell.

    `method` is "central" for differences alone, "forward" for dual numbers, "mpmath" for
    differences to fifty digits and more, or "auto": differences first, and the other two where
    those cannot tell, or contradict.

    Raises what f raises at this point, such as DomainError; ImportError where "mpmath" is asked
    for and not installed; TypeError and ValueError for arguments that make no sense.
    """
    if method not in METHODS:
        raise ValueError(f"gradcheck: method is one of {', '.join(METHODS)}; got {shown(method)}")
    if method == "mpmath":
        mathematics()
    subject = _subject(f, at, order, parameters)
    with subject.run(subject.at) as (leaves, outputs):
        here = sampled(outputs)
        traces = [traced(y, leaves) for y in outputs]
    if here is None:
        findings = [[Finding("inconclusive", note="not finite here")] * len(traces)] * len(leaves)
        return _report(subject, order, traces, findings, [])
    wrong = list(again_faults(subject, here))
    if wrong:
        return Report("inconclusive", [], wrong)
    for trace in traces:
        wrong += [*sweep_faults(trace), *value_faults(trace)]
    if order == 1 and parameters is None:
        wrong += float_faults(f, at, subject, here)
    lines = [Line(subject, i, here) for i in range(len(subject.at))]
    findings = [
        [Question(line, k, trace).answered(method) for k, trace in enumerate(traces)]
        for line in lines
    ]
    return _report(subject, order, traces, findings, wrong)


def _subject(
    f: Callable[..., Any], at: Sequence[Any], order: int, parameters: Sequence[Value] | None
) -> Subject:
    if order not in (1, 2):
        raise ValueError(f"gradcheck: order is 1 or 2, got {shown(order)}")
    if parameters is None:
        subject = of_arguments(f, at, order)
    elif at or order != 1:
        raise ValueError("gradcheck: with parameters, f takes no arguments and order is 1")
    else:
        subject = of_parameters(f, parameters)
    if not subject.at:
        raise ValueError("gradcheck: expected arguments or parameters to check by, got none")
    return subject


def _report(
    subject: Subject,
    order: int,
    traces: Sequence[Trace],
    findings: Sequence[Sequence[Finding]],
    wrong: list[str],
) -> Report:
    """The findings, one for each input and output, as entries; and what they come to."""
    names, entries = subject.names, []
    for k, trace in enumerate(traces):
        for i, name in enumerate(names):
            found = findings[i][k]
            entries.append(
                Entry(
                    name=name if order == 1 else f"{names[k % len(names)]}, {name}",
                    output=k if order == 1 else k // len(names),
                    verdict=found.verdict,
                    sweep=trace.gradient[i],
                    numeric=found.estimate.value,
                    bound=found.estimate.bound,
                    method=found.by,
                    note=found.note,
                )
            )
    if order == 2:
        wrong = [*wrong, *symmetry_faults(entries, len(names))]
    failed = next((n for n, entry in enumerate(entries) if entry.verdict == "fail"), None)
    if failed is not None:
        k, i = divmod(failed, len(names))
        wrong = [*wrong, _reason(subject, traces[k], k, i)]
    gravest = min((entry.verdict for entry in entries), key=GRAVEST_FIRST.index)
    return Report("fail" if wrong else gravest, entries, wrong)


def _reason(subject: Subject, trace: Trace, k: int, i: int) -> str:
    """Why the derivative of output k by input i is wrong."""
    accused = accusation(trace, trace.leaves[i])
    if accused is not None:
        return accused
    if not whole(trace, k, subject, i):
        return BYPASSED
    if not math.isfinite(trace.gradient[i]):
        return "every partial on the way is right, but infinity times 0 has no value"
    return "every partial on the way is right: the sweep does not add them up right"
