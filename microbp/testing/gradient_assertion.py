"""The assertion `assert_gradient_ok`: check_gradient for tests."""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import Any

from microbp.checking import Report
from microbp.checking.black_box import check_gradient


def assert_gradient_ok(
    f: Any, gradient: Any = None, at: Any = None, *, allow: Collection[str] = (), **options: Any
) -> Report:
    """Assert that `microbp.check_gradient(f, gradient, at, **options)` passes; return its report.

    >>> def loss(w):
    ...     return sum(x * x for x in w)
    >>> def slopes(w):
    ...     return [2 * x for x in w]
    >>> assert_gradient_ok(loss, slopes, at=[1.0, -2.0]).verdict
    'pass'

    Raises AssertionError, with the report as its text, where the check does not pass, and what f
    and the gradient raise. `allow` names verdicts to accept as well: allow={"kink"}. In a
    Hypothesis test, an example at which there is no derivative or nothing can be decided is
    rejected instead, as by `hypothesis.assume`.
    """
    __tracebackhide__ = True
    return passed(check_gradient(f, gradient, at, **options), allow)


def passed(report: Report, allow: Collection[str]) -> Report:
    """The report if it passes, or its verdict is allowed; else AssertionError, or a rejection."""
    __tracebackhide__ = True
    if report.verdict == "pass" or report.verdict in allow:
        return report
    hypothesis = sys.modules.get("hypothesis")  # needed by its own tests alone
    if report.verdict != "fail" and hypothesis and hypothesis.currently_in_test_context():
        hypothesis.reject()
    raise AssertionError(str(report))
