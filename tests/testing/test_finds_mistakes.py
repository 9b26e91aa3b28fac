"""Mistakes planted in our own engine are found, and shrunk to a program that shows them."""

import inspect
import textwrap

import pytest
from hypothesis import Phase, given, settings

from microbp.core import engine, ops
from microbp.core.ops import BUILTINS
from microbp.core.python import backward, value
from microbp.testing import assert_grad_ok, expressions
from tests.helpers.examples import printed, repeatable, reported


def mutant(function, *changes):
    """The function, with changes to its text."""
    text = textwrap.dedent(inspect.getsource(function))
    for old, new in changes:
        assert text.count(old) == 1, f"{function.__name__} no longer has its {old!r}"
        text = text.replace(old, new)
    scope = {}
    exec(f"from __future__ import annotations\n{text}", function.__globals__, scope)
    return scope[function.__name__]


REFERENCE = value.Value
planted = pytest.mark.skipif(
    engine.name == "compiled", reason="mistakes are planted in the reference engine"
)
FOUND = "return found"
MISTAKES = {  # where, what for what, and how many operations at most it takes to show it
    "= for += in the first operand": (
        backward, "_pass_back", [("a._grad += adjoint", "a._grad = adjoint")], 2,
    ),
    "= for += in the second operand": (
        backward, "_pass_back", [("b._grad += adjoint", "b._grad = adjoint")], 2,
    ),
    "= for += in a wide node": (
        backward, "_pass_back", [("operand._grad += adjoint", "operand._grad = adjoint")], 2,
    ),
    "a product's partials exchanged": (
        REFERENCE, "__mul__", [("_da = b", "_da = a"), ("_db = a", "_db = b")], 2,
    ),
    "a quotient's partials exchanged": (
        REFERENCE, "__truediv__", [("1.0 / b, other, -y / b", "-y / b, other, 1.0 / b")],
        2,
    ),
    "nodes visited twice": (
        backward, "reverse_order", [(FOUND, "return [x for x in found for _ in range(2)]")], 2,
    ),
    "a second operand not visited": (
        backward, "reverse_order", [("if b is not None", "if False")], 4,
    ),
    "the root, then the oldest first": (
        backward, "reverse_order", [(FOUND, "return found[:1] + found[:0:-1]")], 4,
    ),
    "oldest first": (backward, "reverse_order", [(FOUND, "return found[::-1]")], 2),
    "gradients not reset": (backward, "_pass_back", [("node._grad = 0.0", "pass")], 2),
}  # fmt: skip


@settings(repeatable, max_examples=500, phases=[Phase.generate, Phase.shrink])
@given(expression=expressions(ops=BUILTINS, smooth=True))
def derivatives_are_right(expression):
    derivatives_are_right.latest = expression
    assert_grad_ok(expression)


def assert_found(at_most, capsys):
    """The property finds the mistake, and shrinks it to a program that shows it."""
    message, report = reported(derivatives_are_right, capsys)
    shortest = derivatives_are_right.latest
    assert 1 <= len(shortest.steps) <= at_most, shortest
    assert message.startswith("gradcheck: fail\n")
    program = shortest.check(shortest.leaves)
    assert program in report
    assert printed(program) == f"{message}\n"
    return shortest, message


def test_without_a_mistake_the_derivatives_are_right():
    derivatives_are_right()


@planted
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_planted_mistake_is_found_and_shrunk(mistake, monkeypatch, capsys):
    owner, name, changes, at_most = MISTAKES[mistake]
    monkeypatch.setattr(owner, name, mutant(getattr(owner, name), *changes))
    assert_found(at_most, capsys)


@planted
def test_a_wrong_sigmoid_is_found_and_shrunk_to_itself(monkeypatch, capsys):
    right = ops.SIGMOID.partials
    object.__setattr__(ops.SIGMOID, "partials", lambda m, y, x: (y * (1.0 - x),))
    try:
        shortest, message = assert_found(1, capsys)
    finally:
        object.__setattr__(ops.SIGMOID, "partials", right)
    assert [op.name for op, _ in shortest.steps] == ["sigmoid"]
    assert (
        "the first wrong partial is that of sigmoid(x0) with respect to its operand x0" in message
    )


def test_a_wrong_custom_operation_is_found_by_its_name(own, capsys):
    square = own("square", value=lambda m, x: x * x, partials=lambda m, y, x: (2.001 * x,))

    @repeatable
    @given(expressions(ops=[square, "sin", "mul"]))
    def squares_are_right(expression):
        assert_grad_ok(expression)

    message, report = reported(squares_are_right, capsys)
    assert "the first wrong partial is that of square(x0)" in message
    assert "y0 = square(x0)\n    return y0\n" in report
