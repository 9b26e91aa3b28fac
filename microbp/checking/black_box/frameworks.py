"""A torch.autograd.Function and a jax.custom_vjp as functions, and arguments for them.

Neither library is imported: whoever has such an object has imported it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from microbp.checking.black_box.inputs import list_shape


def is_torch_function(f: Any) -> bool:
    """Whether f is a subclass of torch.autograd.Function."""
    return isinstance(f, type) and any(
        base.__name__ == "Function" and base.__module__ == "torch.autograd.function"
        for base in f.__mro__
    )


def torch_functions(f: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """f as a function, and its vjp; several outputs are joined to one tensor."""
    torch = sys.modules["torch"]

    def joined(*arguments: Any) -> Any:
        outputs = f.apply(*arguments)
        if not isinstance(outputs, tuple):
            return outputs
        return torch.cat([output.reshape(-1) for output in outputs])

    def value(*arguments: Any) -> Any:
        with torch.no_grad():
            return joined(*arguments)

    def vjp(*arguments_and_cotangent: Any) -> Any:
        *arguments, cotangent = arguments_and_cotangent
        leaves = [argument.detach().requires_grad_() for argument in arguments]
        found = torch.autograd.grad(joined(*leaves), leaves, cotangent, allow_unused=True)
        # backward returns None for a gradient of 0.
        full = [torch.zeros_like(x) if g is None else g for x, g in zip(leaves, found, strict=True)]
        return full[0] if len(full) == 1 else tuple(full)

    value.__wrapped__ = _without_context(f.forward)  # type: ignore[attr-defined]
    return value, vjp


def as_tensors(at: Any) -> Any:
    """The arguments as tensors of double precision, where they are not tensors yet."""
    torch = sys.modules["torch"]

    def tensor(x: Any) -> Any:
        if isinstance(x, torch.Tensor):
            return x
        return torch.as_tensor(x, dtype=None if hasattr(x, "dtype") else torch.float64)

    return _each_array(tensor, at)


def is_jax_function(f: Any) -> bool:
    """Whether f is JAX's: a custom_vjp, or another of its transformed functions."""
    return callable(f) and type(f).__module__.partition(".")[0] in ("jax", "jaxlib")


def jax_functions(f: Any) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """f as a function, and its vjp; several outputs are joined to one array."""
    jax = sys.modules["jax"]

    def value(*arguments: Any) -> Any:
        outputs = jax.tree_util.tree_leaves(f(*arguments))
        if len(outputs) == 1:
            return outputs[0]
        return jax.numpy.concatenate([jax.numpy.ravel(output) for output in outputs])

    def vjp(*arguments_and_cotangent: Any) -> Any:
        *arguments, cotangent = arguments_and_cotangent
        found = jax.vjp(value, *arguments)[1](cotangent)
        return found[0] if len(found) == 1 else found

    value.__wrapped__ = f  # type: ignore[attr-defined]
    return value, vjp


def as_jax_arrays(at: Any) -> Any:
    """The arguments as arrays of JAX: of single precision, unless jax_enable_x64 is set."""
    jnp = sys.modules["jax"].numpy

    def array(x: Any) -> Any:
        found = jnp.asarray(x)
        return found if found.dtype.kind == "f" else found.astype(float)

    return _each_array(array, at)


def _each_array(function: Callable[[Any], Any], at: Any) -> Any:
    """The arguments with each number, array and list of numbers mapped."""
    if isinstance(at, dict):
        return {key: _each_array(function, part) for key, part in at.items()}
    if isinstance(at, (list, tuple)) and not list_shape(at):
        return type(at)(_each_array(function, part) for part in at)
    return function(at)


def _without_context(forward: Any) -> Any:
    """forward(ctx, x, y) as it is called: without its first parameter, for the names."""
    import functools
    import inspect

    names = [*inspect.signature(forward).parameters.values()][1:]

    @functools.wraps(forward)
    def called(*arguments: Any) -> None: ...

    called.__signature__ = inspect.Signature(names)  # type: ignore[attr-defined]
    return called
