"""The programs' derivatives by the simplest means, which owe nothing to the checker under test."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from inspect import signature
from itertools import count
from typing import Any

import numpy as np

from tests.checking.black_box.corpus.loading import Program


def arguments(program: Program) -> tuple[Any, ...]:
    """What f is called with."""
    return program.at if isinstance(program.at, tuple) else (program.at,)


def of_hessian(program: Program) -> Program:
    """Its gradient as the function, and the Hessian as the jacobian of that."""
    own = program.derivatives
    return Program(own["gradient"], {"jacobian": own["hessian"]}, program.at)


def entries(program: Program) -> list[str]:
    """The name of each number that f depends on: "W1[2, 3]", "sun.pos[0]", "net[0][1]"."""
    at = arguments(program)
    f = getattr(program.f, "forward", program.f)
    known = [name for name in signature(f).parameters if name not in ("self", "ctx")]
    return [
        name
        for argument, tree in zip(known, at, strict=True)
        for name, _ in _named("" if isinstance(tree, dict) else argument, tree)
    ]


def flat(tree: Any) -> np.ndarray:
    """The numbers of a tree, in the order of `entries`."""
    return np.array([x for _, x in _named("", tree)])


def outputs(program: Program) -> np.ndarray:
    """What f gives at the point."""
    if _is_torch(program.f):
        return flat(program.f.apply(*arguments(program)).detach())
    f = program.f
    if hasattr(f, "forward"):
        f = _made(f).forward
    return flat(f(*arguments(program)))


def gradient(program: Program, cotangent: np.ndarray) -> np.ndarray:
    """The program's own gradient at the point, of cotangent · f if f has several outputs."""
    at, own = arguments(program), program.derivatives
    if "gradient" in own:
        return flat(own["gradient"](*at))
    if "vjp" in own:
        return flat(own["vjp"](*at, cotangent))
    if "jacobian" in own:
        return cotangent @ np.array(own["jacobian"](*at))
    if _is_torch(program.f):
        torch = sys.modules["torch"]
        leaves = [x.clone().requires_grad_() for x in at]
        y = program.f.apply(*leaves)
        seed = torch.as_tensor(cotangent, dtype=y.dtype).reshape(y.shape)
        return flat(torch.autograd.grad(y, leaves, seed))
    if hasattr(program.f, "defvjp"):
        jax = sys.modules["jax"]
        y, back = jax.vjp(program.f, *at)
        return flat(back(jax.numpy.asarray(cotangent, dtype=y.dtype).reshape(y.shape)))
    layer = _made(program.f)
    y = layer.forward(*at)
    return flat(layer.backward(cotangent.reshape(y.shape)))


def difference(program: Program, cotangent: np.ndarray, step: float) -> np.ndarray:
    """The same by central differences with one step, relative to numbers above 1."""

    def slope(i: int, x: float) -> float:
        h = step * max(1.0, abs(x))
        above, below = (outputs(replace(program, at=_moved(program.at, i, way))) for way in (h, -h))
        return float((above - below) @ cotangent / (2 * h))

    return np.array([slope(i, x) for i, x in enumerate(flat(program.at))])


def _named(name: str, tree: Any) -> list[tuple[str, float]]:
    if isinstance(tree, dict):
        parts = [(f"{name}.{key}".lstrip("."), part) for key, part in tree.items()]
    elif isinstance(tree, (list, tuple)):
        parts = [(f"{name}[{i}]", part) for i, part in enumerate(tree)]
    elif getattr(tree, "ndim", 0):
        array = np.asarray(tree)
        places = np.ndindex(array.shape)
        return [(f"{name}[{', '.join(map(str, at))}]", float(array[at])) for at in places]
    else:
        return [(name, float(tree))]
    return [entry for key, part in parts for entry in _named(key, part)]


def _moved(tree: Any, i: int, way: float) -> Any:
    """The tree with its i-th number moved."""
    return _mapped(lambda x, n: x + way * (n == i), tree, count())


def _mapped(change: Callable[[Any, int], Any], tree: Any, n: Any) -> Any:
    if isinstance(tree, (list, tuple)):
        return type(tree)(_mapped(change, part, n) for part in tree)
    if isinstance(tree, dict):
        return {key: _mapped(change, part, n) for key, part in tree.items()}
    if not getattr(tree, "ndim", 0):
        return change(tree, next(n))
    array = np.asarray(tree)
    moved = np.array([change(x, next(n)) for x in array.ravel()], array.dtype).reshape(array.shape)
    module = sys.modules[type(tree).__module__.partition(".")[0].replace("jaxlib", "jax")]
    return moved if module is np else getattr(module, "numpy", module).asarray(moved)


def _is_torch(f: Any) -> bool:
    return isinstance(f, type) and hasattr(f, "apply")


def _made(f: Any) -> Any:
    return f() if isinstance(f, type) else f
