"""Notebook 2 on paper: its two tables, and those of its first exercise."""

from __future__ import annotations

from kit import sweep
from kit.blanks import Copy, number, paragraph
from microbp import Value


def square_of_a_unit() -> list[Value]:
    """The graph of the notebook's tables: its operations, the root first."""
    w, x, b = Value(3.0, "w"), Value(2.0, "x"), Value(-4.0, "b")
    h = w * x
    s = h + b
    error = s * s
    h.label, s.label, error.label = "h", "s", "E"
    return [error, s, h]


def difference_times_sum(at: float = 3.0) -> list[Value]:
    """The graph of the exercise, or with another `p`."""
    p, q = Value(at, "p"), Value(2.0, "q")
    d = p - q
    t = p + q
    error = d * t
    d.label, t.label, error.label = "d", "t", "E"
    return [error, t, d]


def reverse_sweep(copy: Copy) -> str:
    """The notebook's tables, with the names of the nodes in them."""
    order = square_of_a_unit()
    tables = [sweep.forward(copy, order), sweep.backward(copy, order)]
    leaves = [order[2].operands[0], order[2].operands[1], order[1].operands[1]]
    found = [f"dE/d{leaf.label} = {copy.blank(number(leaf.grad))}" for leaf in leaves]
    return "\n".join(
        [
            paragraph("`w` = 3, `x` = 2, `b` = −4, and `h = w * x`, `s = h + b`, `E = s * s`."),
            copy.graph(square_of_a_unit()[0]),
            "<h2>Forward</h2>",
            paragraph("Each operation’s result, and how fast it changes with each operand."),
            tables[0],
            "<h2>Backward</h2>",
            paragraph(
                "`E` begins with the adjoint 1. A node passes on its adjoint times the partial, "
                "and the operand adds it to what it has."
            ),
            tables[1],
            f"<p>{', &emsp;'.join(found)}</p>",
            "<p>If <code>w</code> goes up from 3 to 3.001, by how much does <code>E</code> change, "
            f"nearly? {copy.blank(number(0.001 * leaves[0].grad))}</p>",
        ]
    )


def by_hand(copy: Copy) -> str:
    """The same for the exercise: the names, too, are to be found."""
    order = difference_times_sum()
    tables = [sweep.forward(copy, order, named=False), sweep.backward(copy, order, named=False)]
    (error, t, d), (p, q) = order, order[1].operands
    found = [f"dE/d{node.label} = {copy.blank(number(node.grad))}" for node in (d, t, p, q)]
    changed = difference_times_sum(3.01)[0].data - error.data
    return "\n".join(
        [
            paragraph("`p` = 3, `q` = 2, and `d = p - q`, `t = p + q`, `E = d * t`."),
            copy.graph(difference_times_sum()[0]),
            "<h2>Forward</h2>",
            tables[0],
            "<h2>Backward</h2>",
            tables[1],
            f"<p>{', &emsp;'.join(found)}</p>",
            "<h2>Is it true?</h2>",
            "<p>Compute <code>E</code> once more, with <code>p</code> = 3.01. How far has it "
            f"moved, for each 0.01? {copy.blank(number(changed / 0.01))}</p>",
            paragraph("Which adjoint should this be near to, and why isn’t it exactly that?"),
            copy.lines(
                f"dE/dp = {number(p.grad)}. E is no straight line in p: its slope changes a little "
                "on the way from 3 to 3.01.",
                2,
            ),
        ]
    )
