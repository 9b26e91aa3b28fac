"""Formulas as users type them, parsed without evaluating them as Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from microbp._support.coerce import number, shown
from microbp._support.suggest import did_you_mean
from microbp.core import functions
from microbp.core.engine import call
from microbp.core.ops import table

LONGEST = 2000
"""Characters of a formula; a longer one could nest too deeply for Python's parser."""

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


class FormulaError(ValueError):
    """A formula that can't be parsed; the message shows the place."""


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
    _root: ast.expr

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """The value of the formula; DomainError where it has none."""
        return _value(self._root, values)


def read(text: str) -> TypedFormula:
    """Parse a formula: numbers, names, + - * / **, and the operations of microbp as functions.

    `dot` takes two lists and an optional bias; `total` and `logsumexp` take one list.
    Anything else raises a FormulaError that points at the place.
    """
    text = " ".join(text.split())
    if len(text) > LONGEST:
        raise FormulaError(f"a formula of {len(text)} characters; at most {LONGEST} are read")
    try:
        root = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        place = (error.offset or len(text) + 1) - 1
        raise _pointing(text, place, _unread(text)) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"can't read the formula: {error}") from None
    names: dict[str, None] = {}
    try:
        _check(root, text, names)
    except RecursionError:
        raise FormulaError("the formula is nested too deeply") from None
    return TypedFormula(text, tuple(names), root)


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


def _check(node: ast.AST, text: str, names: dict[str, None], in_call: bool = False) -> None:
    """Walk the tree and collect its names; FormulaError at the first thing not allowed."""

    def fail(why: str, byte: int | None = None) -> FormulaError:
        # ast counts bytes, users count characters
        start = getattr(node, "col_offset", 0) if byte is None else byte
        return _pointing(text, len(text.encode()[:start].decode()), why)

    if isinstance(node, ast.Constant):
        if type(node.value) not in (int, float):
            raise fail(f"expected a number, got {shown(node.value)}")
        try:
            number(node.value, "a number")
        except ValueError as error:
            raise fail(str(error)) from None
    elif isinstance(node, ast.Name):
        if node.id in table:
            raise fail(f"{node.id} is a function; expected {node.id}(...)")
        names[node.id] = None
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        _check(node.left, text, names)
        _check(node.right, text, names)
    elif isinstance(node, ast.BinOp) and type(node.op) is ast.BitXor:
        raise fail("^ is no operation here: write ** for a power, as in x**2", _caret(node, text))
    elif isinstance(node, ast.UnaryOp) and type(node.op) in (ast.UAdd, ast.USub):
        _check(node.operand, text, names)
    elif isinstance(node, ast.List) and in_call:
        for part in node.elts:
            _check(part, text, names)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        name = node.func.id
        if name not in table:
            meant = (
                did_you_mean(name, table, _ELSEWHERE) or f"; there are {', '.join(sorted(table))}"
            )
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
            _check(part, text, names, in_call=True)
    else:
        raise fail("expected numbers, names, + - * / ** and functions of microbp only")


def _caret(node: ast.BinOp, text: str) -> int:
    """The byte of the operator between two operands, which may be in parentheses."""
    assert node.left.end_col_offset is not None
    return text.encode().index(b"^", node.left.end_col_offset)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    """The value of a tree that `_check` has passed."""
    if isinstance(node, ast.Constant):
        return number(node.value, "formula")
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.List):
        return [_value(part, values) for part in node.elts]
    if isinstance(node, ast.UnaryOp):
        operand = _value(node.operand, values)
        return operand if isinstance(node.op, ast.UAdd) else call(table["neg"], operand)
    if isinstance(node, ast.BinOp):
        operands = [_value(node.left, values), _value(node.right, values)]
        return call(table[_OPERATORS[type(node.op)]], *operands)
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    operands = [_value(part, values) for part in node.args]
    name = node.func.id
    if name in _OF_LISTS:
        return _OF_LISTS[name](*operands)
    return call(table[name], *operands)


def _pointing(text: str, column: int, why: str) -> FormulaError:
    return FormulaError(f"{why}\n  {text}\n  {' ' * column}^")
