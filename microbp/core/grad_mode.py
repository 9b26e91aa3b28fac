"""Modes: make no graph (`no_grad`), watch for anomalies, note comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ContextDecorator
from contextvars import ContextVar, Token
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

if TYPE_CHECKING:
    from microbp.core.python.node import Node


class Mode(NamedTuple):
    """The mode in which nodes are made."""

    recording: bool = True
    watching: bool = False
    compared: list[Any] | None = None
    """Where to note each node that is compared or converted to bool, if anywhere."""
    alive: Sequence[object] = (True,)
    """Empty once it has ended, even where an interruption left it in its context."""
    before: Mode | None = None
    """The mode that it is a change of."""


NORMAL = Mode()
mode: ContextVar[Mode] = ContextVar("microbp mode", default=NORMAL)

unusual: list[ref[_Open]] = []
"""The modes other than the normal one that are on, in all threads. Nearly always none: then a
node is made without looking up the mode, which is slow."""


def current() -> Mode:
    """The mode of this thread or async task."""
    now = mode.get()
    while not now.alive and now.before is not None:
        now = now.before
    return now


class _Open:
    """Exists as long as its mode is on, even where an interruption keeps the mode from ending."""


class mode_with(ContextDecorator):
    """The current mode with these changes, for this thread or async task."""

    def __init__(self, **changes: Any) -> None:
        self._changes = changes
        self._entered: list[tuple[_Open, Token[Mode]]] = []

    def _recreate_cm(self) -> mode_with:
        return mode_with(**self._changes)

    def __enter__(self) -> Any:
        before = current()
        try:
            is_open = _Open()
            alive: list[object] = []
            alive.append(ref(is_open, alive.remove))
            unusual.append(ref(is_open, unusual.remove))  # in C, which nothing interrupts
            token = mode.set(before._replace(**self._changes, alive=alive, before=before))
            self._entered.append((is_open, token))
            return self._changes.get("compared")
        except BaseException:
            mode.set(before)
            raise

    def __exit__(self, *_: object) -> None:
        mode.reset(self._entered.pop()[1])


def no_grad() -> mode_with:
    """Make plain leaves instead of graph nodes, for arithmetic that needs no backward pass.

    A context manager and a decorator; it holds for its own thread (or async task) only.

    >>> from microbp import Value
    >>> with no_grad():
    ...     y = Value(2.0) * 3
    >>> y.operands
    ()
    """
    return mode_with(recording=False)


def comparisons_noted() -> mode_with:
    """Collect, in a list, the nodes that the program compares or converts to bool."""
    return mode_with(compared=[])


def note(*nodes: Node) -> None:
    """A comparison of these nodes, for `comparisons_noted`."""
    compared = current().compared
    if compared is not None:
        compared.extend(nodes)
