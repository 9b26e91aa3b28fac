"""A run as one picture: how many times longer a step takes than microbp's, for each work."""

from __future__ import annotations

import io

from benchmarks.contenders import CONTENDERS
from benchmarks.results import Results

MARKERS = "os^Dv*Pp<>X"  # tell contenders apart without colour


def picture(results: Results) -> bytes:
    """A PNG."""
    from matplotlib.figure import Figure

    base = results.yardstick()
    works = list(results.times)
    figure = Figure(figsize=(9.0, 1.5 + 0.5 * len(works)), layout="constrained")
    axes = figure.add_subplot()
    for index, (key, contender) in enumerate(CONTENDERS.items()):
        found = [(results.ratio((work, key), (work, base)), y) for y, work in enumerate(works)]
        points = [(ratio, y) for ratio, y in found if ratio is not None]
        if not points:
            continue
        medians = [ratio.median for ratio, _ in points]
        axes.errorbar(
            medians,
            [y for _, y in points],
            xerr=[
                [ratio.median - ratio.low for ratio, _ in points],
                [ratio.high - ratio.median for ratio, _ in points],
            ],
            linestyle="",
            marker=MARKERS[index],
            markersize=8,
            color="black",
            markerfacecolor="white" if index % 2 else "grey",
            label=contender.title,
        )
    axes.set_xscale("log")
    axes.set_yticks(range(len(works)), works)
    axes.invert_yaxis()
    axes.axvline(1.0, color="lightgrey", zorder=0)
    axes.grid(axis="x", color="gainsboro")
    axes.set_xlabel(f"time of a step, in times of {CONTENDERS[base].title}'s")
    figure.legend(loc="outside right upper", frameon=False)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=150)
    return content.getvalue()
