"""A progress bar on standard error, and whether a notebook is there to show pictures."""

from __future__ import annotations

import sys
from typing import Any


def progress_bar(done: int, total: int, unit: str, wanted: bool) -> Any:
    """A tqdm progress bar that starts at `done`; it shows nothing unless it is wanted."""
    from tqdm import tqdm

    return tqdm(initial=done, total=total, unit=f" {unit}", disable=not wanted)


def in_notebook() -> bool:
    """Whether this runs in a Jupyter kernel, which can show a picture and update it later."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel")
