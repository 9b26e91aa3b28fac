"""The numbers of `at` as one vector, their names, and arguments built anew from such a vector."""

from __future__ import annotations

import inspect
import math
import random
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from operator import mul
from typing import Any, TypeAlias

from microbp._support.coerce import number, shown
from microbp.autodiff.arguments import described

Vector: TypeAlias = Any
"""A list of floats, or a NumPy array of them where `at` holds arrays: both have copy()."""
Build: TypeAlias = Callable[[Vector], Any]

WHERE = "check_gradient"
SMALL_FORMATS = {"float32": "f", "float16": "e"}


@dataclass(frozen=True)
class Group:
    """Numbers that belong together, an array or a list of lists: entries `start` to `stop`."""

    name: str
    start: int
    stop: int
    shape: tuple[int, ...]
    comma: str = ", "

    def names(self) -> list[str]:
        """How to write its entries: W1[2, 3], or net[0][1] in lists."""
        if not self.shape:
            return [self.name]
        places = product(*map(range, self.shape))
        return [f"{self.name}[{self.comma.join(map(str, place))}]" for place in places]


class Inputs:
    """What f is called with: the arguments of `at`, and others near it.

    All arguments are fresh copies, of the type and shape of those in `at`; whole numbers become
    floats.
    """

    def __init__(self, f: Any, at: Any) -> None:
        self.at = at
        self.several = isinstance(at, tuple) and not hasattr(at, "_fields")
        arguments = at if self.several else (at,)
        if not arguments:
            raise TypeError(f"{WHERE}: expected numbers as at, got (): write at=2.0, say")
        self.groups: list[Group] = []
        self._formats: list[tuple[int, str]] = []
        values: list[float] = []
        self._arrays = False
        self.takes_complex = True
        self._values = values
        self._build = [
            self._plan(name, argument)
            for name, argument in zip(_argument_names(f, arguments), arguments, strict=True)
        ]
        if not values:
            raise ValueError(f"{WHERE}: expected numbers in at, got {shown(at)}")
        if not all(map(math.isfinite, values)):
            i = next(i for i, x in enumerate(values) if not math.isfinite(x))
            raise ValueError(
                f"{WHERE}: expected finite numbers in at, got {values[i]} for {self.names[i]}"
            )
        self.x: Vector = sys.modules["numpy"].array(values) if self._arrays else values
        self.scales = self._scales()

    def __len__(self) -> int:
        return len(self._values)

    @cached_property
    def names(self) -> list[str]:
        """How to write each entry."""
        return [name for group in self.groups for name in group.names()]

    def arguments(self, vector: Vector) -> tuple[Any, ...]:
        """f's arguments, with these numbers; arrays may share the memory of the vector."""
        return tuple([build(vector) for build in self._build])

    def moved(self, i: int, step: float) -> Vector:
        """The vector with entry i moved."""
        vector = self.x.copy()
        vector[i] = self._values[i] + step
        return vector

    def along(self, direction: Vector, t: float) -> Vector:
        """The vector moved along a direction."""
        if self._arrays:
            return self.x + t * direction
        return [x + t * d for x, d in zip(self.x, direction, strict=True)]

    def vector(self, entries: Sequence[float]) -> Vector:
        """Numbers as a vector of the kind that this has."""
        return sys.modules["numpy"].array(entries) if self._arrays else list(entries)

    def imaginary(self, vector: Vector, direction: Vector, step: float) -> Vector:
        """A vector with an imaginary part in a direction."""
        if self._arrays:
            return vector + 1j * (step * direction)
        return [complex(x, step * d) if d else x for x, d in zip(vector, direction, strict=True)]

    def step(self, i: int, step: float) -> float:
        """The step that entry i takes if it is moved by this: with x + step rounded."""
        x = self._values[i]
        moved = x + step
        if not self._formats:
            return moved - x
        form = next((form for stop, form in self._formats if i < stop), "d")
        if form in ("f", "e"):
            try:
                (moved,) = struct.unpack(form, struct.pack(form, moved))
            except OverflowError:
                return math.inf
        return moved - x

    def inner(self, a: Vector, b: Vector) -> float:
        """The sum of the products."""
        return float(a @ b) if self._arrays else math.fsum(map(mul, a, b))

    def largest_product(self, a: Vector, b: Vector) -> float:
        """The largest product of two entries, by magnitude."""
        return float(abs(a * b).max()) if self._arrays else max(map(abs, map(mul, a, b)))

    def random_direction(self, rng: random.Random) -> Vector:
        """A direction in which each entry moves by half its scale to all of it, either way."""
        if self._arrays:
            numpy = sys.modules["numpy"]
            u = numpy.frombuffer(rng.randbytes(2 * len(self)), numpy.int16) / 2.0**16
            return (u + numpy.copysign(0.5, u)) * self._scale_vector
        us = (rng.random() - 0.5 for _ in self._values)
        return [(u + math.copysign(0.5, u)) * s for u, s in zip(us, self.scales, strict=True)]

    @cached_property
    def _scale_vector(self) -> Vector:
        return self.vector(self.scales)

    def _scales(self) -> list[float]:
        """How large each entry is, or else those of its array, or 1."""
        scales = []
        for group in self.groups:
            part = self._values[group.start : group.stop]
            typical = math.hypot(*part) / math.sqrt(len(part)) or 1.0
            typical = max(typical, sys.float_info.min)  # there is no smaller step than a denormal
            scales += [x if x > typical else typical for x in map(abs, part)]
        return scales

    # Plans: how to build each argument

    def _plan(self, name: str, tree: Any) -> Build:
        """Note the names and values of a tree, and return what builds one like it."""
        shape = list_shape(tree)
        if shape:
            return self._plan_lists(name, tree, shape)
        if isinstance(tree, (list, tuple)):
            parts = [self._plan(f"{name}[{i}]", part) for i, part in enumerate(tree)]
            make = getattr(tree, "_make", type(tree))
            return lambda vector: make(build(vector) for build in parts)
        if isinstance(tree, dict):
            builds = {key: self._plan(under(name, key), part) for key, part in tree.items()}
            return lambda vector: {key: build(vector) for key, build in builds.items()}
        if isinstance(getattr(tree, "shape", None), tuple) and hasattr(tree, "tolist"):
            return self._plan_array(name, tree)
        i = len(self._values)
        self._note(name, [_real(tree, name)], ())
        return lambda vector: vector[i] if isinstance(vector[i], complex) else float(vector[i])

    def _plan_lists(self, name: str, tree: Any, shape: tuple[int, ...]) -> Build:
        start = len(self._values)
        self._note(name, [_real(x, name) for x in _items(tree)], shape, "][")
        stop = len(self._values)

        def build(vector: Vector) -> Any:
            part = vector[start:stop]
            return _nested(iter(part if isinstance(part, list) else part.tolist()), tree)

        return build

    def _plan_array(self, name: str, array: Any) -> Build:
        kind = str(array.dtype).rpartition(".")[2]
        if not kind.startswith(("float", "int", "uint", "bfloat")) or hasattr(array, "compressed"):
            raise TypeError(
                f"{WHERE}: expected numbers for {name or 'at'}, got {described(array)}: "
                "derivatives are with respect to real numbers, so leave it out of at, as in "
                "f=lambda w: loss(w, data)"
            )
        if not hasattr(array, "reshape"):  # a Series of pandas, say
            raise TypeError(
                f"{WHERE}: expected numbers, lists or arrays for {name or 'at'}, got "
                f"{described(array)}: write numpy.asarray(...)"
            )
        shape, start = tuple(array.shape), len(self._values)
        flat = array.detach() if hasattr(array, "detach") else array
        entries = flat.reshape(-1).tolist()
        self._note(name, entries if kind.startswith("float") else [*map(float, entries)], shape)
        stop = len(self._values)
        if kind in SMALL_FORMATS:
            self._formats += [(start, "d"), (stop, SMALL_FORMATS[kind])]
        self._arrays = self._arrays or "numpy" in sys.modules
        self.takes_complex = self.takes_complex and _is_plain(array)
        make = _maker(array)
        return lambda vector: make(vector[start:stop], shape)

    def _note(
        self, name: str, values: Sequence[float], shape: tuple[int, ...], comma: str = ", "
    ) -> None:
        start = len(self._values)
        self.groups.append(Group(name, start, start + len(values), shape, comma))
        self._values += values


