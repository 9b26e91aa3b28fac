"""What a checkpoint file holds, checked entry by entry before anything is changed."""

from __future__ import annotations

import warnings
from collections.abc import Set
from typing import Any

from microbp._support.atomic_file import FileMismatch
from microbp._support.coerce import shown
from microbp.training.history import History, Sweep
from microbp.training.run_identity import RunIdentity

VERSION = 2
KEYS = {
    "checkpoint", "net", "optimizer", "cases", "run", "sweeps", "validation", "metrics", "weights",
}  # fmt: skip


class SavedRun:
    """The state in a file of this name, of a run over so many cases with so many parameters.

    Raises FileMismatch, naming the place, for anything that `train` doesn't write.
    """

    def __init__(self, name: str, state: Any, cases: int, parameters: int) -> None:
        self._name = name
        if not isinstance(state, dict) or not {"net", "optimizer", "cases", "sweeps"} <= {*state}:
            raise FileMismatch(f"{name} is not a checkpoint of train")
        # The first version said neither its version nor what run it is of.
        self._first = first = "checkpoint" not in state
        version = state.get("checkpoint")
        if not first and (type(version) is not int or version != VERSION):
            raise self._wrong("checkpoint", f"version {VERSION}", version)
        unknown = [key for key in state if key not in KEYS]
        if unknown:
            raise FileMismatch(f"{name}: unknown key {shown(unknown[0])}")
        self.net = state["net"]
        self.optimizer = dict(self._object(state, "optimizer"))
        self._kind = self.optimizer.pop("kind", None)
        self._cases = self._whole(state["cases"], "cases")
        if self._cases != cases:
            raise FileMismatch(f"{name} holds a run over {self._cases} cases, not {cases}")
        self._parts, self._codes = ({}, {}) if first else self._identity(state.get("run"))
        self.sweeps = self._sweeps(state, "sweeps", cases)
        self.validation = self._sweeps(state, "validation", None)
        self.metrics = {
            metric: self._numbers(column, f"metrics[{metric!r}]", len(self.sweeps))
            for metric, column in self._object(state, "metrics").items()
        }
        self.weights = dict(self._kept_weights(state, parameters))

    def check_run(self, kind: str, run: RunIdentity, validated: bool, measured: Set[str]) -> None:
        """FileMismatch where it is another run than this one, as far as anybody knows."""
        if self._kind != kind:
            raise FileMismatch(
                f"{self._name} holds a run of {self._kind} where this one has {kind}"
            )
        for what in {**run.parts, **self._parts}:
            theirs, ours = self._parts.get(what, "none"), run.parts.get(what, "none")
            if theirs != ours and not self._first:
                raise FileMismatch(
                    f"{self._name} holds another run: its {what}: {theirs}; of this one: {ours}"
                )
        seen = len(self.validation) == len(self.sweeps) if validated else not self.validation
        if not seen or (self.sweeps and self.metrics.keys() != measured):
            raise FileMismatch(f"{self._name} holds a run with other validation cases or metrics")

    def copy_into(self, history: History) -> None:
        """Let the history begin with what was seen."""
        history.sweeps, history.validation = self.sweeps, self.validation
        history.metrics, history.weights = self.metrics, self.weights

    def warn_of_the_unknown(self, run: RunIdentity) -> None:
        """Warn where it may be another run, for all that anybody knows."""
        if self._first:
            warnings.warn(
                f"train: {self._name} was written by an older microbp, and doesn't say which cases "
                f"and which loss it is of: they are taken to be the same",
                stacklevel=5,
            )
        for what, ours in run.codes.items():
            theirs = self._codes.get(what, ours)
            other = theirs != ours and theirs.split()[:1] == ours.split()[:1]
            if not self._first and (other or what in run.unknown):
                why = "its code has changed" if other else f"it holds a {run.unknown[what]}"
                warnings.warn(
                    f"train: whether the {what} is still that of {self._name} can't be known, as "
                    f"{why}: {run.parts[what]}",
                    stacklevel=5,
                )

    def _identity(self, found: Any) -> tuple[dict[str, str], dict[str, str]]:
        """The texts and the codes of the run."""
        if not isinstance(found, dict) or found.keys() != {"parts", "codes"}:
            raise self._wrong("run", "parts and codes", found)
        for part in found.values():
            if not isinstance(part, dict) or not all(isinstance(x, str) for x in part.values()):
                raise self._wrong("run", "texts by name", part)
        return found["parts"], found["codes"]

    def _wrong(self, place: str, expected: str, found: Any) -> FileMismatch:
        return FileMismatch(f"{self._name}: {place}: expected {expected}, got {shown(found)}")

    def _object(self, state: dict[str, Any], key: str) -> dict[str, Any]:
        found = state.get(key, {})
        if not isinstance(found, dict):
            raise self._wrong(key, "an object", found)
        return found

    def _list(self, found: Any, place: str, length: int | None = None) -> list[Any]:
        if not isinstance(found, list) or length not in (None, len(found)):
            expected = "a list" if length is None else f"a list of {length}"
            raise self._wrong(place, expected, found)
        return found

    def _whole(self, found: Any, place: str, most: int | None = None) -> int:
        if type(found) is not int or found < 0 or (most is not None and found > most):
            expected = "a whole number from 0 on" if most is None else f"one from 0 to {most}"
            raise self._wrong(place, expected, found)
        return found

    def _numbers(self, found: Any, place: str, length: int) -> list[float]:
        numbers = self._list(found, place, length)
        for i, x in enumerate(numbers):
            if type(x) not in (float, int):
                raise self._wrong(f"{place}[{i}]", "a number", x)
        return [float(x) for x in numbers]

    def _sweeps(self, state: dict[str, Any], key: str, cases: int | None) -> list[Sweep]:
        found = []
        for i, row in enumerate(self._list(state.get(key, []), key)):
            sweep, error, right = self._list(row, f"{key}[{i}]", 3)
            if type(sweep) is not int or sweep != i:
                raise self._wrong(f"{key}[{i}][0]", str(i), sweep)
            (error,) = self._numbers([error], f"{key}[{i}][1]", 1)
            found.append(Sweep(i, error, self._whole(right, f"{key}[{i}][2]", cases)))
        return found

    def _kept_weights(self, state: dict[str, Any], parameters: int) -> Any:
        for i, pair in enumerate(self._list(state.get("weights", []), "weights")):
            sweep, numbers = self._list(pair, f"weights[{i}]", 2)
            most = len(self.sweeps) - 1
            yield (
                self._whole(sweep, f"weights[{i}][0]", most),
                self._numbers(numbers, f"weights[{i}][1]", parameters),
            )
