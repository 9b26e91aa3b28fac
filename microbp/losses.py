"""Losses: the error of one case, given the outputs and the targets.

Each takes as many targets as outputs (Values or numbers) and returns one Value; the sum over all
cases is the E of the paper. Raises ValueError where the numbers of outputs and targets differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from microbp._support.coerce import listed
from microbp._support.missing_names import refusing
from microbp.core import engine
from microbp.core.engine import Value, paired
from microbp.core.functions import Scalar, dot, logaddexp, logsumexp, relu, total, where_positive

if not TYPE_CHECKING:
    __getattr__ = refusing(__name__)

Loss: TypeAlias = Callable[[Sequence[Value], Sequence[float]], Value]


def squared_error(outputs: Iterable[Scalar], targets: Iterable[Scalar]) -> Value:
    """1/2 sum_j (y_j - d_j)^2: equation (3) for one case.

    >>> squared_error([0.5, 1.0], [1.0, 0.0]).data
    0.625
    """
    found: Value = engine.squared_error(outputs, targets)
    return found


def banded_squared_error(outputs: Iterable[Scalar], targets: Iterable[Scalar]) -> Value:
    """The squared error beyond the edge of a band: "on" above 0.8 and "off" below 0.2 cost nothing.

    1/2 sum_j (0.8 - y_j)^2 over the units that should be on (d_j = 1) and are below 0.8, plus
    1/2 sum_j (y_j - 0.2)^2 over those that should be off (d_j = 0) and are above 0.2, as in
    the paper's family trees. Raises ValueError for a target other than 0 or 1.

    >>> banded_squared_error([0.3, 0.9], [1, 1]).data
    0.125
    """
    given = listed(targets, "banded_squared_error", "targets")
    outputs, targets = paired("banded_squared_error", outputs, given)
    for d in targets:
        if d.data not in (0.0, 1.0):
            raise ValueError(f"banded_squared_error: expected targets of 0 or 1, got {d.data!r}")
    errors = [relu(_short_of_the_band(y, d)) for y, d in zip(outputs, given, strict=True)]
    return total([e * e for e in errors]) * 0.5


def _short_of_the_band(y: Value, d: Scalar) -> Value:
    """How far an output is on the wrong side of its band's edge; negative on the right side."""
    if isinstance(d, Value):  # its data may change, and the graph must serve both
        return where_positive(d, 0.8 - y, y - 0.2)
    return 0.8 - y if float(d) == 1.0 else y - 0.2


def cross_entropy(outputs: Iterable[Scalar], targets: Iterable[Scalar]) -> Value:
    """-sum_j d_j log p_j, where p is the softmax of the outputs: for one class out of several.

    The outputs are total inputs (activation "linear"; elsewhere: logits). The softmax is part of
    the loss, which then neither overflows nor takes the logarithm of 0. The targets are
    probabilities, usually 1 for the right class and 0 for the others. A confident right answer
    keeps its digits.

    >>> f"{cross_entropy([2.0, 0.0], [1, 0]).data:.4f}"
    '0.1269'
    >>> cross_entropy([50.0, 0.0], [1, 0]).data
    1.9287498479639178e-22
    """
    outputs, targets = paired("cross_entropy", outputs, targets)
    if not outputs:
        raise ValueError("cross_entropy: expected an output for each class, got none")
    expected, whole = dot(targets, outputs), total(targets)
    # The log of the sum of exp(x_k - expected), and not its difference from `expected`.
    return logsumexp(_ahead(outputs, targets)) * whole + (whole - 1.0) * expected


MANY = 32
"""Classes beyond which `cross_entropy` does not take the square of their number of products."""


def _ahead(outputs: Sequence[Value], targets: Sequence[Value]) -> list[Value]:
    """By how much each output is ahead of sum_j d_j x_j: x_k less that, or one sum of products.

    In the sum, the right class takes no part in its own lead: its derivative keeps its digits.
    """
    if len(outputs) > MANY:
        expected = dot(targets, outputs)
        return [x - expected for x in outputs]
    less, rest = [-d for d in targets], [1.0 - d for d in targets]
    return [dot([*less[:k], rest[k], *less[k + 1 :]], outputs) for k in range(len(outputs))]


def binary_cross_entropy(outputs: Iterable[Scalar], targets: Iterable[Scalar]) -> Value:
    """-sum_j (d_j log y_j + (1 - d_j) log(1 - y_j)), where y = sigmoid(output): for yes or no.

    The outputs are total inputs (activation "linear"), as in `cross_entropy`. A confident right
    answer keeps its digits: softplus(x) - d x would lose them beyond x = 37.

    >>> f"{binary_cross_entropy([2.0], [1]).data:.4f}"
    '0.1269'
    """
    outputs, targets = paired("binary_cross_entropy", outputs, targets)
    pairs = zip(outputs, targets, strict=True)
    return total([logaddexp(-d * x, (1.0 - d) * x) for x, d in pairs])


def hinge(outputs: Iterable[Scalar], targets: Iterable[Scalar]) -> Value:
    """sum_j max(0, 1 - d_j y_j) for targets of -1 and 1: the margin of a support vector machine.

    >>> hinge([0.25, -3.0], [1, -1]).data
    0.75
    """
    outputs, targets = paired("hinge", outputs, targets)
    return total([relu(1.0 - d * y) for y, d in zip(outputs, targets, strict=True)])
