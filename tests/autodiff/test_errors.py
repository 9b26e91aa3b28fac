"""What the transforms refuse: the error repeats what was given, and shows the call that works."""

import re
from functools import partial

import pytest

from microbp import Value, grad, hessian, hvp, jacobian, jvp, sin, value_and_grad, vjp

TRANSFORMS = [grad, value_and_grad, jacobian, hessian]
ON_ONE_NUMBER = {
    "grad": grad,
    "value_and_grad": value_and_grad,
    "hessian": hessian,
    "hvp": lambda f: lambda x: hvp(f, x, 1.0),
}


def square(x):
    return x * x


def product(x, y):
    return x * y


def dot_with_itself(xs):
    return sum(x * x for x in xs)


def error_of(call, kind):
    with pytest.raises(kind) as error:
        call()
    return str(error.value)


@pytest.mark.parametrize("name", ON_ONE_NUMBER)
def test_a_list_has_no_gradient(name):
    message = error_of(lambda: ON_ONE_NUMBER[name](lambda x: [x, 2.0])(1.0), TypeError)
    assert message.startswith(f"{name}: expected f to give one number or Value, got [Value(")


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_f_gives_numbers(transform):
    name = transform.__name__
    expected = {
        "jacobian": "a number for f(x), or an array, list, tuple or dict of numbers",
    }.get(name, "f to give one number or Value")
    for result, got in (
        ("y", "the string 'y': write an f that returns x * x, say"),
        (None, "None: does f end without return?"),
    ):
        message = error_of(lambda: transform(lambda x: result)(1.0), TypeError)  # noqa: B023
        assert message == f"{name}: expected {expected}, got {got}"


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_the_arguments_are_numbers(transform):
    message = error_of(lambda: transform(square)("2"), TypeError)
    assert message == (
        f"{transform.__name__}: expected a number for x, or an array, list, tuple or dict of "
        "numbers, got the string '2': write 2.0"
    )


@pytest.mark.parametrize("product_of", [jvp, vjp, hvp])
def test_point_and_vector_are_numbers(product_of):
    name, vector = product_of.__name__, "cotangent" if product_of is vjp else "tangent"
    wanted = (
        f"{name}: expected a number for {{}}, or an array, list, tuple or dict of numbers, "
        "got the string '2': write 2.0"
    )
    assert error_of(lambda: product_of(square, "2", 1.0), TypeError) == wanted.format("x")
    assert error_of(lambda: product_of(square, 1.0, "2"), TypeError) == wanted.format(vector)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: jvp(square, 1.0, [1.0]),
            "jvp: expected a tangent nested as the point, 1.0, got [1.0]",
        ),
        (
            lambda: jvp(square, 1.0, (1.0,)),
            "jvp: expected a tangent nested as the point, 1.0, got (1.0,)",
        ),
        (
            lambda: hvp(dot_with_itself, [1.0], [1.0, 2.0]),
            "hvp: expected a tangent nested as the point, [1.0], got [1.0, 2.0]",
        ),
        (
            lambda: vjp(lambda x: [x, [2.0]], 1.0, 2.0),
            "vjp: expected a cotangent nested as f's result, [1.0, [2.0]], got 2.0",
        ),
    ],
)
def test_the_vector_is_nested_as_it_should_be(call, message):
    assert error_of(call, ValueError) == message


