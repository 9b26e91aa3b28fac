"""How far long work has come, on standard error."""

from __future__ import annotations

import sys
from typing import Any


def progress_bar(done: int, total: int, unit: str, wanted: bool) -> Any:
    """A bar of tqdm's that starts where earlier work ended; a silent one if none is wanted."""
    from tqdm import tqdm

    return tqdm(initial=done, total=total, unit=f" {unit}", disable=not wanted)


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this, which can show a picture and change it later."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")
