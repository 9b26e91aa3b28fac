"""A result that reaches no input though it depends on it is an error; a constant has slope 0."""

import math
import random
import re

import numpy as np
import pytest

import microbp
from microbp import Value, grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp

TRANSFORMS = {
    "grad": lambda f, x: grad(f)(x),
    "value_and_grad": lambda f, x: value_and_grad(f)(x),
    "jacobian": lambda f, x: jacobian(f)(x),
    "hessian": lambda f, x: hessian(f)(x),
    "jvp": lambda f, x: jvp(f, x, 1.0),
    "vjp": lambda f, x: vjp(f, x, 1.0),
    "hvp": lambda f, x: hvp(f, x, 1.0),
}
LOST = {
    "data": lambda x: x.data**2,
    "item": lambda x: math.exp(x.item()),
    "detach": lambda x: x.detach() * 2.0,
    "a leaf of it": lambda x: Value(math.cos(x.data)) * 3.0,
    "flat here": lambda x: math.cos(x.data - 0.5),
}
CONSTANT = {
    "number": lambda x: 3.0,
    "Value": lambda x: Value(3.0) * 2.0,
    "looked at": lambda x: 3.0 if x.data > 0.0 else 4.0,
    "printed": lambda x: len(f"{x.data:.0f}") * 1.0,
    "rounded": lambda x: Value(float(round(x))),
    "random": lambda x: random.random(),
    "nan": lambda x: math.nan,
    "no value nearby": lambda x: 1.0 if x.data == 0.5 else 1 / 0,
}


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("f", LOST.values(), ids=LOST)
def test_what_depends_outside_the_graph_is_refused_in_words(name, f):
    message = re.escape(f"{name}: f's result changes with its inputs, but does not reach them: f ")
    with pytest.raises(TypeError, match=f"^{message}.*write x itself, and microbp.exp"):
        TRANSFORMS[name](f, 0.5)


@pytest.mark.parametrize("name", TRANSFORMS)
@pytest.mark.parametrize("f", CONSTANT.values(), ids=CONSTANT)
def test_a_constant_has_the_slope_0(name, f):
    found = TRANSFORMS[name](f, 0.5)
    assert (found[1] if name == "value_and_grad" else found) == 0.0


def test_one_output_of_several():
    with pytest.raises(TypeError, match=r"^jacobian: f's result changes"):
        jacobian(lambda x: [x[0], x[1].data * 2.0])([1.0, 2.0])
    assert jacobian(lambda x: [x[0], 2.0, x[1]])([2.0, 3.0]) == [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]
    with pytest.raises(TypeError, match=r"^grad: f's result changes"):
        grad(lambda p: np.sum([x.data for x in p["w"]]))({"w": np.ones(3)})
    with pytest.raises(TypeError, match=r"^jvp: f's result changes"):
        jvp(lambda x: [x * 2.0, x.data], 1.0, 1.0)


def test_a_partial_of_plain_numbers_has_no_second_derivative():
    f = microbp.operation(
        "plainly_sine",
        value=lambda m, x: m.sin(x),
        partials=lambda m, y, x: (math.cos(x.data if isinstance(x, Value) else x),),
    )
    assert grad(f)(1.0) == math.cos(1.0)
    with pytest.raises(TypeError, match=r"^hessian: f's result changes"):
        hessian(f)(1.0)
    double = microbp.operation("doubled", value=lambda m, x: 2 * x, partials=lambda m, y, x: (2,))
    assert hessian(double)(1.0) == 0.0
    assert microbp.gradcheck(double, 1.0, order=2).verdict == "pass"


@pytest.mark.parametrize("x", [-1e-2, -5e-4, -5e-5, 0.0, 5e-5, 5e-4, 1.0])
def test_second_derivatives_beside_kinks_are_no_matter(x):
    for f in (abs, microbp.relu, lambda x: microbp.maximum(x, 0.0) * 3.0):
        assert hessian(f)(x) == 0.0
    assert hessian(lambda x: microbp.maximum(x[0], x[1]))([x, 0.0]) == [[0.0, 0.0], [0.0, 0.0]]


def test_inside_another_function_a_constant_is_one():
    assert grad(lambda x: grad(lambda y: x * x)(x) + x)(2.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: 3.0 * y)(x))(2.0) == 3.0
    with pytest.raises(TypeError, match=r"^grad: f's result changes"):
        grad(lambda x: x * grad(lambda y: y.data * y.data)(x))(2.0)
