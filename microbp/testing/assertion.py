"""The assertion `assert_grad_ok`: gradcheck for tests."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from hypothesis import currently_in_test_context, note

from microbp.checking import Report, gradcheck
from microbp.core.engine import Value
from microbp.testing.expression import Expression
from microbp.testing.gradient_assertion import passed


def assert_grad_ok(
    f: Callable[..., Any], *point: Any, allow: Collection[str] = (), **options: Any
) -> Report:
    """Assert that `microbp.gradcheck(f, *point, **options)` passes, and return its report.

    An `Expression` is checked at its own leaves if no point is given, and Hypothesis's report
    then holds a program that repeats the check. Raises AssertionError, with the report as its
    text, where the check fails, and what f raises at this point, such as DomainError.

    At a kink or at the edge of a domain there is no derivative, and an inconclusive check proves
    nothing. In a Hypothesis test such an example is rejected, as by `hypothesis.assume`; where
    nearly all are rejected, Hypothesis complains. Elsewhere it is an AssertionError too. `allow`
    names verdicts to accept instead: allow={"kink", "domain-edge"}.
    """
    __tracebackhide__ = True
    if isinstance(f, Expression):
        point = point or f.leaves
        if currently_in_test_context():
            note(f.check([float(x) for x in point]))
        # labeled as in the program, for the report
        point = tuple(Value(x, name) for x, name in zip(point, f.names, strict=True))
    return passed(gradcheck(f, *point, **options), allow)
