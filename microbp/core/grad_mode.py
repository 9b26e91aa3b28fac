"""How nodes are made for a while: without a graph (`no_grad`), or watched (`detect_anomaly`)."""

from __future__ import annotations

import math
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from microbp.core.python.node import Node, described


class AnomalyError(ArithmeticError):
    """Under `detect_anomaly`, an operation or a reverse sweep made a NaN or an infinity."""


@dataclass(frozen=True)
class Mode:
    """What the making of a node asks about its surroundings."""

    recording: bool = True
    watching: bool = False
    compared: list[Any] | None = None
    """Where to note the nodes that are compared, or asked for their truth."""


NORMAL = Mode()
mode: ContextVar[Mode] = ContextVar("microbp mode", default=NORMAL)

unusual = [0]
"""How many modes other than the normal one are on, in all threads. At 0, as nearly always, whoever
makes a node need not ask its context which mode it is in."""
_counting = threading.Lock()


@contextmanager
def _mode_with(**changes: Any) -> Iterator[None]:
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
    """Make plain leaves instead of graph nodes, for arithmetic that no sweep will go through.

    A context manager and a decorator; it holds for its own thread (or async task) only.

    >>> from microbp import Value
    >>> with no_grad():
    ...     y = Value(2.0) * 3
    >>> y.operands
    ()
    """
    with _mode_with(recording=False):
        yield


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Raise AnomalyError at the first node that makes a NaN or an infinity, forward or backward.

    The error names the node, its operands and the line of the program that made it. A sweep
    that raises leaves the gradients of the leaves as they were.

    >>> from microbp import Value
    >>> with detect_anomaly():
    ...     y = Value(1e200, "big") * 1e200  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    microbp.core.grad_mode.AnomalyError: mul(big = 1e+200, 1e+200) = inf, made at <doctest>:2
    """
    with _mode_with(watching=True):
        yield


@contextmanager
def comparisons_noted() -> Iterator[list[Any]]:
    """A list of the nodes that the program compares meanwhile, or asks for their truth."""
    compared: list[Any] = []
    with _mode_with(compared=compared):
        yield compared


def note(*nodes: Node) -> None:
    """A comparison of these nodes, for `comparisons_noted`."""
    compared = mode.get().compared
    if compared is not None:
        compared.extend(nodes)


def watch(node: Node) -> None:
    """Under detect_anomaly: note where a new node was made; AnomalyError if it isn't finite."""
    node._place = f"at {_place_in_the_program()}"
    if not math.isfinite(node.data):
        raise AnomalyError(story(node))


def story(node: Node) -> str:
    """What a node computed, from what, and where the program asked for it."""
    place = getattr(node, "_place", "outside detect_anomaly")
    operation = "" if node.op is None else node.op.name
    return f"{operation}({described(node.operands)}) = {node.data!r}, made {place}"


def _place_in_the_program() -> str:
    """File and line of the innermost call from outside this package."""
    frame = sys._getframe()
    while frame.f_back and frame.f_globals.get("__name__", "").startswith("microbp."):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"
