"""Random expressions, right ones and ones with a mistake in a partial, with their derivatives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from benchmarks.exact import Exact, exact_derivative
from benchmarks.exact_duals import Dual
from microbp.core import floats
from microbp.core.ops import ATAN2, BUILTINS, Op, table
from microbp.testing.expression import Expression, Step
from microbp.testing.strategies import FAR_ENDS, counts, steady

MOST_LEAVES, MOST_STEPS = 3, 10
MODERATE = 1e3
"""The largest number in an expression of moderate numbers."""
ENDLESS = 1e320
"""Only without rounding is a number this large; and the exponential of it takes hours."""
SMALLEST = -330.0
"""The decimal exponent that stands for that of 0, which may be a number that underflowed."""

SCALED = tuple(f"1e-{digit}" for digit in range(1, 8))
MISTAKES = (*SCALED, "sign", "zero", "swap")
"""A partial is off by this part of it, or has the other sign, or is 0; or two are swapped."""
MISTAKEN = "mistaken_"
"""Before the name of an operation with a mistake."""


@dataclass(frozen=True)
class Case:
    """An expression to check at its own leaves; one partial of step `wrong` has the mistake."""

    expression: Expression
    moderate: bool
    mistake: str = ""
    wrong: int = -1

    @property
    def right(self) -> Expression:
        """The expression without the mistake."""
        steps = tuple(
            (table[op.name.removeprefix(MISTAKEN)], backs) for op, backs in self.expression.steps
        )
        return Expression(self.expression.leaves, steps)

    def exact(self, i: int) -> Exact | None:
        """The derivative with respect to leaf i; None where it has none, or can't be found."""

        def value(m: Any, xs: Sequence[Any]) -> Any:
            return self.expression.nodes(xs, lambda op, *ys: _real(m, op.value(m, *ys)))[-1]

        if i not in _used(len(self.expression.leaves), self.expression.steps):
            return Exact(0, 0)
        nodes = self.expression.nodes(self.expression.leaves, _value)
        zero = 0.0 if self.moderate else SMALLEST
        powers = [math.log10(abs(y)) if y else zero for y in nodes]
        return exact_derivative(value, self.expression.leaves, i, int(max(powers) - min(powers)))


def random_case(rng: Random, mistake: str = "") -> Case:
    """A case of moderate numbers, or, as often, of numbers of any size."""
    moderate = rng.random() < 0.5
    while True:
        expression = _expression(rng, moderate)
        if not mistake:
            return Case(expression, moderate)
        steps, possible = list(expression.steps), _possible(expression.steps, mistake)
        if possible:
            j = rng.choice(possible)
            op, backs = steps[j]
            steps[j] = _mistaken(rng, op, backs, mistake), backs
            return Case(Expression(expression.leaves, tuple(steps)), moderate, mistake, j)


def _expression(rng: Random, moderate: bool) -> Expression:
    """One whose steps all have finite values and are needed for the root."""
    leaves = tuple(_number(rng, moderate) for _ in range(rng.randint(1, MOST_LEAVES)))
    values, steps = list(leaves), list[Step]()
    length = rng.randint(1, MOST_STEPS)
    while len(steps) < length:
        op = rng.choice(BUILTINS)
        # Mostly the latest: a chain that uses every step, and leaves again and again.
        count = rng.choice(counts(op))
        backs = tuple(min(1 + int(rng.expovariate(0.7)), len(values)) for _ in range(count))
        xs = [values[-back] for back in backs]
        y = _value(op, *xs)
        if y is None or (moderate and not (abs(y) < MODERATE and steady(op, xs))):
            if rng.random() < 0.02:  # nothing fits these leaves
                return _expression(rng, moderate)
            continue
        steps.append((op, backs))
        values.append(y)
    return Expression(leaves, _needed(len(leaves), steps))


def _needed(leaves: int, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that the root depends on."""
    used = _used(leaves, steps)
    places = {node: place for place, node in enumerate(sorted({*used, *range(leaves)}))}
    return tuple(
        (op, tuple(places[leaves + j] - places[leaves + j - back] for back in backs))
        for j, (op, backs) in enumerate(steps)
        if leaves + j in used
    )


def _used(leaves: int, steps: Sequence[Step]) -> set[int]:
    """The numbers of the nodes that the root depends on, where the leaves come first."""
    used = {leaves + len(steps) - 1}
    for j in reversed(range(len(steps))):
        if leaves + j in used:
            used.update(leaves + j - back for back in steps[j][1])
    return used


def _number(rng: Random, moderate: bool) -> float:
    if moderate:
        return rng.choice([rng.uniform(-3.0, 3.0), rng.uniform(0.1, 2.0)])
    kind = rng.randrange(4)
    if kind == 0:
        return rng.choice([-1.0, 1.0]) * rng.choice(FAR_ENDS)
    if kind == 1:
        return float(rng.randint(-3, 3))
    if kind == 2:
        return rng.choice([-1.0, 1.0]) * math.pow(10.0, rng.uniform(-300.0, 300.0))
    return rng.choice([-1.0, 1.0]) * math.pow(10.0, rng.uniform(-12.0, 12.0))


def _value(op: Op, *xs: float) -> float | None:
    """The operation's value; None outside its domain, where it is not finite, or is no formula's.

    atan2(0, 0) depends on the signs of the zeros, which only floats have.
    """
    if op.domain is not None and not op.domain.holds(*xs):
        return None
    if op is ATAN2 and not any(xs):
        return None
    y: float = op.value(floats, *xs)
    return y if math.isfinite(y) else None


def _real(m: Any, y: Any) -> Any:
    x = y.value if isinstance(y, Dual) else y
    if isinstance(x, m.mpc) or abs(x) > ENDLESS:
        raise ArithmeticError(f"no float comes near {x}")
    return y


def _possible(steps: Sequence[Step], mistake: str) -> list[int]:
    """The steps that can have the mistake: partials to swap are those for two different nodes."""
    return [j for j, (_, backs) in enumerate(steps) if mistake != "swap" or len(set(backs)) > 1]


def _mistaken(rng: Random, op: Op, backs: Sequence[int], mistake: str) -> Op:
    i = rng.randrange(len(backs))
    if mistake == "swap":
        k = rng.choice([k for k, back in enumerate(backs) if back != backs[i]])
    elif mistake in SCALED:
        factor = 1.0 + rng.choice([-1.0, 1.0]) * float(mistake)
    else:
        factor = {"sign": -1.0, "zero": 0.0}[mistake]

    def partials(m: Any, y: Any, *xs: Any) -> tuple[Any, ...]:
        found = list(op.partials(m, y, *xs))
        if mistake == "swap":
            found[i], found[k] = found[k], found[i]
        else:
            found[i] = factor * found[i]
        return tuple(found)

    return replace(op, name=MISTAKEN + op.name, partials=partials, builtin=False)
