"""Strategies of single Values and of nets, the assertion, and profiles for Hypothesis."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from typing import Any

from hypothesis import currently_in_test_context, note, reject, settings
from hypothesis import strategies as st

from microbp.checking import gradcheck
from microbp.checking.report import Report
from microbp.core.engine import Value
from microbp.nn import ACTIVATIONS, Net
from microbp.testing.expression import Expression
from microbp.testing.strategies import expressions

__all__ = [
    "Expression",
    "assert_grad_ok",
    "expressions",
    "networks",
    "register_profiles",
    "values",
]


def values(
    min_value: float | None = None,
    max_value: float | None = None,
    *,
    allow_nan: bool | None = None,
    allow_infinity: bool | None = None,
    exclude_min: bool = False,
    exclude_max: bool = False,
) -> st.SearchStrategy[Value]:
    """Leaves of any float, with the options of `hypothesis.strategies.floats`.

    Without bounds, NaN and the infinities are among them, unless you say otherwise.
    """
    numbers = st.floats(
        min_value,
        max_value,
        allow_nan=allow_nan,
        allow_infinity=allow_infinity,
        exclude_min=exclude_min,
        exclude_max=exclude_max,
    )
    return st.builds(Value, numbers)


@st.composite
def networks(
    draw: st.DrawFn,
    *,
    inputs: int | None = None,
    outputs: int | None = None,
    max_layers: int = 3,
    max_units: int = 4,
    activations: Sequence[str] = tuple(ACTIVATIONS),
    skips: bool = True,
) -> Net:
    """Nets of drawn shape and weights, with one group of inputs, called x.

    inputs, outputs: how many; by default up to `max_units`. max_layers: the most layers, the
    last included. activations: what each layer's is drawn from. skips: whether a layer may also
    be fed by others than the one before it.

    The code that makes the net is noted in Hypothesis's report.
    """
    size = st.integers(1, max_units)
    count, seed = inputs or draw(size), draw(st.integers(0, 2**32 - 1))
    net = Net(count, rng=random.Random(seed), init=1.0)
    code = f"Net({count}, rng=random.Random({seed}), init=1.0)"
    layers = draw(st.integers(1, max_layers))
    before = ["x"]
    for i in range(1, layers + 1):
        last = i == layers
        name = "output" if last else f"hidden{i}"
        units = outputs if last and outputs else draw(size)
        activation = draw(st.sampled_from(activations))
        earlier = before[:-1] if skips else []
        others = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        of = [*sorted(others, key=before.index), before[-1]]
        net.add(name, units, of=of, activation=activation)
        code += f".add({name!r}, {units}, of={of}, activation={activation!r})"
        before.append(name)
    if currently_in_test_context():
        note(f"net = {code}")
    return net


def assert_grad_ok(
    f: Callable[..., Any], *at: Any, allow: Collection[str] = (), **options: Any
) -> Report:
    """Assert that `microbp.gradcheck(f, *at, **options)` passes; the report, if it does.

    An `Expression` is checked at its own leaves if no others are given, and Hypothesis's report
    then has a program that repeats the check. Raises AssertionError, with the report as its
    text, where the check fails, and what f raises at this point, such as DomainError.

    At a kink or at the edge of a domain there is no derivative to be right, and an inconclusive
    check says nothing. In a Hypothesis test such an example is rejected, as by
    `hypothesis.assume`: it counts for nothing, and where nearly all are rejected Hypothesis
    complains. Elsewhere it is an AssertionError too. `allow` names verdicts to be content with
    instead: allow={"kink", "domain-edge"}.
    """
    __tracebackhide__ = True
    in_hypothesis = currently_in_test_context()
    if isinstance(f, Expression):
        at = at or f.leaves
        if in_hypothesis:
            note(f.check([float(x) for x in at]))
        # Named as in the program, for the report.
        at = tuple(Value(x, name) for x, name in zip(at, f.names, strict=True))
    report = gradcheck(f, *at, **options)
    if report.verdict == "pass" or report.verdict in allow:
        return report
    if report.verdict != "fail" and in_hypothesis:
        reject()
    raise AssertionError(str(report))


def register_profiles() -> None:
    """Register the profiles `dev`, `ci` and `thorough` with Hypothesis; none is loaded.

    dev: no deadline, which would judge the machine, and how busy it is, rather than the code.
    ci: also the same examples in every run, no database, and a blob to repeat a failure by.
    thorough: as dev, with 2,000 examples for each test.

    In a conftest.py, before `hypothesis.settings.load_profile("ci")`:

    >>> from hypothesis import settings
    >>> register_profiles()
    >>> settings.get_profile("thorough").max_examples
    2000

    Profiles of yours with these names are replaced; one that is loaded changes at once, as
    Hypothesis's own `ci` is wherever it finds itself in continuous integration.
    """
    default = settings.get_profile("default")
    settings.register_profile("dev", default, deadline=None)
    settings.register_profile(
        "ci", default, deadline=None, derandomize=True, database=None, print_blob=True
    )
    settings.register_profile("thorough", default, deadline=None, max_examples=2_000)