def _maker(array: Any) -> Callable[[Vector, tuple[int, ...]], Any]:
    """What makes arrays of this kind: NumPy's, PyTorch's or JAX's."""
    package = type(array).__module__.partition(".")[0]
    if package == "torch":
        torch = sys.modules["torch"]
        dtype = array.dtype if array.dtype.is_floating_point else torch.float64

        def tensor(part: Vector, shape: tuple[int, ...]) -> Any:
            made = torch.tensor(part, dtype=dtype, device=array.device).reshape(shape)
            return made.requires_grad_(array.requires_grad)

        return tensor
    if package in ("jax", "jaxlib"):
        jnp = sys.modules["jax"].numpy
        kind = array.dtype if array.dtype.kind == "f" else float
        return lambda part, shape: jnp.asarray(part, dtype=kind).reshape(shape)
    numpy = sys.modules["numpy"]
    if _is_plain(array):
        return lambda part, shape: part.reshape(shape)
    kind = array.dtype if array.dtype.kind == "f" else float

    def made(part: Vector, shape: tuple[int, ...]) -> Any:
        again = numpy.array(part, dtype=kind).reshape(shape)
        return again.view(type(array)) if isinstance(array, numpy.ndarray) else again[()]

    return made


def _is_plain(array: Any) -> bool:
    """Whether an array is NumPy's, of double precision once whole numbers are floats."""
    numpy = sys.modules.get("numpy")
    plain = numpy is not None and type(array) is numpy.ndarray and bool(array.shape)
    return plain and array.dtype in (float, int)


