"""Figures that carry their alternative text into files and notebooks by themselves."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from microbp.plots.alternative_text import alt_text
from microbp.plots.notebook_image import image_html

_FIELDS = {"png": "Description", "svg": "Description", "pdf": "Subject"}
"""Where a file of each format has room for it."""


class DescribedFigure(Figure):
    """A figure of Matplotlib whose files and pictures in notebooks say in words what they show."""

    def savefig(self, fname: Any, **options: Any) -> None:
        """As Matplotlib does, with the alternative text in a PNG, SVG or PDF file."""
        from matplotlib import rcParams

        kind = options.get("format") or str(fname).rpartition(".")[2].lower()
        field = _FIELDS.get(kind if kind in _FIELDS else rcParams["savefig.format"])
        plain = kind not in _FIELDS and kind in self.canvas.get_supported_filetypes()
        if field and not plain and alt_text(self):
            options["metadata"] = {field: alt_text(self), **(options.get("metadata") or {})}
        super().savefig(fname, **options)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The pictures that the notebook asks Matplotlib for, and as HTML with alternative text."""
        from IPython.core.getipython import get_ipython

        shell: Any = get_ipython()
        words = alt_text(self)
        data: dict[str, Any] = {}
        metadata: dict[str, Any] = {}
        for kind, formatter in shell.display_formatter.formatters.items():
            if not kind.startswith("image/"):
                continue
            try:
                found = formatter.lookup_by_type(Figure)(self)
            except KeyError:  # not one of the formats that were asked for
                continue
            data[kind], look = found if isinstance(found, tuple) else (found, {})
            metadata[kind] = {**look, "alt": words}
        if data:
            first = next(iter(data))
            shown = image_html(first, data[first], words, metadata[first])
            data |= {"text/html": shown, "text/plain": words}
        return data, metadata


class DescribedAxes(Axes):
    """Axes that print nothing at the end of a cell: the notebook shows their figure anyway."""

    def _ipython_display_(self) -> None:
        from IPython import display
        from matplotlib import pyplot

        if not pyplot.fignum_exists(getattr(self.figure, "number", -1)):
            show: Any = display.display
            show(self.figure)
