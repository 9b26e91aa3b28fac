"""What the wrong entries of a gradient have in common, in words, where it can be known."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import chain

from microbp.checking.black_box.inputs import Group, Inputs
from microbp.checking.black_box.pattern_rules import ALIKE, PATTERNS, Part, factor, swapped
from microbp.checking.report import Entry

MOST = 6
"""Sentences in a report."""


def patterns(entries: Sequence[Entry], inputs: Inputs) -> list[str]:
    """Sentences on the entries that fail."""
    said = _transposed_jacobian(entries, inputs)
    failed = {entry.output for entry in entries if entry.verdict == "fail"}
    for k in sorted(failed)[:MOST] if not said else ():
        parts = _parts([entry for entry in entries if entry.output == k], inputs)
        said += [words for words in _of_output(parts) if words not in said]
    return said[:MOST]


def _parts(entries: Sequence[Entry], inputs: Inputs) -> list[Part]:
    places = {name: i for i, name in enumerate(inputs.names)}
    parts = [Part(group) for group in inputs.groups]
    of_place = list(
        chain.from_iterable([part] * (part.group.stop - part.group.start) for part in parts)
    )
    for entry in entries:
        i = places.get(entry.name)
        if i is None or not entry.known:
            continue
        part = of_place[i]
        if entry.verdict == "fail":
            part.wrong.append(len(part.places))
        part.places.append(i - part.group.start)
        part.given.append(entry.backward)
        part.right.append(entry.reference)
        part.bounds.append(entry.bound)
        part.values.append(inputs.x[i])
    return [part for part in parts if part.places]


def _of_output(parts: Sequence[Part]) -> list[str]:
    wrong = [part for part in parts if part.wrong]
    if not wrong:
        return []
    everything = _joined(parts)
    together = len(parts) > 1 and all(map(math.isfinite, everything.given))
    words = factor(everything) if together else ""
    if words:
        return [f"everything: {words}"]
    by_words: dict[str, list[str]] = {}
    for part in wrong:
        words = swapped(part, wrong) or _of_part(part) or _of_layer(part, parts)
        if words:
            by_words.setdefault(words, []).append(part.group.name or "it")
    said = [f"{_listed(names)}: {words}" for words, names in by_words.items()]
    right = [part.group.name for part in parts if not part.wrong and part.group.name]
    if right and len(parts) <= MOST:
        names = [part.group.name for part in wrong]
        said.insert(0, f"wrong in {_listed(names)}, right in {_listed(right)}")
    return said


def _joined(parts: Sequence[Part]) -> Part:
    """All parts as one."""
    every = Part(Group("", 0, 0, ()))
    for part in parts:
        every.given += part.given
        every.right += part.right
        every.bounds += part.bounds
        every.values += part.values
        every.wrong += part.wrong
        every.places += part.places
    return every


def _of_part(part: Part) -> str:
    """The first pattern that holds."""
    lost = sum(not math.isfinite(g) for g in part.given)
    if lost:
        return f"{lost} of {len(part.given)} are NaN or infinite"
    if part.like(part.right):
        return "off by less than 1e-5 of what it should be: an approximation?"
    for pattern in PATTERNS:
        words = pattern(part)
        if words:
            return words
    return ""


def _of_layer(weights: Part, parts: Sequence[Part]) -> str:
    """What the bias says of the weights of its layer, if no pattern does."""
    bias = _bias_of(weights, parts)
    if bias is None or len(weights.wrong) < 2:
        return ""
    name = bias.group.name
    if not bias.wrong:
        return (
            f"{name} is right, and so is what comes back to this layer: are its inputs stale, or "
            "another layer's?"
        )
    if len(bias.wrong) > 1 and any(not part.wrong for part in parts):
        return (
            f"{name} is wrong as well, and so is what comes back to this layer: is a slope "
            "missing, such as y (1 - y), or the weights between not transposed?"
        )
    return ""


def _bias_of(weights: Part, parts: Sequence[Part]) -> Part | None:
    """The vector that belongs to this matrix by its name: b1 to W1, layers[0].b to layers[0].W."""
    shape, number = weights.group.shape, re.sub(r"\D", "", weights.group.name)
    if len(shape) != 2 or min(shape) < 2:
        return None
    for part in parts:
        name, long = part.group.name, [length for length in part.group.shape if length > 1]
        called = name.rpartition(".")[2].lower().startswith("b")
        if called and re.sub(r"\D", "", name) == number and len(long) == 1 and long[0] in shape:
            return part
    return None


def _transposed_jacobian(entries: Sequence[Entry], inputs: Inputs) -> list[str]:
    """Whether the jacobian is transposed: entry (k, i) is the right one of (i, k)."""
    many = len(inputs)
    if many < 2 or len(entries) != many * many or not all(entry.known for entry in entries):
        return []
    at = {(entry.output, entry.name): entry for entry in entries}
    names = inputs.names
    turned = all(
        abs(at[k, name].backward - at[i, names[k]].reference)
        <= 2.0 * at[i, names[k]].bound + ALIKE * abs(at[k, name].backward)
        for k in range(many)
        for i, name in enumerate(names)
        if (k, name) in at
    )
    return ["everything: transposed, inputs by outputs"] if turned else []


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
