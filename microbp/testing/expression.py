"""Expressions: graphs as data, to draw, to evaluate for any kind of number, and to print."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from microbp.core import functions
from microbp.core.engine import call
from microbp.core.ops import Op

Step: TypeAlias = tuple[Op, tuple[int, ...]]

INFIX = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}
OF_THREE = {"largest": "maximum", "smallest": "minimum"}
"""What the functions make of three operands or more."""


@dataclass(frozen=True)
class Expression:
    """A graph as data: its nodes are the leaves and then the result of each step.

    A step is an operation and, for each operand, how many nodes back it is: 1 is the latest.
    Called with as many Values or numbers as there are leaves, it computes the root. Its repr is
    the program that does so for its own leaves.

    >>> from microbp.core import ops
    >>> f = Expression((0.5, 3.0), ((ops.MUL, (1, 2)), (ops.TANH, (1,))))
    >>> f(0.0, 1.0)
    0.0
    >>> print(f.program())
    from microbp import Value, tanh
    <BLANKLINE>
    x0 = Value(0.5)
    x1 = Value(3.0)
    y0 = x1 * x0
    y1 = tanh(y0)
    y1.backward()
    """

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]

    def __call__(self, *inputs: Any) -> Any:
        """The root for these inputs; ValueError unless there is one for each leaf."""
        if len(inputs) != len(self.leaves):
            raise ValueError(f"expected {len(self.leaves)} inputs, got {len(inputs)}")
        return self.nodes(inputs)[-1]

    def nodes(self, inputs: Iterable[Any], call: Callable[..., Any] | None = None) -> list[Any]:
        """All nodes, the root last; `call(op, *operands)` computes each, by default as users do."""
        nodes = list(inputs)
        for op, backs in self.steps:
            nodes.append((call or called)(op, *(nodes[-back] for back in backs)))
        return nodes

    def over(self, m: Any, inputs: Iterable[Any]) -> Any:
        """The root, by the operations' formulas over the mathematics namespace `m`."""
        return self.nodes(inputs, lambda op, *operands: op.value(m, *operands))[-1]

    @property
    def names(self) -> list[str]:
        """The names of the leaves in the printed programs: x0, x1, ..."""
        return [f"x{i}" for i in range(len(self.leaves))]

    def program(self) -> str:
        """The program that makes the graph, and runs its backward pass."""
        leaves = [
            f"{x} = Value({number_as_code(data)})"
            for x, data in zip(self.names, self.leaves, strict=True)
        ]
        lines, root = self._lines()
        return "\n".join([*self._imports("Value"), *leaves, *lines, f"{root}.backward()"])

    def check(self, point: Sequence[float]) -> str:
        """The program that checks the derivatives at a point with `gradcheck`."""
        lines, root = self._lines()
        head = [*self._imports("gradcheck"), f"def f({', '.join(self.names)}):"]
        body = [f"    {line}" for line in [*lines, f"return {root}"]]
        inputs = ", ".join(map(number_as_code, point))
        return "\n".join([*head, *body, "", f"print(gradcheck(f, {inputs}))"])

    def __repr__(self) -> str:
        return "\n" + self.program()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis, like IPython, would otherwise print the fields of a dataclass."""
        printer.text(repr(self))

    def _lines(self) -> tuple[list[str], str]:
        """A line for each step, and the name of the root."""
        names, lines = self.names, []
        for i, (op, backs) in enumerate(self.steps):
            lines.append(f"y{i} = {as_code(op, *(names[-back] for back in backs))}")
            names.append(f"y{i}")
        return lines, names[-1]

    def _imports(self, *more: str) -> list[str]:
        """The imports of the program, except for custom operations, which may be anywhere."""
        used = {OF_THREE.get(op.name, op.name) for op, _ in self.steps if op.builtin}
        names = sorted({*more, *used} - {*INFIX, "neg", "abs"})
        return [f"from microbp import {', '.join(names)}", ""]


def called(op: Op, *xs: Any) -> Any:
    """The operation as users call it: by operator, or by a function of microbp."""
    if not op.builtin:
        return call(op, *xs)
    if op.name in INFIX:
        return getattr(operator, {"div": "truediv"}.get(op.name, op.name))(*xs)
    if op.name in ("neg", "abs"):
        return getattr(operator, op.name)(*xs)
    function = getattr(functions, OF_THREE.get(op.name, op.name))
    if op.name == "dot":
        terms = len(xs) // 2
        return function(xs[:terms], xs[terms:-1], xs[-1])
    return function(*xs) if op.arity or op.name in OF_THREE else function(xs)


def as_code(op: Op, *names: str) -> str:
    """`called` as code."""
    listed = ", ".join(names)
    if not op.builtin:
        return f"{op.name}({listed})"
    if op.name in INFIX:
        return f" {INFIX[op.name]} ".join(names)
    if op.name == "neg":
        return f"-{names[0]}"
    if op.name == "dot":
        terms = len(names) // 2
        return f"dot([{', '.join(names[:terms])}], [{', '.join(names[terms:-1])}], {names[-1]})"
    if op.name in OF_THREE:
        return f"{OF_THREE[op.name]}({listed})"
    return f"{op.name}({listed})" if op.arity else f"{op.name}([{listed}])"


def number_as_code(x: float) -> str:
    """A float as code: float('nan') where its repr is not code."""
    return repr(x) if math.isfinite(x) else f"float({str(x)!r})"
