"""The learning curve of a training run while it runs, in a notebook."""

from __future__ import annotations

import base64
import time
from typing import Any, Protocol

from microbp._support.packages import require
from microbp.plots.alternative_text import alt_text, as_png
from microbp.plots.curves import HasErrors, learning_curve
from microbp.plots.notebook_image import image_html

PAUSE = 0.5
"""Seconds between two pictures, at least."""

SHARE = 4.0
"""And at least so many times as long as a picture takes, to leave most of the time to training."""

SIZE, DPI = (6.4, 3.6), 160


class HasEnd(HasErrors, Protocol):
    """A history, as far as its picture needs it while it grows."""

    @property
    def stopped(self) -> str:
        """Why the run ended, once it has."""


class LiveCurve:
    """The learning curve so far, as a progress bar that is a picture in a notebook.

    It is drawn anew at most twice a second, and at the end once more. It has alternative text.
    """

    def __init__(self, history: HasEnd, sweeps: int) -> None:
        require("matplotlib", 'progress="curve"')

        self._history, self._sweeps = history, sweeps
        self._handle: Any = None
        self._next = time.monotonic() + PAUSE

    def __enter__(self) -> LiveCurve:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._show(f"stopped by {kind.__name__}" if kind else self._history.stopped)

    def update(self) -> bool:
        """After a sweep: a new picture, if it is time for one."""
        start = time.monotonic()
        if start >= self._next:
            self._show(f"sweep {len(self._history.errors) - 1:,} of {self._sweeps:,}")
            end = time.monotonic()
            self._next = end + max(PAUSE, SHARE * (end - start))
        return False

    def set_postfix(self, **shown: object) -> None:
        """The error is in the picture."""

    def _show(self, state: str) -> None:
        from IPython.display import display
        from matplotlib.figure import Figure

        figure = Figure(figsize=SIZE, layout="constrained")
        errors = self._history.errors
        ax = learning_curve(self._history, figure.add_subplot())
        error = f", error {errors[-1]:.4g}" if errors else ""
        ax.set_title(state + error, loc="left", fontsize=9)
        text = f"{alt_text(ax)} ({state})"
        png = base64.b64encode(as_png(figure, DPI)).decode()
        width, height = (int(side * 100) for side in SIZE)
        look = {"width": width, "height": height, "alt": text}
        data = {
            "image/png": png,
            "text/html": image_html("image/png", png, text, look),
            "text/plain": text,
        }
        metadata = {"image/png": look}
        show: Any = display
        if self._handle is None:
            self._handle = show(data, metadata=metadata, raw=True, display_id=True)
        else:
            self._handle.update(data, metadata=metadata, raw=True)
