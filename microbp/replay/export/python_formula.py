"""A template for an operation that has none by hand: its formulas, run on code for numbers."""

from __future__ import annotations

from functools import cache
from typing import Any

from microbp.core.ops import Op
from microbp.replay.array_namespace import OTHER_NAME
from microbp.replay.export.python_names import operand_literal
from microbp.replay.export.python_templates import Template


class _Code:
    """An expression as text, from which operators make longer ones."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __neg__(self) -> _Code:
        return _Code(f"(-{self.text})")

    def __abs__(self) -> _Code:
        return _Code(f"abs({self.text})")

    def __pow__(self, b: Any) -> _Code:
        return _Code(f"power({self.text}, {_text(b)})")

    def __rpow__(self, a: Any) -> _Code:
        return _Code(f"power({_text(a)}, {self.text})")


def _add_operator(method: str, symbol: str) -> None:
    setattr(_Code, f"__{method}__", lambda a, b: _Code(f"({_text(a)} {symbol} {_text(b)})"))
    setattr(_Code, f"__r{method}__", lambda b, a: _Code(f"({_text(a)} {symbol} {_text(b)})"))


for _method, _symbol in {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "and": "&", "or": "|",
    "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}.items():  # fmt: skip
    _add_operator(_method, _symbol)


class _Namespace:
    """The namespace `m` of a formula: each function is a call in the text."""

    def __getattr__(self, name: str) -> Any:
        def call(*xs: Any, **options: Any) -> _Code:
            given = [*map(_text, xs), *(f"{key}={_text(x)}" for key, x in options.items())]
            return _Code(f"{OTHER_NAME.get(name, name)}({', '.join(given)})")

        return call

    def divide(self, a: Any, b: Any) -> _Code:
        """As an operator."""
        return _Code(f"({_text(a)} / {_text(b)})")

    def polygamma(self, n: int, x: Any) -> _Code:
        """With a whole number."""
        return _Code(f"polygamma({n}, {_text(x)})")

    def softmax(self, *xs: Any) -> tuple[_Code, ...]:
        """The whole for each share: the text has no room for a name."""
        whole = f"softmax({', '.join(map(_text, xs))})"
        return tuple(_Code(f"{whole}[{i}]") for i in range(len(xs)))


def _text(x: Any) -> str:
    return x.text if isinstance(x, _Code) else operand_literal(float(x))


@cache
def template_of(op: Op) -> Template:
    """The template of an operation with one, two or three operands, from its own formulas.

    Raises ValueError for any number of operands: a template has no room for them.

    >>> from microbp.core import ops
    >>> template_of(ops.SIGMOID).passes_back
    ('times({d}, ({y} * sigmoid((-{a}))))',)
    """
    if op.arity is None or op.arity > 3:
        raise ValueError(f"source: {op.name} has no template, and too many operands to make one")
    m, operands = _Namespace(), [_Code(f"{{{letter}}}") for letter in "abc"[: op.arity]]
    partials = op.partials(m, _Code("{y}"), *operands)
    passes_back = tuple(f"times({{d}}, {_text(partial)})" for partial in partials)
    return Template(_text(op.value(m, *operands)), passes_back)
