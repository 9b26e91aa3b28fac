"""What a user's program sees of our types: `mypy --strict` checks this file, and pytest runs it."""

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

import microbp
from microbp import Value, losses, nn, optim, plots
from microbp.checking import Report
from microbp.drawing import Picture
from microbp.explorer import Explorer
from microbp.replay import Program
from microbp.training import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from typing_extensions import assert_type
else:

    def assert_type(x: Any, _: Any) -> Any:
        return x


def swish(x: Value) -> Value:
    return x * microbp.sigmoid(x)


@microbp.no_grad()
def doubled(x: Value) -> float:
    return (x * 2).data


def test_values() -> None:
    x = Value(0.5, label="x")
    y = assert_type(2 / swish(x) - x**2 + 1.0, Value)
    assert_type(y.backward(), None)
    assert_type(x.grad, float)
    assert_type(y.operands, tuple[Value, ...])
    assert_type(x < y, bool)
    assert_type(doubled(x), float)
    with microbp.detect_anomaly():
        assert_type(microbp.__version__, str)


def test_functions_of_values_give_values_and_of_floats_floats() -> None:
    x = Value(0.5)
    assert_type(microbp.tanh(x), Value)
    assert_type(microbp.tanh(0.5), float)
    assert_type(microbp.maximum(x, 1), Value)
    assert_type(microbp.maximum(1, 2.0), float)
    assert_type(microbp.dot([x, 1.0], [2.0, x], 1.0), Value)
    assert_type(microbp.dot([1.0], [2.0]), float)
    assert_type(microbp.total([x, 1.0]), Value)
    assert_type(list(map(microbp.exp, [0.0, 1.0])), list[float])
    for mixed in (x, 1.0):
        assert_type(microbp.sin(mixed), Value | float)


if TYPE_CHECKING:  # at run time, the operation would stay in the table
    square = microbp.operation(
        "square", value=lambda m, a: a * a, partials=lambda m, y, a: (2 * a,)
    )
    assert_type(square(Value(3.0)), Value)
    assert_type(square(3.0), float)


def test_derivatives() -> None:
    slope: float = microbp.grad(swish)(0.5)
    report = assert_type(microbp.gradcheck(swish, 0.5), Report)
    assert report.verdict == "pass"
    assert slope == report.entries[0].backward


def test_nets() -> None:
    net = nn.Net(2, rng=random.Random(0)).add("hidden", 2).add("output", 1)
    assert_type(net, nn.Net)
    outputs = assert_type(net([0.0, 1.0]), list[Value])
    error = assert_type(losses.squared_error(outputs, [1.0]), Value)
    assert_type(net.parameters(), list[Value])
    cases = [([0.0, 1.0], [1.0]), ([1.0, 1.0], [0.0])]
    optimizer = optim.Momentum(net.parameters(), lr=0.5, momentum=0.9)
    history = assert_type(microbp.train(net, cases, optimizer, sweeps=3), History)
    assert_type(history[-1].error, float)
    assert_type(microbp.draw(error), Picture)
    assert_type(microbp.explore(error), Explorer)
    if TYPE_CHECKING:  # Matplotlib is an extra
        assert_type(plots.learning_curve(history), Axes)


def test_programs() -> None:
    x = Value(2.0)
    program = assert_type(microbp.record(x * x, inputs=[x]), Program)
    assert_type(program.forward([[3.0]]), npt.NDArray[np.float64])
