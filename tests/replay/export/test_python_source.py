"""Programs as Python text: what it looks like, and that it runs by itself."""

import math
import random
import warnings

import numpy as np
import pytest

import microbp
from microbp import Value
from microbp.core import ops
from microbp.nn import Net
from microbp.replay.program import record
from microbp.testing.strategies import FAR_ENDS
from tests.helpers.python_source import module


@pytest.fixture(autouse=True)
def quiet():
    """NumPy's warnings of what is not finite are not the matter here."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def test_the_source_of_a_unit():
    x, w, b, d = Value(0.0, "x"), Value(0.5, "w"), Value(-1.0, "b"), Value(0.0, "d")
    h = w * x + b
    h.label = "h"
    y = microbp.sigmoid(h)
    y.label = "y"
    error = (y - d) ** 2
    error.label = "E"
    assert (
        record(error, inputs=[x, d], parameters=[w, b]).source()
        == '''\
"""A graph that microbp recorded, as a forward and a backward pass: each line is an operation.

Both take floats, or NumPy arrays with a number for each case. Where an operation has no value or
overflows, NumPy warns; a division of floats by zero is Python's ZeroDivisionError.
"""

from numpy import exp, square, where


def sigmoid(x):
    """1 / (1 + exp(-x)), without overflow and to full precision at both ends."""
    tail = exp(-abs(x))
    return where(x < 0.0, tail, 1.0) / (1.0 + tail)


def forward(x, d, w=0.5, b=-1.0):
    """The output."""
    y1 = w * x
    h = y1 + b
    y = sigmoid(h)
    y2 = y - d
    E = square(y2)
    return E


def backward(x, d, w=0.5, b=-1.0):
    """The output, and its derivatives with respect to every input and parameter."""
    y1 = w * x
    h = y1 + b
    y = sigmoid(h)
    y2 = y - d
    E = square(y2)

    # Backward pass. The adjoint d_v is the derivative of the output with respect to v:
    # the sum of what the operations on v pass back, each its adjoint times its partial.
    # The output's own adjoint is 1.
    d_E = E**0
    d_y2 = d_E * (2.0 * y2)
    d_y = d_y2
    d_h = d_y * (y * sigmoid(-h))
    d_y1 = d_h
    d_x = d_y1 * w
    d_d = -d_y2
    d_w = d_y1 * x
    d_b = d_h
    return E, {"x": d_x, "d": d_d, "w": d_w, "b": d_b}
'''
    )


def test_the_source_of_the_symmetry_net():
    net = Net(6, rng=random.Random(8), init=0.3).add("hidden", 2).add("output", 1)
    xs = [Value(0.0, f"x{i}") for i in range(1, 7)]
    program = record(net(xs), inputs=xs)
    text = program.source()
    assert (
        """
    h1 = (
        w_hidden1_x1 * x1 + w_hidden1_x2 * x2 + w_hidden1_x3 * x3 + w_hidden1_x4 * x4
        + w_hidden1_x5 * x5 + w_hidden1_x6 * x6 + b_hidden1
    )
    hidden1 = sigmoid(h1)
"""
        in text
    )
    assert (
        """
    h3 = w_output1_hidden1 * hidden1 + w_output1_hidden2 * hidden2 + b_output1
    output1 = sigmoid(h3)
    return (output1,)
"""
        in text
    )
    assert (
        """
    d_output1 = seeds[0] * output1**0
    d_h3 = d_output1 * (output1 * sigmoid(-h3))
    d_hidden2 = d_h3 * w_output1_hidden2
    d_h2 = d_hidden2 * (hidden2 * sigmoid(-h2))
    d_hidden1 = d_h3 * w_output1_hidden1
    d_h1 = d_hidden1 * (hidden1 * sigmoid(-h1))
    d_x1 = d_h2 * w_hidden2_x1 + d_h1 * w_hidden1_x1
"""
        in text
    )
    world = module(text)
    cases = np.array([[i >> j & 1 for j in range(6)] for i in range(64)], dtype=float)
    (out,), found = world["backward"](*cases.T)
    assert out == pytest.approx(program.forward(cases)[:, 0], rel=1e-14)
    program.backward(cases)
    by_parameter = [float(np.sum(x)) for x in list(found.values())[6:]]
    assert by_parameter == pytest.approx([p.grad for p in program.parameters], rel=1e-11)


def test_outputs_may_be_leaves_and_may_be_the_same():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = w * x
    program = record([y, x, y, Value(7.0)], inputs=[x], parameters=[w])
    outputs, found = module(program.source())["backward"](5.0, seeds=(1.0, 10.0, 100.0, 1000.0))
    assert outputs == (15.0, 5.0, 15.0, 7.0)
    assert found == {"x": 313.0, "w": 505.0}


def test_sums_of_any_length_compile_and_lines_stay_short():
    x = Value(0.5, "x")
    ws = [Value(float(i), f"w{i}") for i in range(3000)]
    y = microbp.dot(ws, [x] * 3000) + microbp.total(ws) + microbp.logsumexp(ws)
    program = record(y, inputs=[x])
    text = program.source()
    assert max(map(len, text.splitlines())) <= 100
    value, found = module(text)["backward"](0.5)
    assert value == pytest.approx(program.forward([[0.5]])[0], rel=1e-13)
    assert found["x"] == pytest.approx(2999 * 1500.0)


def test_an_operation_of_ones_own_has_no_text(monkeypatch):
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    own = microbp.operation("own", value=lambda m, x: x, partials=lambda m, y, x: (1.0,))
    try:
        x = Value(0.0)
        with pytest.raises(ValueError, match="source: own is a custom operation"):
            record(own(x), inputs=[x]).source()
    finally:
        del ops.table["own"]


@pytest.mark.parametrize("x", [*FAR_ENDS, math.inf, math.nan, -0.0, -2.0, -math.inf])
def test_numbers_are_spelled_so_that_they_come_back(x):
    w, c, z = Value(x, "w"), Value(x), Value(1.0, "z")
    program = record([w * z, c * z, -c], inputs=[z], parameters=[w])
    found = module(program.source())["forward"](1.0)
    assert [float(y).hex() for y in found] == [x.hex(), x.hex(), (-x).hex()]


def test_the_text_needs_nothing_of_microbp(tmp_path, python):
    net = Net(2, rng=random.Random(0)).add("hidden", 2).add("output", 1)
    xs = [Value(0.0), Value(0.0)]
    (y,) = net(xs)
    (tmp_path / "unit.py").write_text(record(y, inputs=xs).source())
    ran = python(
        "import sys; sys.path.insert(0, sys.argv[1]); import unit; unit.backward(1.0, 2.0);"
        "assert 'microbp' not in sys.modules",
        tmp_path,
    )
    assert ran.returncode == 0, ran.stderr
