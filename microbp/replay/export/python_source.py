"""A recording as Python that people read: the forward and the backward pass, a line an operation.

The text is a module of its own, for floats and for NumPy arrays, and needs nothing but NumPy.
Labels become the names of variables where they make identifiers; they are nowhere else in it.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from microbp.core import ops
from microbp.core.ops import Op
from microbp.replay.export.python_templates import (
    FROM_NUMPY,
    HELPERS,
    OF_MANY,
    SPELLINGS,
    SQUARE,
    Spelling,
)
from microbp.replay.recording import Recording

WIDTH = 100
MOST_TERMS = 200
"""Terms of a sum in one expression; Python's compiler nests only so deep."""
LONGEST_NAME = 40
WORDS = frozenset(
    [
        *(*dir(builtins), *keyword.kwlist, *keyword.softkwlist, *FROM_NUMPY, *HELPERS),
        *("forward", "backward", "seeds", "math", "numpy"),
    ]
)
"""What no variable may be called."""

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
    """The text; ValueError where an operation of one's own is in it, which has no text."""
    for op in recording.ops:
        if op not in SPELLINGS and op not in OF_MANY:
            raise ValueError(
                f"source: {op.name} is an operation of your own; its formula is a function, "
                "and can't be printed"
            )
    text = _Text(recording, several)
    body = "\n".join([*text.forward(), "", "", *text.backward(), ""])
    helpers = _helpers_used(body)
    code = "".join(f"\n{HELPERS[name]}" for name in helpers)
    names = sorted(_names_in(code + body).intersection(FROM_NUMPY))
    imports = ["import math", ""] if "erf" in helpers else []
    if names:
        imports.extend(
            _wrapped("from numpy import ", names, ",", around=("", ""), broken=("(", ")"))
        )
    head = "\n".join([HEAD, *imports, ""]) if imports else HEAD
    return f"{head}{code}\n\n{body}"


def _helpers_used(body: str) -> list[str]:
    """The helpers that the text needs, and those that these need."""
    found = _names_in(body).intersection(HELPERS)
    for name in list(found):
        found |= _names_in(HELPERS[name]).intersection(HELPERS)
    return [name for name in HELPERS if name in found]


