"""A recording as the text of a Python module: a forward and a backward pass, a line an operation.

The module takes floats and NumPy arrays, and needs nothing but NumPy. Labels appear in it only as
names of variables, where they make identifiers.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from microbp.core import ops
from microbp.core.ops import Op
from microbp.replay.export.python_formula import template_of
from microbp.replay.export.python_names import literal, operand_literal, variables
from microbp.replay.export.python_templates import (
    FROM_NUMPY,
    HELPERS,
    OF_MANY,
    SQUARE,
    TEMPLATES,
    Template,
)
from microbp.replay.recording import Recording

WIDTH = 100
STEEP = frozenset([ops.SQRT, ops.CBRT, ops.POW, ops.ASIN, ops.ACOS, ops.ACOSH])
"""Operations with a partial that is infinite somewhere in their domain; powers from 1 on aside."""
MOST_TERMS = 200
"""Terms of a sum in one expression; Python's compiler nests only so deep."""

HEAD = '''\
"""A graph that microbp recorded, as a forward and a backward pass: each line is an operation.

Both take floats, or NumPy arrays with a number for each case. Where an operation has no value or
overflows, NumPy warns; a division of floats by zero is Python's ZeroDivisionError.
"""
'''
FORWARD = {True: ['    """The outputs."""'], False: ['    """The output."""']}
BACKWARD = {
    True: [
        '    """The outputs, and derivatives with respect to every input and parameter.',
        "",
        "    They are of the sum of the outputs, each times its seed; of the first output where no",
        "    seeds are given.",
        '    """',
    ],
    False: ['    """The output, and its derivatives with respect to every input and parameter."""'],
}
ADJOINTS = [
    "",
    "    # Backward pass. The adjoint d_v is the derivative of the output with respect to v:",
    "    # the sum of what the operations on v pass back, each its adjoint times its partial.",
    "    # The output's own adjoint is 1.",
]


def source(recording: Recording, *, several: bool) -> str:
    """The text; ValueError for custom operations, whose formulas can't be printed."""
    for op in recording.ops:
        if not op.builtin:
            raise ValueError(
                f"source: {op.name} is a custom operation; its formula is a function, and can't be "
                "printed"
            )
    text = _Text(recording, several)
    body = "\n".join([*text.forward(), "", "", *text.backward(), ""])
    helpers = _helpers_used(body)
    code = "".join(f"\n{HELPERS[name]}" for name in helpers)
    names = sorted(_names_in(code + body).intersection(FROM_NUMPY))
    imports = ["import math", ""] if "math." in code else []
    if names:
        imports.extend(
            _wrapped("from numpy import ", names, ",", around=("", ""), broken=("(", ")"))
        )
    head = "\n".join([HEAD, *imports, ""]) if imports else HEAD
    return f"{head}{code}\n\n{body}"


def _helpers_used(body: str) -> list[str]:
    """The helpers that the text needs, and those that these need."""
    found = set[str]()
    new = _names_in(body).intersection(HELPERS)
    while new:
        found |= new
        new = {used for name in new for used in _names_in(HELPERS[name])} & HELPERS.keys() - found
    return [name for name in HELPERS if name in found]


