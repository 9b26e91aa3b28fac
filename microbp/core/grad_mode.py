"""Modes: make no graph (`no_grad`), watch for anomalies, note comparisons."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

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

unusual = [0]
"""How many modes other than the normal one are on, in all threads. Nearly always 0: then a node
is made without looking up the mode, which is slow."""
_counting = threading.Lock()


@contextmanager
def mode_with(**changes: Any) -> Iterator[None]:
    """The current mode with these changes, for this thread or async task."""
    _count(1)
    token = mode.set(replace(mode.get(), **changes))
    try:
        yield
    finally:
        mode.reset(token)
        _count(-1)


def _count(more: int) -> None:
    with _counting:
        unusual[0] += more


@contextmanager
def no_grad() -> Iterator[None]:
    """Make plain leaves instead of graph nodes, for arithmetic that needs no backward pass.

    A context manager and a decorator; it holds for its own thread (or async task) only.

    >>> from microbp import Value
    >>> with no_grad():
    ...     y = Value(2.0) * 3
    >>> y.operands
    ()
    """
    with mode_with(recording=False):
        yield


@contextmanager
def comparisons_noted() -> Iterator[list[Any]]:
    """Collect, in a list, the nodes that the program compares or converts to bool."""
    compared: list[Any] = []
    with mode_with(compared=compared):
        yield compared


def note(*nodes: Node) -> None:
    """A comparison of these nodes, for `comparisons_noted`."""
    compared = mode.get().compared
    if compared is not None:
        compared.extend(nodes)
