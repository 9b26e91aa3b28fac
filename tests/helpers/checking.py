"""Operations with wrong partials, and the verdict of gradcheck on them."""

from dataclasses import replace

from microbp import Value
from microbp.checking import gradcheck
from microbp.core.engine import apply
from microbp.core.ops import table
from tests.helpers.profiles import examples


def scaled(op, factor):
    """The operation with every partial that much too large."""
    return replace(op, partials=lambda m, y, *xs: tuple(factor * p for p in op.partials(m, y, *xs)))


def function(op):
    """An operation, or a wrong copy of it, as a function of Values."""
    return lambda *xs: apply(op, *(x if isinstance(x, Value) else Value(x) for x in xs))


def verdict(f, *at, **options):
    return gradcheck(f, *at, **options).verdict


fewer = examples(50)  # for all of some thirty operations
SIN = table["sin"]
