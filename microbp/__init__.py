"""microbp: back-propagation (Rumelhart, Hinton & Williams, 1986), one number at a time.

>>> import microbp
>>> x = microbp.Value(0.5, label="x")
>>> y = microbp.tanh(x * 2)
>>> y.backward()
>>> f"{y:.4f} {x.grad:.4f}"
'0.7616 0.8399'

The public names are listed in `__init__.pyi`; each is imported when it is first used.
"""

import sys

if (
    getattr(sys, "argv", [])[:1] == ["-m"]
    and sys.orig_argv[-len(sys.argv)].removeprefix("-m") == "microbp"
):
    try:  # `python -m microbp` imports this first
        import _microbp_command

        _microbp_command.begin()
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr or sys.stdout)
        sys.exit(3)

from typing import Any

import lazy_loader

from microbp import _hypothesis
from microbp._support.missing_names import refusing
from microbp.core import engine as engine  # at once, so that a bad MICROBP_ENGINE ends here
from microbp.core import functions as _functions

_find, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
_find = refusing(__name__, _find, __all__)


def __getattr__(name: str) -> Any:
    found = globals()[name] = _find(name)  # kept: the next look costs what any global does
    return found


# At once, as SymPy's lambdify(..., modules=[microbp]) looks into the module's dict.
globals().update({name: f for name, f in vars(_functions).items() if name in __all__})
_hypothesis.register()
