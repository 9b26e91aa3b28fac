"""The error of a difference quotient against its step: the V of gradient checking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from microbp._support.coerce import shown
from microbp.plots.alternative_text import describe
from microbp.plots.style import (
    INK,
    NEGATIVE,
    POSITIVE,
    axes_or_new,
    check_axes,
    frame,
    legend,
    note,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def step_curve(curve: Any, ax: Axes | None = None) -> Axes:
    """Plot the error of a difference quotient against its step, and the expected V.

    `curve` is what `microbp.step_curve` returns.

    >>> from microbp import exp
    >>> from microbp.checking.step_sizes import step_curve as measured
    >>> ax = step_curve(measured(exp, 1.0))
    >>> ax.get_xlabel()
    'step h'
    """
    if not all(hasattr(curve, name) for name in ("steps", "errors", "truncation", "rounding")):
        raise TypeError(
            f"step_curve: expected what microbp.step_curve(f, x) returns, got {shown(curve)}"
        )
    check_axes(ax, "step_curve")
    ax = axes_or_new(ax, width=6.4, height=3.6)
    seen = [(h, error) for h, error in zip(curve.steps, curve.errors, strict=True) if error > 0.0]
    arms = ((curve.truncation, NEGATIVE, "--"), (curve.rounding, POSITIVE, "-"))
    for (arm, color, dashes), name in zip(arms, ("truncation", "rounding"), strict=True):
        above = [(h, error) for h, error in zip(curve.steps, arm, strict=True) if error > 0.0]
        if above:
            x, y = zip(*above, strict=True)
            ax.plot(x, y, color=color, linestyle=dashes, linewidth=1.4, label=name)
    if seen:
        x, y = zip(*seen, strict=True)
        ax.plot(x, y, "o", color=INK, markersize=3, label="error")
        ax.set_ylim(min(y) / 10.0, 10.0 * max(y))
    ax.set_xscale("log")
    ax.set_yscale("log")
    if curve.optimum is not None:
        ax.axvline(curve.optimum, color=INK, linewidth=0.8, linestyle=":", label="best step")
    exact = len(curve.steps) - len(seen)
    said = [f"no error at all at {exact} of {len(curve.steps)} steps"] if exact else []
    said += [curve.note] if curve.note else []
    if said:
        note(ax, "; ".join(said))
    frame(ax, "step h", "error of the derivative")
    if ax.get_legend_handles_labels()[0]:
        legend(ax)
    facts = []
    if seen:
        h, error = min(seen, key=lambda pair: pair[1])
        facts.append(f"smallest, {error:.2g}, at step {h:.2g}")
    if curve.optimum is not None:
        facts.append(curve.note or f"expected at {curve.optimum:.2g}")
    describe(
        ax,
        "The error of a difference quotient against its step, a V on logarithmic scales: "
        f"{'; '.join(facts) or curve.note}.",
    )
    return ax
