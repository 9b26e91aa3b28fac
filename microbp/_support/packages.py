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
        raise ModuleNotFoundError(
            f"{what} needs {name}, which is not installed: {how_to_install(package, wanted)}"
            f"{instead and '; or '}{instead}",
            name=package,
        ) from None


def how_to_install(package: str, wanted: str) -> str:
    """The words for it: pip's command, or what is possible in the reader's browser.

    `package` is its name on PyPI, and `wanted` what to give to pip outside of a browser.
    """
    if sys.platform != "emscripten":
        return f"pip install {wanted}"
    import pyodide_js  # Pyodide's; its page brings a list of what it can load

    if hasattr(pyodide_js.lockfile.packages, package):
        return f"%pip install {package}, with a network"
    return "this page can't load it, so run this on a computer"