# Each as in JAX or PyTorch, and the call that the error shows; which must work as it stands.
AS_ELSEWHERE = [
    # jax.jvp(f, (x,), (t,)) and torch.func.jvp(f, (x,), (t,))
    (lambda: jvp(square, (3.0,), (1.0,)), square, "jvp(f, 3.0, 1.0)", 6.0),
    (
        lambda: jvp(dot_with_itself, ([3.0],), ([1.0],)),
        dot_with_itself,
        "jvp(f, [3.0], [1.0])",
        6.0,
    ),
    (
        lambda: jvp(product, (2.0, 3.0), (1.0, 0.0)),
        product,
        "jvp(lambda x: f(*x), [2.0, 3.0], [1.0, 0.0])",
        3.0,
    ),
    # a function of one list, which elsewhere may be a tuple
    (
        lambda: jvp(dot_with_itself, (2.0, 3.0), (1.0, 0.0)),
        dot_with_itself,
        "jvp(f, [2.0, 3.0], [1.0, 0.0])",
        4.0,
    ),
    # torch.autograd.functional's: the inputs may be a tuple, and v alone
    (lambda: jvp(square, (3.0,), 1.0), square, "jvp(f, 3.0, 1.0)", 6.0),
    (lambda: vjp(square, (3.0,), 2.0), square, "vjp(f, 3.0, 2.0)", 12.0),
    (
        lambda: vjp(product, (2.0, 3.0), 1.0),
        product,
        "vjp(lambda x: f(*x), [2.0, 3.0], 1.0)",
        [3.0, 2.0],
    ),
    (
        lambda: hvp(product, (2.0, 3.0), (1.0, 0.0)),
        product,
        "hvp(lambda x: f(*x), [2.0, 3.0], [1.0, 0.0])",
        [0.0, 1.0],
    ),
    # of a function whose signature Python does not know
    (
        lambda: jvp(max, (2.0, 3.0), (1.0, 0.5)),
        max,
        "jvp(lambda x: f(*x), [2.0, 3.0], [1.0, 0.5])",
        0.5,
    ),
]


@pytest.mark.parametrize(("call", "f", "shown", "result"), AS_ELSEWHERE)
def test_a_tuple_of_arguments_is_refused_with_the_call_that_works(call, f, shown, result):
    message = error_of(call, TypeError)
    assert re.match(r"[jh]?vp|vjp", message)
    assert "expected f's one argument, a number, an array, a list or a dict, and its " in message
    assert "got the tuple (" in message
    assert message.endswith(f": write {shown}")
    assert eval(shown, {"f": f, "jvp": jvp, "vjp": vjp, "hvp": hvp}) == result


@pytest.mark.parametrize("product_of", [jvp, vjp, hvp])
def test_a_missing_vector_is_asked_for(product_of):
    """jax.vjp(f, x) and torch.func.vjp(f, x) return the result and a function of the cotangent."""
    name = product_of.__name__
    vector = "cotangent" if name == "vjp" else "tangent"
    message = error_of(lambda: product_of(square, 3.0), TypeError)
    assert message == (
        f"{name}: expected a {vector} too: write {name}(f, 3.0, {vector}), or "
        f"lambda {vector}: {name}(f, 3.0, {vector}) for a function of the {vector}"
    )
    message = error_of(lambda: product_of(product, (2.0, 3.0)), TypeError)
    assert message.endswith(f": write {name}(lambda x: f(*x), [2.0, 3.0], {vector})")


@pytest.mark.parametrize("product_of", [jvp, vjp, hvp])
def test_a_function_of_several_arguments_is_told_from_one_of_a_list(product_of):
    """As in jax.vjp(f, x, y): y is none of ours."""
    name = product_of.__name__
    message = error_of(lambda: product_of(product, 2.0, 3.0), TypeError)
    assert f"{name}: expected a function of one argument, got product(x, y)" in message
    assert f"write {name}(lambda x: f(*x), point, " in message


def test_functions_that_can_take_one_argument_may_take_more():
    assert jvp(lambda x, slope=2.0: x * slope, 3.0, 1.0) == 2.0
    assert jvp(partial(product, 3.0), 2.0, 1.0) == 3.0
    assert jvp(sin, 0.0, 1.0) == 1.0


def test_what_f_raises_comes_through():
    def fails(x):
        raise TypeError("of f's own")

    for product_of in (jvp, vjp, hvp):
        assert error_of(lambda: product_of(fails, 1.0, 1.0), TypeError) == "of f's own"  # noqa: B023


def test_a_tangent_may_be_a_value():
    t = Value(2.0)
    rate = jvp(square, Value(3.0), t)
    rate.backward()
    assert (rate.data, t.grad) == (12.0, 6.0)
