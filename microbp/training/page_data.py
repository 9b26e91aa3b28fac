"""What the page of a training holds: the recorded program, the cases, the net, the settings."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from microbp._support.coerce import shortened
from microbp.core.engine import Value
from microbp.explorer.net_units import net_units
from microbp.replay.export.json_file import nodes_as_json
from microbp.replay.recording import Recording, recorded
from microbp.training import judges
from microbp.training.held_out import HeldOut
from microbp.training.page_frames import frames
from microbp.training.page_rule import NoRule, page_rule
from microbp.training.page_start import Start
from microbp.training.passes import replay_pass
from microbp.training.task import Case, NotReplayable, Task

JUDGES: dict[judges.Judge, str] = {
    judges.right_side: "sides",
    judges.right_answer: "answer",
    judges.right_sign: "sign",
    judges.right_class: "largest",
}
"""What the page calls those that it knows."""

LARGEST_SEED = 2**53
"""JavaScript has no larger whole numbers without gaps."""


@dataclass
class About:
    """What the page says of a training, beside what the task itself tells.

    unit_names: what to call the inputs, and the outputs, where their labels don't say it.
    held_out: the cases that the seed has kept from training. kind: what special view there is,
    "symmetry" or "family_trees". seed: that of the weights, where the net doesn't know it. paper:
    settings that the paper has, named as in the page.
    """

    title: str = ""
    notes: str = ""
    case_names: Sequence[str] | None = None
    unit_names: tuple[Sequence[str], Sequence[str]] | None = None
    held_out: HeldOut | None = None
    kind: str = "other"
    seed: int | None = None
    paper: Mapping[str, Any] = field(default_factory=dict)


def page_data(task: Task, start: Start, about: About, sweeps: int) -> dict[str, Any]:
    """The page's data: of a live training where JavaScript can run it, else by frames.

    Frames are of so many sweeps, which are made here; then everything is as it was.
    """
    replayed = _replayed(task)
    if isinstance(replayed, str):
        recording, rows, why = _of_first_case(task), _rows(task.cases), replayed
    else:
        recording, rows = replayed.recording, replayed.rows
        why = _why_not_live(recording, task)
    _refuse_infinite(task, start, rows)
    rule: dict[str, Any] = {}
    try:
        rule = page_rule(task.optimizer, sweeps)
    except NoRule as problem:
        why = why or str(problem)
    targets = len(task.cases[0][1])
    inputs = len(rows[0]) - targets
    reinit = _reinit(task)
    settings = _settings(task, about, rule, reinit)
    rng = _after_drawing(settings["seed"], reinit, start)
    if rng is None:
        settings["seed"] = None
    return {
        "title": about.title or "A training",
        "notes": about.notes,
        "kind": about.kind,
        "mode": "frames" if why else "live",
        "why_frames": why,
        "program": recording and nodes_as_json(recording),
        "inputs": inputs,
        "targets": targets,
        "cases": _short_rows(rows),
        "case_names": about.case_names and list(about.case_names),
        "judge": JUDGES.get(task.right, "own"),
        "net": recording and _net(recording, inputs, about),
        "start": start.parameters,
        "state": dict(start.optimizer),
        "settings": settings | {"sweeps": sweeps},
        "paper": dict(about.paper),
        "held_out": None if rng is None else _held_out(about.held_out, rng, len(rows)),
        "reinit": None if why else reinit,
        "frames": frames(task, start, sweeps) if why else None,
    }


def _refuse_infinite(task: Task, start: Start, rows: Sequence[Sequence[float]]) -> None:
    """ValueError for numbers from which nothing is learned, and which JSON has no word for."""
    for parameter, x in zip(task.optimizer.parameters, start.parameters, strict=True):
        if not math.isfinite(x):
            name = shortened(parameter.label) or "a parameter"
            raise ValueError(f"watch: expected finite parameters, got {x:g} for {name}")
    for place, row in enumerate(rows):
        for x in row:
            if not math.isfinite(x):
                raise ValueError(f"watch: expected finite cases, got {x:g} in case {place}")


def _net(recording: Recording, inputs: int, about: About) -> dict[str, Any]:
    net = net_units(recording, inputs)
    if about.unit_names is not None:
        of_inputs, of_outputs = about.unit_names
        nodes = [*range(inputs), *recording.outputs[1:]]
        names = dict(zip(nodes, [*of_inputs, *of_outputs], strict=True))
        for unit in net["units"]:
            unit["label"] = names.get(unit["node"], unit["label"])
    return net


def _replayed(task: Task) -> Any:
    """The training as a replay; or why there is none."""
    try:
        return replay_pass(task)
    except NotReplayable as problem:
        return f"the training can't be replayed: {problem}"


def _why_not_live(recording: Recording, task: Task) -> str:
    custom = [op.name for op in recording.ops if not op.builtin]
    if custom:
        return f"{', '.join(custom)}: a custom operation exists in Python only"
    if task.right not in JUDGES:
        return "what counts as right is a function of your own, which exists in Python only"
    return ""


def _of_first_case(task: Task) -> Recording | None:
    """A recording of one case, for the picture; None where there can't be one."""
    inputs, targets = task.cases[0]
    groups = inputs if isinstance(inputs, Mapping) else {"": inputs}
    leaves = {name: [Value(x) for x in xs] for name, xs in groups.items()}
    outputs = task.net(leaves if isinstance(inputs, Mapping) else leaves[""])
    ends = [task.loss(outputs, targets), *outputs]
    given = [leaf for group in leaves.values() for leaf in group]
    try:
        return recorded(ends, given, task.optimizer.parameters)
    except ValueError:  # made by hand
        return None


