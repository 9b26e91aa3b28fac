"""Words for a package that is not installed."""

from __future__ import annotations

import sys
from importlib import import_module

_PACKAGES = {
    "matplotlib": ("Matplotlib", "'microbp[plots]'"),
    "numpy": ("NumPy", "numpy"),
    "pandas": ("pandas", "'microbp[pandas]'"),
}
"""By module: its name, and what pip calls it, or what of microbp needs it."""


def require(package: str, what: str, instead: str = "") -> None:
    """Raise ModuleNotFoundError, with what to install, if a package that `what` needs is missing.

    `instead` says how to do without. NumPy is missing only where microbp was installed without
    what it requires, as in a browser.
    """
    if sys.modules.get(package) is not None:
        return
    name, wanted = _PACKAGES[package]
    try:
        import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        browser = sys.platform == "emscripten"
        command = f"%pip install {package}, with a network" if browser else f"pip install {wanted}"
        raise ModuleNotFoundError(
            f"{what} needs {name}, which is not installed: {command}{instead and '; or '}{instead}",
            name=package,
        ) from None