def _names_in(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


class _Text:
    """The two functions, line by line."""

    def __init__(self, recording: Recording, several: bool) -> None:
        self.recording = recording
        self.several = several
        self.names = variables(recording)
        self.varies = _varies(recording)
        self.leaves = range(recording.inputs + len(recording.parameters))
        self.fixed = dict(enumerate(recording.constants, len(self.leaves)))
        outputs = [self.names[output] for output in recording.outputs]
        self.outputs = outputs[0]
        if several:
            self.outputs = f"({', '.join(outputs)}{',' * (len(outputs) == 1)})"
        self.lines = list(self._forward_lines())

    def forward(self) -> list[str]:
        """The function that computes the outputs."""
        head = [*self._signature("forward"), *FORWARD[self.several]]
        return [*head, *self.lines, f"    return {self.outputs}"]

    def backward(self) -> list[str]:
        """The function that computes them, and then goes back through the graph."""
        more = []
        if self.several:
            rest = ", 0.0" * (len(self.recording.outputs) - 1)
            more.append(f"seeds=(1.0{rest or ','})")
        head = [*self._signature("backward", more), *BACKWARD[self.several]]
        found = [f'"{self.names[leaf]}": d_{self.names[leaf]}' for leaf in self.leaves]
        back = _wrapped(f"    return {self.outputs}, ", found, ",", around=("{", "}"))
        return [*head, *self.lines, *ADJOINTS, *self._backward_lines(), *back]

    def _signature(self, function: str, more: Sequence[str] = ()) -> list[str]:
        inputs = self.recording.inputs
        parameters = [
            f"{self.names[i]}={literal(p.data)}"
            for i, p in enumerate(self.recording.parameters, inputs)
        ]
        taken = [*self.names[:inputs], *parameters, *more]
        return _wrapped(f"def {function}", taken, ",", around=("(", "):"))

    def _forward_lines(self) -> Iterator[str]:
        for number, op, operands in self.recording.operations():
            y, xs = self.names[number], [self.names[operand] for operand in operands]
            if op is ops.DOT:
                half = len(xs) // 2
                terms = [f"{w} * {x}" for w, x in zip(xs[:half], xs[half:-1], strict=True)]
                if not terms or xs[-1] != "0.0":
                    terms.append(xs[-1])
                yield from _sum(y, terms)
            elif op is ops.TOTAL:
                yield from _sum(y, xs)
            elif op in (ops.LOGSUMEXP, ops.LARGEST, ops.SMALLEST):
                yield from _wrapped(f"    {y} = {op.name}", xs, ",")
            else:
                yield f"    {y} = {_filled(self._template(op, operands).value, xs)}"

    def _backward_lines(self) -> Iterator[str]:
        """From the outputs to the leaves, so that all terms of an adjoint precede its own line."""
        terms: list[list[str]] = [[] for _ in self.names]
        steep = [False] * len(self.names)  # whether the adjoint may be infinite at finite numbers
        for i, output in enumerate(self.recording.outputs):
            if self.varies[output]:
                one = f"{self.names[output]}**0"  # 1 in each case, be it infinite or NaN
                terms[output].append(f"seeds[{i}] * {one}" if self.several else one)
        for number, op, operands in reversed(list(self.recording.operations())):
            if not terms[number]:
                continue
            y, xs = self.names[number], [self.names[operand] for operand in operands]
            yield from _sum(f"d_{y}", terms[number])
            if op is ops.LOGSUMEXP:
                yield from _wrapped(f"    p_{y} = softmax", xs, ",")
            elif op in (ops.LARGEST, ops.SMALLEST):
                yield from _wrapped(f"    p_{y} = shared_equally", [y, *xs], ",")
            elif op not in OF_MANY and (partials := self._template(op, operands).partials):
                yield f"    p_{y} = {_filled(partials, xs, y)}"
            for i, operand in enumerate(operands):
                if self.varies[operand]:
                    passed = self._passed_back(op, i, operands, y)
                    terms[operand].append(_careful(passed, y) if steep[number] else passed)
                    steep[operand] |= steep[number] or self._is_steep(op, operands)
        for leaf in self.leaves:
            yield from _sum(f"d_{self.names[leaf]}", terms[leaf])

    def _is_steep(self, op: Op, operands: Sequence[int]) -> bool:
        """Whether a partial may be infinite."""
        return op in STEEP and not (op is ops.POW and self.fixed.get(operands[1], 0.0) >= 1.0)

    def _template(self, op: Op, operands: Sequence[int]) -> Template:
        """How the operation is written; more simply for a power with a constant exponent."""
        b = self.fixed.get(operands[-1], 0.0)
        if op is ops.POW and b == 2.0:
            return SQUARE
        if op is ops.POW and 1.0 <= abs(b) <= ops.ALL_WHOLE:
            passed = f"{{d}} * ({{b}} * power({{a}}, {operand_literal(b - 1.0)}))"
            return Template("power({a}, {b})", (passed,))
        return TEMPLATES.get(op) or template_of(op)

    def _passed_back(self, op: Op, i: int, operands: Sequence[int], y: str) -> str:
        """What the operation that made y passes back to operand i."""
        if op is ops.DOT and i < len(operands) - 1:
            half = len(operands) // 2
            return f"d_{y} * {self.names[operands[i + half if i < half else i - half]]}"
        if op in (ops.LOGSUMEXP, ops.LARGEST, ops.SMALLEST):
            return f"d_{y} * p_{y}[{i}]"
        if op in OF_MANY:
            return f"d_{y}"
        xs = [self.names[operand] for operand in operands]
        return _filled(self._template(op, operands).passes_back[i], xs, y)


def _filled(template: str, xs: Sequence[str], y: str = "") -> str:
    return template.format(**dict(zip("abc", xs, strict=False)), y=y, d=f"d_{y}", p=f"p_{y}")


def _careful(passed: str, y: str) -> str:
    """The same product by `times`, as 0 times infinity is to be 0."""
    sign, factor, partial = passed.partition(f"d_{y} * ")
    if sign not in ("", "-") or not factor:
        return passed
    if partial[0] == "(" and _closes_at(partial) == len(partial) - 1:
        partial = partial[1:-1]
    return f"{sign}times(d_{y}, {partial})"


def _closes_at(code: str) -> int:
    """Where the parenthesis closes that the code begins with."""
    depth = 0
    for place, letter in enumerate(code):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return place
    return -1


def _sum(name: str, terms: Sequence[str]) -> list[str]:
    """An assignment of the sum of the terms, from left to right; several for a long sum."""
    lines = []
    rest = list(terms) or ["0.0"]
    while rest:
        first, *more = rest[:MOST_TERMS]
        pieces = [first] + [f"- {x[1:]}" if x[0] == "-" else f"+ {x}" for x in more]
        lines += _wrapped(f"    {name} = ", pieces, "", around=("", ""), broken=("(", ")"))
        rest = rest[MOST_TERMS:]
        rest = rest and [name, *rest]
    return lines


def _wrapped(
    head: str,
    pieces: Sequence[str],
    comma: str,
    *,
    around: tuple[str, str] = ("(", ")"),
    broken: tuple[str, str] | None = None,
) -> list[str]:
    """A statement on one line if it fits; otherwise its pieces fill indented lines."""
    pieces = [piece + comma for piece in pieces[:-1]] + list(pieces[-1:])
    line = f"{head}{around[0]}{' '.join(pieces)}{around[1]}"
    if len(line) <= WIDTH or not pieces:
        return [line]
    margin = " " * (len(head) - len(head.lstrip()))
    opening, closing = broken or around
    lines = [f"{head}{opening}"]
    row = ""
    for piece in pieces:
        if row and len(f"{margin}    {row} {piece}") > WIDTH:
            lines.append(f"{margin}    {row}")
            row = ""
        row = f"{row} {piece}" if row else piece
    return [*lines, f"{margin}    {row}{comma}", f"{margin}{closing}"]


def _varies(recording: Recording) -> list[bool]:
    """For each node, whether it depends on an input or parameter."""
    leaves = recording.inputs + len(recording.parameters)
    varies = [number < leaves for number in range(recording.leaves)]
    for _, _, operands in recording.operations():
        varies.append(any(varies[operand] for operand in operands))
    return varies
