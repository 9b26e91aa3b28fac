"""Tell Hypothesis what to draw for our types: `from_type(Value)`, and `hypothesis write`.

Hypothesis calls the entry point `hypothesis` when it is imported, and importing it must stay
quick. So the entry point is a module outside this package, which would otherwise be imported
with it, and calls `register` only if microbp is imported already; microbp calls it in any case.
The strategies are imported when they are first asked for.
"""

from __future__ import annotations

import sys
from typing import Any


def register() -> None:
    """Register strategies for Value and Net, if Hypothesis is imported; twice does no harm."""
    if "hypothesis" in sys.modules:
        from hypothesis import strategies as st

        from microbp.core.engine import Value
        from microbp.nn import Net

        st.register_type_strategy(Value, lambda _: _testing().values())
        st.register_type_strategy(Net, lambda _: _testing().networks())


def _testing() -> Any:
    from microbp import testing

    return testing
