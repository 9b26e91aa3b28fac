"""Node: the fields of a graph's node, and its public properties."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TypeVar

from microbp._support.coerce import number, shown
from microbp.core.attributes import own
from microbp.core.by_hand import no_closure, pass_on, symbol
from microbp.core.ops import Op
from microbp.core.python.deletion import hand_over_operands

N = TypeVar("N", bound="Node")


class Node:
    """A number, the operation that computed it, and the derivatives that a backward pass finds.

    One or two operands, and the partial for each, have fields of their own, which costs half
    the time and memory of tuples; only n-ary nodes keep tuples. What few nodes have,
    such as the attributes that a program sets, is in `__dict__`.
    """

    __slots__ = (
        "__dict__", "_a", "_b", "_born", "_da", "_data", "_db", "_grad", "_label",
        "_operation",
    )  # fmt: skip
    _data: float
    _grad: float
    _label: str  # unset where there is none
    _operation: Op | None  # None for a leaf, which has no operands or partials
    _born: int  # later than any operand's; 0 for a leaf
    _a: Any  # the first operand; None for an n-ary node
    _da: float  # the partial: d self / d _a
    _b: Any  # the second operand, if there is one; of an n-ary node, a tuple of all
    _db: Any  # its partial, or theirs
    _place: str  # where the program made this node; known under detect_anomaly only
    _asked: bool  # True once the program has compared this node or converted it to bool

    @property
    def data(self) -> float:
        """The number itself. Only a leaf's can be set: AttributeError for any other node."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if self._operation is not None:
            raise AttributeError(
                f"data of {self!r} was computed by {self._operation.name}: only a leaf's can be set"
            )
        self._data = number(data, "data")

    @property
    def grad(self) -> float:
        """d root / d self: summed over backward passes in leaves, the latest in other nodes.

        None sets it to 0.
        """
        return self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = 0.0 if grad is None else number(grad, "grad")

    @property
    def label(self) -> str:
        """A name for people to read; any string. TypeError for anything else."""
        return getattr(self, "_label", "")

    @label.setter
    def label(self, label: str) -> None:
        if not isinstance(label, str):
            raise TypeError(f"label: expected a string, got {shown(label)}")
        self._label = label if type(label) is str else str.__str__(label)

    @property
    def op(self) -> Op | None:
        """The operation that computed this node; None for a leaf."""
        return self._operation

    @property
    def operands(self: N) -> tuple[N, ...]:
        """The nodes this one was computed from, in order, repeats kept; none for a leaf."""
        if self._operation is None:
            return ()
        if self._a is None:
            return self._b  # type: ignore[no-any-return]
        return (self._a,) if self._b is None else (self._a, self._b)

    @property
    def partials(self) -> tuple[float, ...]:
        """d self / d operand for each operand, computed when this node was made."""
        if self._operation is None:
            return ()
        if self._a is None:
            return self._db  # type: ignore[no-any-return]
        return (self._da,) if self._b is None else (self._da, self._db)

    @property
    def _prev(self: N) -> set[N]:
        """The operands as a set, as micrograd has them."""
        return set(self.operands)

    @property
    def _children(self: N) -> tuple[N, ...]:
        """The operands, as microgpt calls them."""
        return self.operands

    @property
    def _local_grads(self) -> tuple[float, ...]:
        """The partials, as microgpt calls them."""
        return self.partials

    @property
    def _op(self) -> str:
        """The operation's symbol, as in micrograd; "" for a leaf."""
        return symbol(self)

    @property
    def _backward(self) -> Callable[[], None]:
        """Passes the gradient on to the operands, for a program that sorts by itself."""
        return partial(pass_on, self)

    @_backward.setter
    def _backward(self, closure: Any) -> None:
        raise no_closure()

    @property
    def _attributes(self) -> dict[str, Any]:
        """The attributes that a program has set on this node."""
        return own(vars(self))

    if sys.platform == "emscripten":
        __del__ = hand_over_operands

    def __repr__(self) -> str:
        op = "" if self._operation is None else f", op={self._operation.name}"
        label = f", label={self.label!r}" if self.label else ""
        return f"{type(self).__name__}({self._data!r}, grad={self._grad!r}{op}{label})"


def with_attributes(nodes: Iterable[N]) -> list[N]:
    """Those on which the program has set attributes."""
    return [node for node in nodes if vars(node) and own(vars(node))]


def was_compared(node: Node) -> bool:
    """Whether the program has compared this node, or converted it to bool.

    `record` warns of it: the program may have chosen by this node what to compute, and its
    graph holds only what was chosen, which on other inputs may be wrong.
    """
    return getattr(node, "_asked", False)
