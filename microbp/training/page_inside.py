"""The look inside a case from the page of a training: the explorer's page of its graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from microbp.core.engine import Value
from microbp.core.toposort import operands_first
from microbp.drawing.render import GraphvizMissing
from microbp.explorer.explorer import MOST_NODES, Explorer
from microbp.explorer.training_page import NO_GRAPHVIZ, TOO_LARGE, Inside
from microbp.training.task import Task


def page_inside(task: Task, data: Mapping[str, Any]) -> Inside:
    """The page of one case; it takes the numbers of any case, and then those of the parameters.

    `data` is that of the training's page. Where it isn't live, there are no cases to look into.
    """
    if data["mode"] != "live":
        return Inside()
    # Imported lazily: it imports NumPy.
    from microbp.training.case_table import shaped_like

    leaves = _leaves(data)
    targets: Any = leaves[data["inputs"] :]
    outputs = task.net(shaped_like(task.cases[0][0], leaves[: data["inputs"]]))
    error = task.error_of(outputs, targets)
    if error.op is not None and not error.label:
        error.label = "E"
    if len(operands_first(error)) > MOST_NODES:
        return Inside(why_not=TOO_LARGE)
    try:
        explorer = Explorer(error)
    except GraphvizMissing:
        return Inside(why_not=NO_GRAPHVIZ)
    return Inside(explorer.embedded([*leaves, *task.optimizer.parameters]))


def _leaves(data: Mapping[str, Any]) -> list[Value]:
    """The numbers of the first case, its inputs named as in the net's picture, its targets d."""
    names = {unit["node"]: unit["label"] for unit in data["net"]["units"]}
    of_inputs, row = data["inputs"], data["cases"][0]
    one = len(row) == of_inputs + 1
    targets = ["d" if one else f"d{k + 1}" for k in range(len(row) - of_inputs)]
    labels = [*(names.get(i, "") for i in range(of_inputs)), *targets]
    return [Value(float(x), label) for x, label in zip(row, labels, strict=True)]
