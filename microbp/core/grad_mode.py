"""Modes: make no graph (`no_grad`), watch for anomalies, note comparisons."""

from __future__ import annotations

from contextlib import ContextDecorator
from contextvars import ContextVar, Token
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import ref

if TYPE_CHECKING:
    from microbp.core.python.node import Node


@dataclass(frozen=True)
class Mode:
    """The mode in which nodes are made."""

    recording: bool = True
    watching: bool = False
    compared: list[Any] | None = None
    """Where to note each node that is compared or converted to bool, if anywhere."""


NORMAL = Mode()
mode: ContextVar[Mode] = ContextVar("microbp mode", default=NORMAL)

unusual: list[ref[_Open]] = []
"""The modes other than the normal one that are on, in all threads. Nearly always none: then a
node is made without looking up the mode, which is slow."""


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
        before = mode.get() if unusual else NORMAL  # what an interruption left is of no account
        try:
            is_open = _Open()
            unusual.append(ref(is_open, unusual.remove))  # in C, which nothing interrupts
            token = mode.set(replace(before, **self._changes))
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
    compared = mode.get().compared
    if compared is not None:
        compared.extend(nodes)
