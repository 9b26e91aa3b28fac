"""The entry point `hypothesis` of microbp: see `microbp._hypothesis`."""

import sys


def register() -> None:
    """Called when Hypothesis is imported; where microbp is not yet, its own import registers."""
    if "microbp" in sys.modules:
        from microbp import _hypothesis

        _hypothesis.register()
