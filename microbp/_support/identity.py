"""What tells one function from another: its name, what it holds, and its code.

The name and what is held (variables of a closure, defaults, an object's attributes, the arguments
of a partial) are a text, the same in every process and version of Python. The code is a hash apart,
as it changes with edits that don't matter: that of the function's bytecode, of the functions of its
module that it names, and of constants there, such as RATE = 0.1.
"""

from __future__ import annotations

import enum
import functools
import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

LONGEST = 200
"""Characters of a text; a longer one is cut, with a hash of it all."""
MOST = 10_000
"""Objects that are looked at."""

_PLAIN = (bool, int, float, complex, str, bytes, type(None), range)


def digest(data: str | bytes) -> str:
    """A short hash of a text or of bytes."""
    given = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return hashlib.sha256(given).hexdigest()[:16]


class Identity:
    """What a function is, or any other object.

    by_class: types of which only the class counts, as their numbers change in any case. defaults:
    whether those of the function itself count.
    """

    def __init__(
        self, thing: Any, by_class: tuple[type, ...] = (), *, defaults: bool = True
    ) -> None:
        self.unknown: list[str] = []
        """The classes of what is held but can't be looked into."""
        self._by_class = by_class
        self._inside: list[int] = []
        self._left = MOST
        self._codes: dict[FunctionType, str] = {}
        plain = isinstance(thing, FunctionType) and not defaults
        self.text = self._function(thing, defaults=False) if plain else self._text(thing)
        """The name, and what is held."""

    @property
    def code(self) -> str:
        """The hash of the code, after the version of Python that has compiled it."""
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return f"{version} {digest(' '.join(self._codes.values()))}"

    def _text(self, x: Any) -> str:
        if isinstance(x, self._by_class):
            return type(x).__name__
        if id(x) in self._inside:
            return "..."
        self._left -= 1
        self._inside.append(id(x))
        try:
            if self._left < 0:
                raise ValueError
            return _cut(self._looked_into(x))
        except Exception:  # of anybody's classes
            self.unknown.append(_name(type(x)))
            return f"a {_name(type(x))}"
        finally:
            self._inside.pop()

    def _looked_into(self, x: Any) -> str:
        if type(x) in _PLAIN:
            return repr(x)
        if isinstance(x, FunctionType):
            return self._function(x)
        if isinstance(x, (MethodType, BuiltinFunctionType)):
            if isinstance(x, MethodType):
                self._add_code(x.__func__)
            owner = x.__self__
            called = f"{self._text(owner)}.{x.__name__}"
            return _name(x) if owner is None or isinstance(owner, ModuleType) else called
        if isinstance(x, functools.partial):
            return f"{self._text(x.func)}{self._held(x.args, x.keywords)}"
        if isinstance(x, (type, ModuleType)):
            return _name(x)
        if isinstance(x, enum.Enum):
            return f"{_name(type(x))}.{x.name}"
        if type(x) in (list, tuple):
            plain = all(type(item) in _PLAIN for item in x)
            return repr([*x]) if plain else f"[{', '.join(map(self._text, x))}]"
        if type(x) is dict:
            return f"{{{', '.join(f'{self._text(k)}: {self._text(v)}' for k, v in x.items())}}}"
        if isinstance(x, (set, frozenset)):
            return f"{{{', '.join(sorted(map(self._text, x)))}}}"
        if isinstance(x, PurePath):
            return repr(str(x))
        return self._object(x)

    def _object(self, x: Any) -> str:
        """Any other object, by what `pickle` would keep of it."""
        if getattr(getattr(x, "dtype", None), "kind", "") in {*"biufc"}:  # of NumPy
            return f"{x.dtype}{x.shape} {digest(x.tobytes())}" if x.ndim else repr(x.item())
        if hasattr(x, "__wrapped__"):  # such as by functools.cache
            return self._text(x.__wrapped__)
        self._add_code(getattr(type(x), "__call__", None))  # noqa: B004  # which, not whether
        reduced = x.__reduce_ex__(2)
        if isinstance(reduced, str):  # such as numpy.exp: something that its module has
            return f"{_name(type(x))} {reduced}"
        make, arguments, *rest = reduced
        if getattr(make, "__name__", "") in ("__newobj__", "_reconstructor"):
            arguments = arguments[1:]  # the class itself
        state, *items = [*rest, None, None, None][:3]
        attributes = [*state] if isinstance(state, tuple) else [state]  # with slots there are two
        named = {
            str(k): v for part in attributes if isinstance(part, dict) for k, v in part.items()
        }
        others = [part for part in attributes if part is not None and not isinstance(part, dict)]
        several = [[*part] for part in items if part is not None]
        return f"{_name(type(x))}{self._held([*arguments, *others, *several], named)}"

    def _function(self, function: FunctionType, *, defaults: bool = True) -> str:
        self._add_code(function)
        held = dict(_closure(function.__code__, function.__closure__ or ()))
        fixed: Sequence[Any] = ()
        if defaults:
            fixed, held = function.__defaults__ or (), {**(function.__kwdefaults__ or {}), **held}
        name = _name(function)
        if function.__name__ == "<lambda>":  # nothing else tells it from others
            name += f" {digest(_written(function.__code__))}"
        return f"{name}{self._held(fixed, held)}"

    def _held(self, fixed: Sequence[Any], named: Mapping[str, Any]) -> str:
        texts = [*map(self._text, fixed), *(f"{name}={self._text(x)}" for name, x in named.items())]
        return f"({', '.join(texts)})" if texts else ""

    def _add_code(self, function: Any) -> None:
        """Note the code of a function, of those of its module that it names, and constants."""
        if not isinstance(function, FunctionType) or function in self._codes:
            return
        self._codes[function] = _code_text(function.__code__)
        for name in _names(function.__code__):
            found = function.__globals__.get(name)
            if isinstance(found, FunctionType) and found.__module__ == function.__module__:
                self._add_code(found)
            elif name.isupper() and type(found) in _PLAIN:
                self._codes[function] += f" {name}={found!r}"


