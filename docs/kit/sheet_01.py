"""Notebook 1 on paper: a graph that splits and meets again, by its paths and by a reverse sweep."""

from __future__ import annotations

from kit import sweep
from kit.blanks import Copy, number, paragraph
from microbp import Value


def diamond() -> list[Value]:
    """The notebook's graph: its operations, the root first."""
    x = Value(1.0, "x")
    h = 2 * x
    u = h + 1
    v = 3 * h
    y = u * v
    h.label, u.label, v.label, y.label = "h", "u", "v", "y"
    return [y, u, v, h]


def body(copy: Copy) -> str:
    """The arrows' partials, the two paths, the reverse sweep, and what goes wrong without order."""
    order = diamond()
    table = sweep.backward(copy, order)
    y, u, v, h = order
    paths = {
        node.label: (h.partials[1], node.partials[node.operands.index(h)], partial)
        for node, partial in zip((u, v), y.partials, strict=True)
    }
    slopes = {name: a * b * c for name, (a, b, c) in paths.items()}
    lines = [
        f"<p>through <code>{name}</code>: {copy.blank(' · '.join(map(number, factors)), 3)} = "
        f"{copy.blank(number(slopes[name]))}</p>"
        for name, factors in paths.items()
    ]
    (x,) = (operand for operand in h.operands if operand.label)
    early = f"{number(slopes['u'])}, the path through u alone"
    return "\n".join(
        [
            paragraph("`x` = 1, and `h = 2 * x`, `u = h + 1`, `v = 3 * h`, `y = u * v`."),
            copy.graph(diamond()[0]),
            paragraph(
                "Write into the boxes: the data of each operation, and beside each arrow its "
                "partial, which is how fast the result changes with this one operand."
            ),
            "<h2>Path by path</h2>",
            paragraph("Multiply the partials along each path from `x` to `y`, and add the paths."),
            *lines,
            f"<p>dy/dx = {copy.blank(number(x.grad))}</p>",
            "<h2>Each node once</h2>",
            paragraph(
                "Now go back from `y`, whose adjoint is 1. A node passes on its adjoint times the "
                "partial, and the operand adds it to what it has."
            ),
            table,
            "<h2>Too early</h2>",
            paragraph(
                "A program lets `h` have its turn as soon as `u` has told it something, and never "
                "again. What does it find for dy/dx, and what is missing?"
            ),
            copy.lines(
                f"{early}. What v passes on to h, {number(h.grad - u.grad)}, comes too late: "
                "h spoke before it had heard everyone.",
                2,
            ),
        ]
    )
