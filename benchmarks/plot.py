"""The chart of a run: the time of a step in each workload, as a multiple of microbp's."""

from __future__ import annotations

import io
from collections.abc import Collection

from benchmarks.contenders import CONTENDERS
from benchmarks.results import Results

MARKERS = "os^Dv*Pp<>XhH8d1234|x+"  # tell contenders apart without color


def plot(results: Results) -> bytes:
    """The chart as a PNG."""
    from matplotlib.figure import Figure

    workloads = list(results.times)
    bases = {workload: results.baseline([workload]) for workload in workloads}
    timed = {key for times in results.times.values() for key in times}
    height = max(1.5 + 0.6 * len(workloads), 0.5 + 0.22 * len(timed))  # room for the legend
    figure = Figure(figsize=(9.0, height), layout="constrained")
    axes = figure.add_subplot()
    for index, (key, contender) in enumerate(CONTENDERS.items()):
        found = [
            (
                results.ratio((workload, key), (workload, bases[workload])),
                y + _aside(results.times[workload], key),
            )
            for y, workload in enumerate(workloads)
            if key in results.times[workload]
        ]
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
            markersize=6,
            color="black",
            markerfacecolor="white" if index % 2 else "gray",
            label=contender.title,
        )
    axes.set_xscale("log")
    axes.set_yticks(range(len(workloads)), workloads)
    axes.invert_yaxis()
    for y in range(1, len(workloads)):
        axes.axhline(y - 0.5, color="gainsboro", linewidth=0.8, zorder=0)
    axes.axvline(1.0, color="lightgray", zorder=0)
    axes.grid(axis="x", color="gainsboro")
    titles = dict.fromkeys(CONTENDERS[base].title for base in bases.values())
    axes.set_xlabel(f"time of a step / that of {' or '.join(titles)}")
    figure.legend(loc="outside right upper", frameon=False)
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=150)
    return content.getvalue()


def _aside(timed: Collection[str], key: str) -> float:
    """Vertical offset of a contender in a workload's row, so that equal times don't overlap."""
    places = [other for other in CONTENDERS if other in timed]
    return 0.8 * ((places.index(key) + 0.5) / len(places) - 0.5)
