"""Pictures of training and of weights, by Matplotlib; each function returns its axes.

Each draws on `ax`, or else on new axes, and has its picture in words: `alt_text(ax)`.
"""

from typing import TYPE_CHECKING

from microbp.lazy import names_from

if TYPE_CHECKING:
    from microbp.plots.curves import learning_curve, solved_by_sweep
    from microbp.plots.described import alt_text, save_png
    from microbp.plots.layers import hinton_activities, hinton_layer
    from microbp.plots.live import LiveCurve as LiveCurve
    from microbp.plots.nets import weights_as_net
    from microbp.plots.regions import decision_regions
    from microbp.plots.squares import hinton
    from microbp.plots.steps import step_curve
    from microbp.plots.style import INK, NEGATIVE, POSITIVE
    from microbp.plots.surface import error_surface

__all__ = [
    "INK",
    "NEGATIVE",
    "POSITIVE",
    "alt_text",
    "decision_regions",
    "error_surface",
    "hinton",
    "hinton_activities",
    "hinton_layer",
    "learning_curve",
    "save_png",
    "solved_by_sweep",
    "step_curve",
    "weights_as_net",
]

__getattr__, __dir__ = names_from(
    __name__,
    {
        "INK": "style",
        "LiveCurve": "live",
        "NEGATIVE": "style",
        "POSITIVE": "style",
        "alt_text": "described",
        "decision_regions": "regions",
        "error_surface": "surface",
        "hinton": "squares",
        "hinton_activities": "layers",
        "hinton_layer": "layers",
        "learning_curve": "curves",
        "save_png": "described",
        "solved_by_sweep": "curves",
        "step_curve": "steps",
        "weights_as_net": "nets",
    },
)
