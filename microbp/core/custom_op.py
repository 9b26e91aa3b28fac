"""Custom operations: the user states a value and its partials, as the table does."""

from __future__ import annotations

import warnings
from functools import wraps
from types import CodeType
from typing import Any, Protocol, overload

from microbp._support.coerce import number, shown
from microbp.core import floats
from microbp.core.engine import Value, call
from microbp.core.ops import CUSTOM, Domain, Formula, Op, table

_own: dict[str, Op] = {}

_FORMULA = {
    "value": "a function such as lambda m, x: m.exp(x)",
    "partials": "a function such as lambda m, y, x: (y,)",
    "kinks": "a function such as lambda m, x: x",
}


class CustomFunction(Protocol):
    """A custom operation as a function: numbers alone give a float, with a Value it is a Value."""

    # An overlap for no operands at all, which no operation has.
    @overload
    def __call__(self, *operands: float) -> float: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, *operands: Value | float) -> Value: ...


def operation(
    name: str,
    *,
    value: Formula,
    partials: Formula,
    symbol: str | None = None,
    domain: Domain | None = None,
    kinks: Formula | None = None,
) -> CustomFunction:
    """Make a custom operation: a function of Values or numbers, like those of microbp.

    `value(m, *operands)` and `partials(m, y, *operands)` are written as those of
    `microbp.core.ops`: with Python's operators, and with functions of the namespace m (m.exp,
    m.log, ...) instead of those of `math`, so that they also serve for higher derivatives and
    for checks.
    Nothing checks the partials until you do: see `microbp.gradcheck`.

    `symbol` is what a picture shows. `domain` is where there is a value, a sentence and a test:
    Domain("halves are of numbers above 0", lambda x: x > 0.0). `kinks(m, *operands)` is zero
    just where a derivative jumps, as x does for relu(x).

    >>> square = operation("square", value=lambda m, a: a * a, partials=lambda m, y, a: (2 * a,))
    >>> square(3.0)
    9.0
    >>> from microbp import Value
    >>> x = Value(3.0)
    >>> square(x).backward()
    >>> x.grad
    6.0

    Raises ValueError for a name of the table, and warns where another custom operation
    of that name is replaced. TypeError where the formulas are not functions.
    """
    if not isinstance(name, str) or not name.isidentifier():
        raise ValueError(f"operation: expected a name like a variable's, got {shown(name)}")
    if (name in table and name not in _own) or name == CUSTOM.name:
        raise ValueError(f"operation: {name!r} is an operation of microbp; choose another name")
    formulas = {"value": value, "partials": partials, "kinks": kinks}
    for argument, formula in formulas.items():
        if not callable(formula) and (argument != "kinks" or formula is not None):
            raise TypeError(
                f"operation {name}: {argument}: expected {_FORMULA[argument]}, got {shown(formula)}"
            )
    if symbol is not None and not isinstance(symbol, str):
        raise TypeError(f"operation {name}: symbol: expected a string, got {shown(symbol)}")
    if domain is not None and not (isinstance(domain, Domain) and callable(domain.holds)):
        raise TypeError(f"operation {name}: expected Domain(sentence, test), got {shown(domain)}")

    @wraps(value)
    def real_value(m: Any, *operands: Any) -> Any:
        y = value(m, *operands)
        return number(y, name) if m is floats else y

    @wraps(partials)
    def counted_partials(m: Any, y: Any, *operands: Any) -> tuple[Any, ...]:
        found = partials(m, y, *operands)
        if not isinstance(found, (tuple, list)):
            raise TypeError(
                f"{name}: expected partials to give a tuple of one for each operand, got "
                f"{shown(found)}: write (partial,) for a single one"
            )
        found = tuple(found)
        if len(found) != len(operands):
            raise ValueError(f"{name}: {len(found)} partials for {len(operands)} operands")
        return tuple(number(partial, name) for partial in found) if m is floats else found

    op = Op(name, symbol or name, real_value, counted_partials, domain, kinks)
    if name in _own and not _same_code(_own[name], op):
        warnings.warn(f"operation {name!r} replaces another of that name", stacklevel=2)
    _own[name] = table[name] = op

    def function(*operands: Any) -> Any:
        if op.arity is not None and len(operands) != op.arity:
            raise TypeError(f"{name}: expected {op.arity} operands, got {len(operands)}")
        return call(op, *operands)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = value.__doc__
    return function


def _same_code(old: Op, new: Op) -> bool:
    """Whether two operations were made by the same lines, as when a notebook cell runs again."""
    return all(
        _code(getattr(old, part)) == _code(getattr(new, part)) for part in ("value", "partials")
    )


def _code(formula: Formula) -> CodeType | None:
    return getattr(getattr(formula, "__wrapped__", formula), "__code__", None)
