"""AttributeErrors for names that a module lacks, with the name that was probably meant."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any

ELSEWHERE = {
    "adagrad": "microbp.optim.Adam",
    "adamw": "microbp.optim.Adam",
    "arccos": "microbp.acos",
    "arcsin": "microbp.asin",
    "arctan": "microbp.atan",
    "arctan2": "microbp.atan2",
    "bce": "microbp.losses.binary_cross_entropy",
    "bce_loss": "microbp.losses.binary_cross_entropy",
    "compile": "microbp.record",
    "cross_entropy_loss": "microbp.losses.cross_entropy",
    "dense": "microbp.nn.Layer",
    "derivative": "microbp.grad",
    "draw_dot": "microbp.draw",
    "fit": "microbp.train",
    "gradient": "microbp.grad",
    "gradient_descent": "microbp.optim.Descent",
    "jit": "microbp.record",
    "linear": "microbp.nn.Layer",
    "load_digits": "microbp.datasets.digits",
    "make_blobs": "microbp.datasets.clusters",
    "make_circles": "microbp.datasets.circles",
    "make_moons": "microbp.datasets.moons",
    "ln": "microbp.log",
    "max": "microbp.maximum",
    "min": "microbp.minimum",
    "mlp": "microbp.nn.Net",
    "mse": "microbp.losses.squared_error",
    "mse_loss": "microbp.losses.squared_error",
    "network": "microbp.nn.Net",
    "plot": "microbp.plots",
    "rmsprop": "microbp.optim.Adam",
    "scalar": "microbp.Value",
    "sequential": "microbp.nn.Net",
    "sgd": "microbp.optim.Descent",
    "sum": "microbp.total",
    "tensor": "microbp.Value",
    "variable": "microbp.Value",
}
"""What other libraries call it, in lowercase, and its name here."""

WRITTEN = {
    "abs": "abs(x)",
    "backprop": "y.backward()",
    "backward": "y.backward()",
    "detach": "y.detach()",
    "pow": "a ** b",
    "power": "a ** b",
    "where": "where_positive(x, a, b)",
    "zero_grad": "net.zero_grad() or optimizer.zero_grad()",
}
"""What is no name here, and how to write it."""

HOMES = ["", "nn", "optim", "losses", "training", "datasets", "plots", "experiments", "sklearn"]
"""The modules of microbp where a name is looked for, but for those that load others' packages."""


def refusing(
    module: str, find: Callable[[str], Any] | None = None, names: Sequence[str] = ()
) -> Callable[[str], Any]:
    """A module's `__getattr__`: what `find` has for one of the names, else an error.

    Type checkers must not see it, or they would allow any name.
    """

    def find_or_refuse(name: str) -> Any:
        if find is not None and name in names:
            return find(name)
        raise missing(module, name)

    return find_or_refuse


def missing(module: str, name: str) -> AttributeError:
    """The error for a name that a module lacks."""
    text = f"module {module!r} has no attribute {name!r}"
    if name.lower() in WRITTEN:
        text += f": write {WRITTEN[name.lower()]}"
    elif not name.startswith("_"):
        from microbp._support.suggest import did_you_mean  # imported here: for errors alone

        known = {**ELSEWHERE, **dict(_names("microbp")), **dict(_names_in(sys.modules[module]))}
        text += did_you_mean(name, [], known)
    return AttributeError(text, name=name)  # without obj: Python adds no guess of its own


def missing_attribute(owner: object, name: str, elsewhere: Mapping[str, str]) -> AttributeError:
    """The error for an attribute that an object lacks; `elsewhere` says what to write for some."""
    kind = type(owner).__name__
    write = f": write {elsewhere[name]}" if name in elsewhere else ""
    return AttributeError(f"{kind!r} object has no attribute {name!r}{write}", name=name, obj=owner)


def _names(package: str) -> Iterator[tuple[str, str]]:
    for home in HOMES:
        with suppress(ImportError):  # such as datasets without NumPy
            yield from _names_in(import_module(f"{package}.{home}".rstrip(".")))


def _names_in(module: ModuleType) -> Iterator[tuple[str, str]]:
    """A module's public names: in lowercase, and in full."""
    names = module.__dict__.get("__all__") or [
        name
        for name, x in vars(module).items()
        if not isinstance(x, ModuleType) and getattr(x, "__module__", "microbp")[:7] == "microbp"
    ]
    for name in names:
        if not name.startswith("_"):
            yield name.lower(), f"{module.__name__}.{name}"
