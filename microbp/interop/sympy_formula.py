"""A graph of Values as one formula of SymPy."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from microbp._support.coerce import shown, whole_number
from microbp._support.packages import how_to_install
from microbp.core.engine import Value
from microbp.core.ops import LEAK, Formula, Op
from microbp.core.toposort import operands_first

if TYPE_CHECKING:
    import sympy

MAX_SIZE = 2_000
"""The most leaves and operations in a formula, those counted again that it shows again."""
FRAMES_A_LEVEL = 10
"""How many Python calls inside each other SymPy makes for a level, to print or differentiate it."""


def to_sympy(value: Value, *, max_size: int = MAX_SIZE) -> sympy.Expr:
    """The graph below a Value as a formula of SymPy, in which leaves with a label are symbols.

    Leaves without a label are numbers, and so is what is computed from such alone. A label is a
    name and nothing else, whatever it holds; where several leaves have the same, the second is
    called x_2 for x, and so on. Labels of operations don't matter.

    >>> from microbp import Value, tanh
    >>> w, x = Value(0.5, "w"), Value(2.0, "x")
    >>> formula = to_sympy(tanh(w * x) ** 2 + 1)
    >>> formula
    tanh(w*x)**2 + 1
    >>> formula.diff("x")
    2*w*(1 - tanh(w*x)**2)*tanh(w*x)

    A notebook shows a formula as mathematics; `sympy.latex(formula)` is the LaTeX for it. The
    derivative is that of a backward pass, at kinks apart: SymPy has 1/2 for relu's at 0.

    A formula shows a node once for each use. One of more than `max_size` leaves and operations is
    refused with ValueError, as is one nested deeper than SymPy can take: a tenth of Python's
    recursion limit. TypeError where a custom operation isn't written for every namespace m, or for
    anything but a Value; ImportError where there is no SymPy.
    """
    if not isinstance(value, Value):
        hint = ": write to_sympy(net(inputs)[0])" if hasattr(value, "parameters") else ""
        if isinstance(value, (list, tuple)):
            hint = ": write [to_sympy(y) for y in values]"
        raise TypeError(f"to_sympy: expected a Value, got {shown(value)}{hint}")
    max_size = whole_number(max_size, "to_sympy: max_size", 1)
    try:
        from microbp.interop import sympy_namespace as m
    except ImportError:
        raise ImportError(
            "to_sympy needs SymPy, which is not installed: "
            + how_to_install("sympy", "'microbp[sympy]'")
        ) from None
    nodes = operands_first(value)
    _check_size(nodes, max_size)
    symbols = _symbols([node for node in nodes if node.op is None and node.label])
    found: dict[Value, Any] = {}  # a float where no symbol is below, else a formula
    depths: dict[Any, int] = {}
    for node in nodes:
        if node.op is None:
            found[node] = symbols.get(node, node.data)
            continue
        operands = [found[operand] for operand in node.operands]
        if all(isinstance(operand, float) for operand in operands):
            found[node] = node.data
        else:
            formulas = [m.number(x) if isinstance(x, float) else x for x in operands]
            found[node] = _formula(m, node.op, formulas)
            _check_depth(found[node], depths)
    result = found[value]
    return m.number(result) if isinstance(result, float) else result


def _check_size(nodes: Sequence[Value], max_size: int) -> None:
    """Refuse a graph whose formula has more leaves and operations than that; the root is last."""
    size: dict[Value, int] = {}
    for node in nodes:
        size[node] = 1 + sum(size[operand] for operand in node.operands)
        if size[node] > max_size:  # here, as sizes can double with each node
            raise ValueError(
                f"to_sympy: {nodes[-1]!r} is a formula of more than {max_size:,} leaves and "
                f"operations; take a smaller part of the graph, or a larger max_size"
            )


def _check_depth(formula: Any, depths: dict[Any, int]) -> None:
    """Refuse a formula that SymPy, which works by recursion, could neither print nor differentiate.

    `depths` has the depths of the formulas within, and is added to.
    """
    stack = [formula]
    while stack:
        inner = stack[-1]
        new = [part for part in inner.args if part not in depths]
        stack.extend(new)
        if not new:
            depths[inner] = 1 + max((depths[part] for part in inner.args), default=0)
            stack.pop()
    if depths[formula] > sys.getrecursionlimit() // FRAMES_A_LEVEL:
        raise ValueError(
            f"to_sympy: the formula is nested {depths[formula]} levels deep, which "
            f"is more than SymPy can take, unless you call sys.setrecursionlimit"
        )


def _symbols(leaves: Iterable[Value]) -> dict[Value, Any]:
    """A symbol for each, named by its label; a number is added where that is taken."""
    import sympy

    leaves = list(leaves)
    taken = {leaf.label for leaf in leaves}
    seen = set[str]()
    symbols = {}
    for leaf in leaves:
        name = leaf.label
        if name in seen:
            number = 2
            while (name := f"{leaf.label}_{number}") in taken:
                number += 1
        seen.add(name)
        taken.add(name)
        symbols[leaf] = sympy.Symbol(name)
    return symbols


_READABLE: dict[str, Formula] = {
    "abs": lambda m, x: m.absolute(x),
    "where_positive": lambda m, c, a, b: m.where_positive(c, a, b),
    "leaky_relu": lambda m, x: m.maximum(m.number(LEAK) * x, x),
    "silu": lambda m, x: x * m.sigmoid(x),
    "gelu": lambda m, x: x * (1 + m.erf(x / m.sqrt(2))) / 2,
    "largest": lambda m, *xs: m.largest(*xs),
    "smallest": lambda m, *xs: m.smallest(*xs),
    "total": lambda m, *xs: m.total(*xs),
    "dot": lambda m, *xs: m.dot(*xs),
}
"""Where the table's formula serves numbers better than readers."""


def _formula(m: Any, op: Op, operands: Sequence[Any]) -> Any:
    """The operation's value as a formula; TypeError where it has none."""
    try:
        y = _READABLE.get(op.name, op.value)(m, *operands)
        return m.rounded(m.number(y) if isinstance(y, (int, float)) else y)
    except Exception as problem:  # a custom operation may do anything with a symbol
        raise TypeError(
            f"to_sympy: {op.name} has no formula here ({problem}); a custom operation's value has "
            f"to be written for every namespace m, with functions of m, and m.where for a Python if"
        ) from problem