def _name(x: Any) -> str:
    if isinstance(x, ModuleType):
        return x.__name__
    return f"{x.__module__}.{x.__qualname__}" if x.__module__ else str(x.__qualname__)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}... {digest(text)}"


def _closure(code: CodeType, cells: tuple[CellType, ...]) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(code.co_freevars, cells, strict=True):
        try:
            yield name, cell.cell_contents
        except ValueError:  # noqa: PERF203  # empty: the variable is set later
            continue


def _names(code: CodeType) -> list[str]:
    """The names in a function and in those inside of it."""
    inside = [each for each in code.co_consts if isinstance(each, CodeType)]
    return [*code.co_names, *(name for each in inside for name in _names(each))]


def _written(code: CodeType) -> str:
    """Its arguments, and the names and constants in it: alike in every version of Python."""
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return " ".join([*arguments, "in", *sorted(_words(code))])


def _words(code: CodeType) -> set[str]:
    words = {*code.co_names, *code.co_freevars}
    for each in code.co_consts:
        if isinstance(each, CodeType):  # a comprehension, which newer versions have in line
            words |= _words(each)
        elif isinstance(each, (int, float, complex, bytes, str)) and "<locals>" not in str(each):
            words.add(repr(each))
    return words


def _code_text(code: CodeType) -> str:
    """All of the code that says what it does, but for where it stands and its docstring."""
    constants = [
        _code_text(each)
        if isinstance(each, CodeType)
        else repr(sorted(map(repr, each)) if isinstance(each, frozenset) else each)
        for each in code.co_consts
    ]
    if code.co_consts and isinstance(code.co_consts[0], str) and "\n" in code.co_consts[0]:
        constants[0] = ""
    parts = [code.co_code.hex(), *constants, *code.co_names, *code.co_varnames, *code.co_freevars]
    return digest("\0".join(parts))