def _argument_names(f: Any, arguments: Sequence[Any]) -> list[str]:
    """What to call each argument: as f does."""
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    plain = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.POSITIONAL_ONLY)]
    known = [*plain, *[""] * len(arguments)][: len(arguments)]
    several = len(arguments) > 1
    given = [p if p else f"x{i + 1}" if several else "x" for i, p in enumerate(known)]
    dicts = [i for i, argument in enumerate(arguments) if isinstance(argument, dict)]
    if len(dicts) == 1:
        given[dicts[0]] = ""  # its keys are names enough
    return given


def under(name: str, key: Any) -> str:
    """The name of a dict's part: W1, params.W1, params[3]."""
    if isinstance(key, str) and key.isidentifier():
        return f"{name}.{key}" if name else key
    return f"{name}[{key!r}]" if name or not isinstance(key, str) else key


def list_shape(tree: Any) -> tuple[int, ...]:
    """The shape of a list of numbers, or of lists of equally many; () for anything else."""
    if not isinstance(tree, list) or not tree:
        return ()
    if all(type(x) in (float, int) for x in tree):
        return (len(tree),)
    inner = {list_shape(part) for part in tree}
    return (len(tree), *inner.pop()) if len(inner) == 1 and () not in inner else ()


def _items(tree: Any) -> Iterator[Any]:
    if isinstance(tree, (list, tuple)):
        for part in tree:
            yield from _items(part)
    else:
        yield tree


def _nested(items: Iterator[float], tree: Any) -> Any:
    return [_nested(items, part) for part in tree] if isinstance(tree, list) else next(items)


def _real(x: Any, name: str) -> float:
    try:
        if isinstance(x, bool):
            raise TypeError
        return number(x, WHERE)
    except TypeError:
        raise TypeError(
            f"{WHERE}: expected a number for {name or 'at'}, got {described(x)}: at holds the "
            "numbers to differentiate with respect to; leave the rest out of it, as in "
            "f=lambda w: loss(w, data)"
        ) from None
