"""Formulas as users type them, parsed without evaluating them as Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from microbp._support.coerce import number, shown
from microbp._support.suggest import did_you_mean
from microbp.core import functions
from microbp.core.engine import call
from microbp.core.ops import table

LONGEST = 2000
"""Characters of a formula; a longer one could nest too deeply for Python's parser."""

AROUND = 60
"""Characters of it that an error shows before the place, and after."""

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.Pow: "pow",
}
_ELSEWHERE = {
    "arccos": "acos",
    "arcsin": "asin",
    "arctan": "atan",
    "arctan2": "atan2",
    "ln": "log",
    "max": "maximum",
    "min": "minimum",
    "power": "pow",
    "sum": "total",
}
"""What others call a function of ours."""

_OF_LISTS: dict[str, Any] = {
    "dot": functions.dot,
    "total": functions.total,
    "logsumexp": functions.logsumexp,
    "largest": lambda xs: call(table["largest"], *xs),
    "smallest": lambda xs: call(table["smallest"], *xs),
}


_ANY_NUMBER = {"dot", "total"}
"""Functions of lists that may be empty."""


class FormulaError(ValueError):
    """A formula that can't be parsed; the message shows the place."""


class _Call(NamedTuple):
    """A step that calls a function with operands, each a number or a list of so many numbers."""

    function: Callable[..., Any]
    lengths: tuple[int | None, ...]


_Step: TypeAlias = "float | str | _Call"
"""A constant, a name or a call: in a formula after what it needs, so that a stack computes it."""


@dataclass(frozen=True)
class TypedFormula:
    """A parsed formula: call it with a number or Value for each of its names.

    >>> formula = read("sigmoid(w*x + b)**2")
    >>> formula.names
    ('w', 'x', 'b')
    >>> formula({"w": 0.5, "x": 1.0, "b": -0.5})
    0.25
    """

    text: str
    names: tuple[str, ...]
    _steps: Sequence[_Step]

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """The value of the formula; DomainError where it has none."""
        done: list[Any] = []
        for step in self._steps:
            if isinstance(step, _Call):
                operands: list[Any] = []
                for length in reversed(step.lengths):
                    if length is None:
                        operands.append(done.pop())
                    else:
                        first = len(done) - length
                        operands.append(done[first:])
                        del done[first:]
                done.append(step.function(*reversed(operands)))
            else:
                done.append(values[step] if isinstance(step, str) else step)
        return done[0]


def read(text: str) -> TypedFormula:
    """Parse a formula: numbers, names, + - * / **, and the operations of microbp as functions.

    `dot` takes two lists and an optional bias; `total` and `logsumexp` take one list. Names are
    as Python reads them, in Unicode's form NFKC. Anything else raises a FormulaError that points
    at the place.
    """
    text = " ".join(text.split())
    if not text:
        raise FormulaError("the formula is empty")
    if len(text) > LONGEST:
        raise FormulaError(f"a formula of {len(text)} characters; at most {LONGEST} are read")
    try:
        root = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        place = (error.offset or len(text) + 1) - 1
        raise _pointing(text, place, _unread(text)) from None
    except (RecursionError, MemoryError):
        raise FormulaError("the formula is nested too deeply") from None
    except ValueError as error:
        raise FormulaError(f"can't read the formula: {error}") from None
    steps = _steps(root, text)
    names = dict.fromkeys(step for step in steps if isinstance(step, str))
    return TypedFormula(text, tuple(names), steps)


def _unread(text: str) -> str:
    """What is wrong with a formula that Python can't read: its own words differ by version."""
    if "!" in text.replace("!=", ""):
        return "there is no factorial"
    product = re.search(r"(?<![\w.])(\d+\.?\d*)(?!e[-+]?\d)([A-Za-z_(]\w*)", text)
    if product:
        return f"a product needs its sign: write {product[1]}*{product[2]}"
    if text.count("(") != text.count(")"):
        return f"{text.count('(')} opening but {text.count(')')} closing parentheses"
    return "this is not a formula"


