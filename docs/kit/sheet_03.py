"""Notebook 3 on paper: equations 1 to 7 for a net of three units."""

from __future__ import annotations

import re

import microbp
from kit.blanks import Copy, factor, number, paragraph, table
from microbp import Value
from microbp.losses import squared_error

NUMBERS = {"w31": 0.8, "w32": 0.6, "b3": -0.1, "w43": 1.5, "b4": -1.0, "w53": -2.0, "b5": 0.5}
INPUTS = {"y1": 1.0, "y2": -0.5}
TARGETS = {"d4": 1.0, "d5": 0.0}
NAME = re.compile(r"([bdwxy])(\d+)")
EXPONENT = re.compile(r"e\^−(\S*</sub>)")


def net() -> dict[str, Value]:
    """The notebook's net, after its backward pass: each weight, bias, total input and output."""
    v = {name: Value(given, name) for name, given in (NUMBERS | INPUTS).items()}
    v["x3"] = microbp.dot([v["w31"], v["w32"]], [v["y1"], v["y2"]], v["b3"])
    v["y3"] = microbp.sigmoid(v["x3"])
    for unit in "45":
        v[f"x{unit}"] = microbp.dot([v[f"w{unit}3"]], [v["y3"]], v[f"b{unit}"])
        v[f"y{unit}"] = microbp.sigmoid(v[f"x{unit}"])
    v["E"] = squared_error([v["y4"], v["y5"]], list(TARGETS.values()))
    v["E"].backward()
    return v


def body(copy: Copy) -> str:
    """Forward, and back again, a line for each number."""
    v = net()
    given = [
        f"<span>{named(name)} = {number(value)}</span>"
        for name, value in (INPUTS | NUMBERS | TARGETS).items()
    ]
    return "\n".join(
        [
            paragraph(
                "Inputs 1 and 2 feed the hidden unit 3, which feeds the output units 4 and 5. "
                "Round to four digits after the point; the last one may be off by one or two."
            ),
            f'<p class="given">{", &ensp; ".join(given)}</p>',
            "<h2>Forward</h2>",
            table(["", "equation", "with numbers", ""], forward(copy, v), "equations"),
            "<h2>Backward</h2>",
            table(["", "equation", "with numbers", ""], backward(copy, v), "equations"),
            paragraph("Which one line of these is there only because a unit feeds two others?"),
            copy.lines("That of equation 7: it adds what comes back from units 4 and 5.", 1),
        ]
    )


def forward(copy: Copy, v: dict[str, Value]) -> list[list[str]]:
    """Equations 1 to 3."""
    d = {name: digits(v[name].data) for name in v}
    f = {name: factor(v[name].data) for name in v}
    total = "{} · {} + {} · {} + {}".format(*(f[n] for n in ("y1", "w31", "y2", "w32", "b3")))
    rows = [
        line(copy, "1", "x3", "y1 w31 + y2 w32 + b3", total, d["x3"]),
        line(copy, "2", "y3", "1 / (1 + e^−x3)", "", d["y3"]),
    ]
    for unit in "45":
        x, y, w, b = f"x{unit}", f"y{unit}", f"w{unit}3", f"b{unit}"
        rows.append(line(copy, "1", x, f"y3 {w} + {b}", f"{d['y3']} · {f[w]} + {f[b]}", d[x]))
        rows.append(line(copy, "2", y, f"1 / (1 + e^−{x})", "", d[y]))
    squares = f"½ (({d['y4']} − 1)² + ({d['y5']} − 0)²)"
    rows.append(line(copy, "3", "E", "½ ((y4 − d4)² + (y5 − d5)²)", squares, d["E"]))
    return rows


def backward(copy: Copy, v: dict[str, Value]) -> list[list[str]]:
    """Equations 4 to 7."""
    d = {name: digits(v[name].data) for name in v}
    g = {name: digits(v[name].grad) for name in v}
    rows = []
    for unit in "45":
        x, y, w, t = f"x{unit}", f"y{unit}", f"w{unit}3", f"d{unit}"
        rows += [
            line(copy, "4", f"dE/d{y}", f"{y} − {t}", f"{d[y]} − {number(TARGETS[t])}", g[y]),
            line(copy, "5", f"dE/d{x}", f"dE/d{y} · {y} (1 − {y})",
                 f"{g[y]} · {d[y]} · {digits(1.0 - v[y].data)}", g[x]),
            line(copy, "6", f"dE/d{w}", f"dE/d{x} · y3", f"{g[x]} · {d['y3']}", g[w]),
        ]  # fmt: skip
    back = " + ".join(f"{g[f'x{unit}']} · {factor(NUMBERS[f'w{unit}3'])}" for unit in "45")
    slope = f"{g['y3']} · {d['y3']} · {digits(1.0 - v['y3'].data)}"
    return [
        *rows,
        line(copy, "7", "dE/dy3", "dE/dx4 · w43 + dE/dx5 · w53", back, g["y3"]),
        line(copy, "5", "dE/dx3", "dE/dy3 · y3 (1 − y3)", slope, g["x3"]),
        line(copy, "6", "dE/dw31", "dE/dx3 · y1", f"{g['x3']} · {number(INPUTS['y1'])}", g["w31"]),
        line(copy, "6", "dE/dw32", "dE/dx3 · y2", f"{g['x3']} · {factor(INPUTS['y2'])}", g["w32"]),
    ]


def line(
    copy: Copy, equation: str, name: str, formula: str, numbers: str, answer: str
) -> list[str]:
    """A row: the equation of the paper, what it says here, with numbers, and what comes out."""
    middle = copy.blank(numbers, 4.2) if numbers else ""
    return [
        f"({equation})",
        f"{named(name)} = {named(formula)}",
        middle,
        f"= {copy.blank(answer, 1.3)}",
    ]


def digits(value: float) -> str:
    """A result, rounded as the sheet asks for."""
    return f"{value:.4f}".replace("-", "−")


def named(formula: str) -> str:
    """A formula in HTML: the digits of names below the line, an exponent above it.

    >>> named("y1 w31 + b3")
    '<i>y</i><sub>1</sub> <i>w</i><sub>31</sub> + <i>b</i><sub>3</sub>'
    """
    subscripted = NAME.sub(r"<i>\1</i><sub>\2</sub>", formula)
    return EXPONENT.sub(r"<i>e</i><sup>−\1</sup>", subscripted).replace("E", "<i>E</i>")
