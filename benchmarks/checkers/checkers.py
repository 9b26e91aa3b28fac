"""The checkers: each says whether a gradient of a case is right, or that it can't tell.

The others are asked as their manuals ask them, with the tolerances and steps that they have by
default, in double precision.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import microbp
from benchmarks.checkers.case import Case
from benchmarks.checkers.mathematics import of_jax, of_numpy, of_torch
from microbp.core.engine import apply
from microbp.core.ops import Op

Answer: TypeAlias = bool | None
"""Whether the gradient is right; None: can't tell."""
Check: TypeAlias = Callable[[Case, Sequence[float]], Answer]


@dataclass(frozen=True)
class Checker:
    """A checker as the table names it, and the packages that it needs."""

    title: str
    packages: tuple[str, ...]
    check: Check

    @property
    def missing(self) -> str:
        """The first of its packages that is not installed."""
        return next((name for name in self.packages if not importlib.util.find_spec(name)), "")


def by_gradcheck(case: Case, gradient: Sequence[float]) -> Answer:
    """The derivatives of a graph of Values; a wrong one comes from an identity's wrong partial."""
    factors = _factors(case, gradient)

    def f(x: Sequence[Any]) -> Any:
        pairs = zip(factors, x, strict=True)
        return case.f(microbp, [v if q == 1.0 else apply(_identity(q), v) for q, v in pairs])

    return _answer(microbp.gradcheck(f, list(case.at)).verdict)


def _identity(slope: float) -> Op:
    return Op("identity", "1", lambda m, x: 1.0 * x, lambda m, y, x: (slope,))


def by_check_gradient(case: Case, gradient: Sequence[float]) -> Answer:
    """f in NumPy, and a gradient that is as right or as wrong elsewhere as it is here."""
    import numpy as np

    m, factors = of_numpy(), _factors(case, gradient)

    def given(x: Any) -> Any:
        there = replace(case, at=tuple(map(float, x))).gradient
        return np.array(gradient if there is None else np.multiply(there, factors))

    report = microbp.check_gradient(lambda x: case.f(m, list(x)), given, at=np.array(case.at))
    return _answer(report.verdict)


def _factors(case: Case, gradient: Sequence[float]) -> list[float]:
    """What the right gradient was multiplied by."""
    pairs = zip(gradient, case.gradient or gradient, strict=True)
    return [given / right if right else 1.0 for given, right in pairs]


def _answer(verdict: str) -> Answer:
    return {"pass": True, "fail": False}.get(verdict)


def by_torch(fast: bool) -> Check:
    def check(case: Case, gradient: Sequence[float]) -> Answer:
        import torch

        m = of_torch()

        class Function(torch.autograd.Function):  # type: ignore[misc, unused-ignore]  # may be missing
            @staticmethod
            def forward(ctx: Any, x: Any) -> Any:
                return case.f(m, list(x.unbind()))

            @staticmethod
            def backward(ctx: Any, upstream: Any) -> Any:
                return upstream * torch.tensor(gradient, dtype=torch.float64)

        x = torch.tensor(case.at, dtype=torch.float64, requires_grad=True)
        found = torch.autograd.gradcheck(
            Function.apply, (x,), fast_mode=fast, raise_exception=False
        )
        return bool(found)

    return check


def by_jax(case: Case, gradient: Sequence[float]) -> Answer:
    import jax
    import jax.numpy as jnp
    from jax.test_util import check_grads

    m = of_jax()
    with jax.enable_x64(True):

        def value(x: Any) -> Any:
            return jnp.asarray(case.f(m, [x[i] for i in range(len(case.at))]))

        f = jax.custom_vjp(value)
        f.defvjp(lambda x: (f(x), None), lambda _, upstream: (upstream * jnp.array(gradient),))
        return _asserted(lambda: check_grads(f, (jnp.array(case.at),), order=1, modes=["rev"]))


def by_autograd(case: Case, gradient: Sequence[float]) -> Answer:
    import numpy as np
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    m = of_numpy()
    f = primitive(lambda x: case.f(m, list(x)))
    defvjp(f, lambda y, x: lambda upstream: upstream * np.array(gradient))
    return _asserted(lambda: check_grads(f, modes=["rev"], order=1)(np.array(case.at)))


def by_numdifftools(case: Case, gradient: Sequence[float]) -> Answer:
    import numdifftools
    import numpy as np

    m = of_numpy()
    found = numdifftools.Gradient(lambda x: case.f(m, list(x)))(np.array(case.at))
    return bool(np.allclose(gradient, found))


def by_scipy(case: Case, gradient: Sequence[float]) -> Answer:
    import numpy as np
    from scipy.optimize import check_grad

    m = of_numpy()
    off = check_grad(lambda x: case.f(m, list(x)), lambda x: np.array(gradient), np.array(case.at))
    return bool(np.allclose(off, 0.0, atol=1e-8 + 1e-5 * float(np.linalg.norm(gradient))))


def _asserted(check: Callable[[], None]) -> bool:
    import numpy as np

    np.random.seed(0)  # the directions that it looks into
    try:
        check()
    except AssertionError:
        return False
    return True


CHECKERS = (
    Checker("microbp.gradcheck", ("mpmath",), by_gradcheck),
    Checker("microbp.check_gradient", ("numpy",), by_check_gradient),
    Checker("PyTorch gradcheck", ("torch",), by_torch(fast=False)),
    Checker("PyTorch gradcheck, fast", ("torch",), by_torch(fast=True)),
    Checker("JAX check_grads", ("jax",), by_jax),
    Checker("HIPS autograd check_grads", ("autograd",), by_autograd),
    Checker("numdifftools Gradient", ("numdifftools",), by_numdifftools),
    Checker("SciPy check_grad", ("scipy",), by_scipy),
)