def _steps(root: ast.expr, text: str) -> list[_Step]:
    """The steps of a tree, without recursion: it may be as deep as the text is long."""
    steps: list[_Step] = []
    pending: list[_Step | ast.expr] = [root]
    while pending:
        item = pending.pop()
        if isinstance(item, ast.expr):
            pending += reversed(_operands_and_step(item, text))
        else:
            steps.append(item)
    return steps


def _operands_and_step(node: ast.expr, text: str) -> list[_Step | ast.expr]:
    """What to compute for a node, its own step last; FormulaError if it is not allowed."""

    def fail(why: str, byte: int | None = None) -> FormulaError:
        # ast counts bytes, users count characters
        start = node.col_offset if byte is None else byte
        return _pointing(text, len(text.encode()[:start].decode()), why)

    if isinstance(node, ast.Constant):
        if type(node.value) not in (int, float):
            raise fail(f"expected a number, got {shown(node.value)}")
        try:
            return [number(node.value, "a number")]
        except ValueError as error:
            raise fail(str(error)) from None
    if isinstance(node, ast.Name):
        if node.id in table:
            raise fail(f"{node.id} is a function; expected {node.id}(...)")
        return [node.id]
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return [node.left, node.right, _step(_OPERATORS[type(node.op)], None, None)]
    if isinstance(node, ast.BinOp) and type(node.op) is ast.BitXor:
        raise fail("^ is no operation here: write ** for a power, as in x**2", _caret(node, text))
    if isinstance(node, ast.UnaryOp) and type(node.op) is ast.UAdd:
        return [node.operand]
    if isinstance(node, ast.UnaryOp) and type(node.op) is ast.USub:
        return [node.operand, _step("neg", None)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        _check_call(node, node.func.id, fail)
        lists = [part.elts if isinstance(part, ast.List) else None for part in node.args]
        operands = [
            part
            for given, of_list in zip(node.args, lists, strict=True)
            for part in ([given] if of_list is None else of_list)
        ]
        lengths = (None if of_list is None else len(of_list) for of_list in lists)
        return [*operands, _step(node.func.id, *lengths)]
    raise fail("expected numbers, names, + - * / ** and functions of microbp only")


def _check_call(node: ast.Call, name: str, fail: Callable[[str], FormulaError]) -> None:
    """FormulaError unless the function exists and takes these operands."""
    if name not in table:
        meant = did_you_mean(name, table, _ELSEWHERE) or f"; there are {', '.join(sorted(table))}"
        raise fail(f"there is no function {name}{meant}")
    expected = {"dot": (2, 3)}.get(name, (table[name].arity or 1,))
    if node.keywords or len(node.args) not in expected:
        counts = " or ".join(map(str, expected))
        raise fail(f"expected {name} of {counts} operands, got {len(node.args)}")
    for i, part in enumerate(node.args):
        wants_list = name in _OF_LISTS and i < 2
        if wants_list != isinstance(part, ast.List):
            kind = "a list, [a, b]," if wants_list else "no list"
            raise fail(f"expected {kind} for operand {i + 1} of {name}")
    lengths = [len(part.elts) for part in node.args if isinstance(part, ast.List)]
    if len({*lengths}) > 1:
        raise fail(f"expected lists of one length for {name}, got {lengths[0]} and {lengths[1]}")
    if lengths == [0] and name not in _ANY_NUMBER:
        raise fail(f"expected at least one operand of {name}, got an empty list")


def _caret(node: ast.BinOp, text: str) -> int:
    """The byte of the operator between two operands, which may be in parentheses."""
    assert node.left.end_col_offset is not None
    return text.encode().index(b"^", node.left.end_col_offset)


def _step(name: str, *lengths: int | None) -> _Call:
    return _Call(_OF_LISTS.get(name) or partial(call, table[name]), lengths)


def _pointing(text: str, column: int, why: str) -> FormulaError:
    """An error that shows what is around the place."""
    first = max(0, column - AROUND)
    before = "..." if first else ""
    after = "..." if len(text) > column + AROUND else ""
    seen = text[first : column + AROUND]
    place = " " * (len(before) + column - first)
    return FormulaError(f"{why}\n  {before}{seen}{after}\n  {place}^")