def _rows(cases: Sequence[Case]) -> list[list[float]]:
    rows = []
    for inputs, targets in cases:
        groups = inputs.values() if isinstance(inputs, Mapping) else [inputs]
        rows.append([float(x) for group in [*groups, targets] for x in group])
    return rows


def _short_rows(rows: Sequence[Sequence[float]]) -> list[list[Any]]:
    return [[_short(x) for x in row] for row in rows]


def _short(x: float) -> float | int:
    """A number of a case for JSON: 1 is 1.0 to JavaScript, and takes less room."""
    whole = x.is_integer() and abs(x) < LARGEST_SEED and math.copysign(1.0, x) > 0.0
    return int(x) if whole or (x.is_integer() and x and abs(x) < LARGEST_SEED) else x


def _reinit(task: Task) -> list[dict[str, Any]] | None:
    """How the net's weights are drawn, in this order; None where that isn't known."""
    ranges = getattr(task.net, "ranges", None)
    own = task.net.parameters()
    found = ranges() if callable(ranges) else []
    place = {p: i for i, p in enumerate(task.optimizer.parameters)}
    if len(found) != len(own) or any(p not in place for p in own):
        return None
    return [
        {"parameter": place[p], "low": -r, "high": r}
        for p, r in zip(own, found, strict=True)
        if r is not None
    ]


def _after_drawing(
    seed: int | None, reinit: Sequence[Mapping[str, Any]] | None, start: Start
) -> random.Random | None:
    """What goes on after this seed has given the weights of the start; None if it gives others."""
    if seed is None or reinit is None:
        return None
    rng = random.Random(seed)
    found = [0.0] * len(start.parameters)
    for drawn in reinit:
        found[drawn["parameter"]] = rng.uniform(drawn["low"], drawn["high"])
    return rng if found == start.parameters else None


def _held_out(held_out: HeldOut | None, rng: random.Random, trained: int) -> dict[str, Any] | None:
    """The cases not trained, if it is the seed that chose them: another one chooses others."""
    if held_out is None or not held_out.drawn_next(rng, trained + len(held_out.cases)):
        return None
    return {
        "numbers": list(held_out.numbers),
        "cases": _short_rows(_rows(held_out.cases)),
        "names": list(held_out.names),
    }


def _settings(
    task: Task, about: About, rule: Mapping[str, Any], reinit: Sequence[Mapping[str, Any]] | None
) -> dict[str, Any]:
    seed = getattr(task.net, "seed", None) if about.seed is None else about.seed
    known = type(seed) is int and abs(seed) < LARGEST_SEED
    ranges = {drawn["high"] for drawn in reinit or ()}
    return {
        "seed": seed if known else None,
        "init": ranges.pop() if len(ranges) == 1 else None,
        **rule,
        "l1": task.penalty.l1 if task.penalty else 0.0,
        "l2": task.penalty.l2 if task.penalty else 0.0,
        "changePerCase": task.change_per_case,
        "batch": task.batch,
        "shuffleSeed": task.seed,
    }
