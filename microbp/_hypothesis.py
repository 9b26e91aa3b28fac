"""Tell Hypothesis what to draw for our types: `from_type(Value)`, and `hypothesis write`.

Hypothesis asks, by the entry point `hypothesis`, as it is imported, and importing it must stay
quick. So the entry point is a module outside this package, which would otherwise be imported
with it; that comes here only if microbp is there already, and microbp itself comes here in any
case. The strategies are imported when they are first asked for.
"""

from __future__ import annotations

import sys
from inspect import isfunction
from typing import Any


def register() -> None:
    """Register Value and Net, if Hypothesis is there; again does no harm."""
    if "hypothesis" in sys.modules:
        from hypothesis import strategies as st

        from microbp.core.engine import Value
        from microbp.nn import Net

        st.register_type_strategy(Value, lambda _: _testing().values())
        st.register_type_strategy(Net, lambda _: _testing().networks())
        _name_our_numbers()


def _name_our_numbers() -> None:
    """Let our functions say Value | float at run time, instead of a TypeVar for the two.

    `hypothesis write` draws from such a TypeVar, but does not import what it stands for.
    """
    from microbp.core import functions

    for function in vars(functions).values():
        if isfunction(function):
            told = function.__annotations__
            told.update({name: "Scalar" for name, kind in told.items() if kind == "S"})


def _testing() -> Any:
    from microbp import testing

    return testing
