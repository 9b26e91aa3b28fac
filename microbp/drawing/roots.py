"""Which Values to draw: those given, in lists or not, or the outputs of a net for its inputs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

from microbp._support.coerce import shown
from microbp.core.engine import Value


def is_net(given: object) -> bool:
    """Whether this is called as a `microbp.nn.Net` is, which this layer can't import."""
    return callable(given) and hasattr(given, "activities") and hasattr(given, "inputs")


def roots(given: Sequence[object], where: str) -> list[Value]:
    """The Values in these arguments, in order: lists of them too, and the outputs of nets.

    What comes after a net, and is neither a Value nor another net, is its inputs; without, they
    are 0. Raises TypeError for anything else, naming the function `where`.
    """
    found = list(_flat(given, where))
    if not found:
        raise TypeError(f"{where}: expected one or more Values, got none")
    return found


def _flat(given: Sequence[Any], where: str) -> Iterator[Value]:
    rest = deque(given)
    while rest:
        x = rest.popleft()
        if isinstance(x, Value):
            yield x
        elif isinstance(x, (list, tuple)):
            yield from _flat(x, where)
        elif str(getattr(x, "dtype", "")) == "object":  # an array of Values
            yield from _flat(x.ravel().tolist(), where)
        elif is_net(x):
            inputs: Any = {name: [0.0] * size for name, size in x.inputs.items()}
            if rest and not isinstance(rest[0], Value) and not is_net(rest[0]):
                inputs = rest.popleft()
            yield from _flat(x(inputs), where)
        else:
            text = f"{where}: expected Values or a net, got {shown(x)}"
            raise TypeError(f"{text}: call it, {where}(f(x))" if callable(x) else text)
