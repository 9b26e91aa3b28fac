"""The entry point `hypothesis` of microbp: see `microbp._hypothesis`."""

import sys


def register() -> None:
    """Called as Hypothesis is imported; where microbp is not yet, that will see to it itself."""
    if "microbp" in sys.modules:
        from microbp import _hypothesis

        _hypothesis.register()
