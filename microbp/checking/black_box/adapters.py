"""What f and its gradient may be: functions, two in one, a class with forward and backward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from microbp.autodiff.arguments import described
from microbp.checking.black_box import frameworks
from microbp.checking.black_box.inputs import WHERE

Kind: TypeAlias = Literal["gradient", "jacobian", "vjp"]

EXAMPLE = "check_gradient(f, gradient, at=2.0)"


@dataclass(frozen=True)
class Program:
    """f, and its derivative as a function of the same arguments; of a cotangent too for a vjp.

    `name` is what the user calls the derivative.
    """

    f: Callable[..., Any]
    derivative: Callable[..., Any]
    kind: Kind
    at: Any
    name: str


def program_of(f: Any, gradient: Any, jacobian: Any, vjp: Any, at: Any) -> Program:
    """The program that the arguments of check_gradient describe; TypeError if they don't."""
    given = {"gradient": gradient, "jacobian": jacobian, "vjp": vjp}
    names = [name for name, each in given.items() if each is not None]
    if len(names) > 1:
        raise TypeError(
            f"{WHERE}: expected one of gradient, jacobian and vjp, got {' and '.join(names)}"
        )
    if not names:
        return _of_one_object(f, at)
    (name,) = names
    if not callable(f):
        raise TypeError(f"{WHERE}: expected a function as f, got {described(f)}: write {EXAMPLE}")
    if name == "gradient" and gradient is True:
        return Program(_part(f, 0), _part(f, 1), "gradient", at, "f")
    derivative = given[name]
    if not callable(derivative):
        call = f"{name}(at)" if name != "vjp" else "vjp(at, cotangent)"
        raise TypeError(
            f"{WHERE}: expected a function as {name}, which is called as {call}; got "
            f"{described(derivative)}: write {name}=lambda x: ..., or its name without ()"
        )
    return Program(f, derivative, name, at, name)  # type: ignore[arg-type]  # one of Kind


def _part(f: Callable[..., Any], i: int) -> Callable[..., Any]:
    """The value, or the gradient, of an f that returns both."""

    def part(*arguments: Any) -> Any:
        pair = f(*arguments)
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(
                f"{WHERE}: expected f to return (value, gradient) for gradient=True, got "
                f"{described(pair)}"
            )
        return pair[i]

    part.__wrapped__ = f  # type: ignore[attr-defined]  # the names of its arguments
    return part


def _of_one_object(f: Any, at: Any) -> Program:
    """The program of an object that knows its own derivative."""
    if frameworks.is_torch_function(f):
        return Program(*frameworks.torch_functions(f), "vjp", frameworks.as_tensors(at), "backward")
    if frameworks.is_jax_function(f):
        return Program(*frameworks.jax_functions(f), "vjp", frameworks.as_jax_arrays(at), "vjp")
    if not (hasattr(f, "forward") and hasattr(f, "backward")):
        raise TypeError(
            f"{WHERE}: expected a gradient: write {EXAMPLE}, or jacobian= or vjp= for an f of "
            "several outputs, or gradient=True if f returns (value, gradient)"
            if callable(f)
            else f"{WHERE}: expected a function, or an object with forward and backward, got "
            f"{described(f)}: write {EXAMPLE}"
        )
    layer = _instance(f) if isinstance(f, type) else f

    def forward(*arguments: Any) -> Any:
        return layer.forward(*arguments)

    def backward(*arguments_and_cotangent: Any) -> Any:
        *arguments, cotangent = arguments_and_cotangent
        layer.forward(*arguments)
        return layer.backward(cotangent)

    forward.__wrapped__ = layer.forward  # type: ignore[attr-defined]
    return Program(forward, backward, "vjp", at, "backward")


def _instance(cls: type) -> Any:
    try:
        return cls()
    except TypeError as error:
        raise TypeError(
            f"{WHERE}: {cls.__name__}() needs arguments ({error}): write "
            f"check_gradient({cls.__name__}(...), at=...)"
        ) from None