def _names_in(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


class _Text:
    """The two functions, line by line."""

    def __init__(self, recording: Recording, several: bool) -> None:
        self.recording = recording
        self.several = several
        self.names = _variables(recording)
        self.moves = _moves(recording)
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
            f"{self.names[i]}={_literal(p.data)}"
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
            elif op is ops.LOGSUMEXP:
                yield from _wrapped(f"    {y} = logsumexp", xs, ",")
            else:
                yield f"    {y} = {_filled(self._spelling(op, operands).value, xs)}"

    def _backward_lines(self) -> Iterator[str]:
        """From the outputs to the leaves: at a node's turn, all that its adjoint sums is known."""
        terms: list[list[str]] = [[] for _ in self.names]
        for i, output in enumerate(self.recording.outputs):
            if self.moves[output]:
                one = f"{self.names[output]}**0"  # 1 in each case, be it infinite or NaN
                terms[output].append(f"seeds[{i}] * {one}" if self.several else one)
        for number, op, operands in reversed(list(self.recording.operations())):
            if not terms[number]:
                continue
            y, xs = self.names[number], [self.names[operand] for operand in operands]
            yield from _sum(f"d_{y}", terms[number])
            if op is ops.LOGSUMEXP:
                yield from _wrapped(f"    p_{y} = softmax", xs, ",")
            elif op not in OF_MANY and (partials := self._spelling(op, operands).partials):
                yield f"    p_{y} = {_filled(partials, xs, y)}"
            for i, operand in enumerate(operands):
                if self.moves[operand]:
                    terms[operand].append(self._passed_back(op, i, operands, y))
        for leaf in self.leaves:
            yield from _sum(f"d_{self.names[leaf]}", terms[leaf])

    def _spelling(self, op: Op, operands: Sequence[int]) -> Spelling:
        """How the operation is written; a power with a fixed exponent more simply than others."""
        b = self.fixed.get(operands[-1], 0.0)
        if op is ops.POW and b == 2.0:
            return SQUARE
        if op is ops.POW and 1.0 <= abs(b) < math.inf:
            passed = f"{{d}} * ({{b}} * power({{a}}, {_operand(b - 1.0)}))"
            return Spelling("power({a}, {b})", (passed,))
        return SPELLINGS[op]

    def _passed_back(self, op: Op, i: int, operands: Sequence[int], y: str) -> str:
        """What the operation that made y passes back to its operand number i."""
        if op is ops.DOT and i < len(operands) - 1:
            half = len(operands) // 2
            return f"d_{y} * {self.names[operands[i + half if i < half else i - half]]}"
        if op is ops.LOGSUMEXP:
            return f"d_{y} * p_{y}[{i}]"
        if op in OF_MANY:
            return f"d_{y}"
        xs = [self.names[operand] for operand in operands]
        return _filled(self._spelling(op, operands).passes_back[i], xs, y)


def _filled(template: str, xs: Sequence[str], y: str = "") -> str:
    return template.format(**dict(zip("abc", xs, strict=False)), y=y, d=f"d_{y}", p=f"p_{y}")


def _sum(name: str, terms: Sequence[str]) -> list[str]:
    """An assignment of the sum of the terms, from left to right; of long ones, in several."""
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
    """A statement on one line, if it fits; else its pieces fill lines of their own."""
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


def _moves(recording: Recording) -> list[bool]:
    """For each node whether it depends on an input or a parameter."""
    leaves = recording.inputs + len(recording.parameters)
    moves = [number < leaves for number in range(recording.leaves)]
    for _, _, operands in recording.operations():
        moves.append(any(moves[operand] for operand in operands))
    return moves


def _literal(x: float) -> str:
    """A number as code: repr, and NumPy's names for what is not finite."""
    return repr(x) if math.isfinite(x) else str(x)


def _operand(x: float) -> str:
    """A number as code within an expression."""
    return f"({_literal(x)})" if math.copysign(1.0, x) < 0.0 else _literal(x)


def _variables(recording: Recording) -> list[str]:
    """What each node is called; constants are written out as numbers."""
    names = [""] * (recording.leaves + len(recording.code))
    first = recording.inputs + len(recording.parameters)
    for i, x in enumerate(recording.constants, first):
        names[i] = _operand(x)
    taken, tries = set(WORDS), Counter[str]()
    for i, label in sorted(recording.labels.items()):
        wish = "" if first <= i < recording.leaves else _identifier(label)
        if wish:
            names[i] = _free(wish, taken, tries)
    numbers = Counter[str]()
    kinds = ["x"] * recording.inputs + ["w"] * len(recording.parameters)
    kinds += ["c"] * len(recording.constants)
    kinds += ["h" if op is ops.DOT else "y" for _, op, _ in recording.operations()]
    for i, kind in enumerate(kinds):
        if not names[i] or i < first:
            numbers[kind] += 1
        if not names[i]:
            names[i] = _free(f"{kind}{numbers[kind]}", taken, tries)
    return names


def _identifier(label: str) -> str:
    """A name that reads like the label: w_hidden1_x1 for w[hidden1,x1]; empty where there is none.

    Python takes identifiers that Unicode calls compatible for the same, so they are made so here.
    """
    words = re.sub(r"\W+", "_", unicodedata.normalize("NFKC", label[:LONGEST_NAME]))
    name = unicodedata.normalize("NFKC", words).strip("_")
    return name if name.isidentifier() else ""


def _free(wish: str, taken: set[str], tries: Counter[str]) -> str:
    """A name like the one wished for, that nothing has yet, nor its adjoint or partials."""
    name = wish
    while taken.intersection((name, f"d_{name}", f"p_{name}")):
        tries[wish] += 1
        name = f"{wish}_{tries[wish] + 1}"
    taken.update((name, f"d_{name}", f"p_{name}"))
    return name
