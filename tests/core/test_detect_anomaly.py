"""`detect_anomaly` names the first node that is not finite."""

import sys

import pytest

import microbp
from microbp import AnomalyError, detect_anomaly, dot, no_grad, sqrt
from microbp.core.engine import Value
from tests.helpers.nodes import INF


def here():
    """This line of the test, as errors name it."""
    return f"{__file__}:{sys._getframe(1).f_lineno}"


def test_detect_anomaly_names_the_first_node_that_overflows():
    big = Value(1e200, "big")
    with pytest.raises(AnomalyError) as error, detect_anomaly():
        _ = (line := here(), big * 1e200)
    assert str(error.value) == f"mul(big = 1e+200, 1e+200) = inf, made at {line}"


@pytest.mark.parametrize(
    ("compute", "story"),
    [
        (lambda x, y: (here(), x - y), "sub(x = inf, y = inf) = nan"),
        (lambda x, y: (here(), -x), "neg(x = inf) = -inf"),
        (lambda x, y: (here(), microbp.exp(x)), "exp(x = inf) = inf"),
        (lambda x, y: (here(), dot([x], [0], y)), "dot(x = inf, 0.0, y = inf) = nan"),
        (lambda x, y: (here(), sum([x, y])), "add(0.0, x = inf) = inf"),
        (lambda x, y: (here(), x * 0 + 1), "mul(x = inf, 0.0) = nan"),
    ],
)
def test_detect_anomaly_tells_the_story_of_any_operation(compute, story):
    x, y = Value(INF, "x"), Value(INF, "y")
    line = f"{__file__}:{compute.__code__.co_firstlineno}"
    assert compute(x, y)[0] == line
    with pytest.raises(AnomalyError) as error, detect_anomaly():
        compute(x, y)
    assert str(error.value) == f"{story}, made at {line}"


def test_detect_anomaly_names_the_first_infinite_adjoint():
    x, w = Value(0.0, "x"), Value(2.0, "w")
    x.grad, w.grad = 5.0, 7.0
    with detect_anomaly():
        root, line = sqrt(x), here()
        with pytest.raises(AnomalyError) as error:
            (root * w * w).backward()
    assert str(error.value) == (
        "backward: the adjoint 4.0 times the partial inf makes the gradient of x = 0.0 "
        f"infinite or NaN: sqrt(x = 0.0) = 0.0, made at {line}"
    )
    assert (x.grad, w.grad) == (5.0, 7.0)


def test_detect_anomaly_blames_no_sound_step():
    """Here the sum passes a sound 1.0 to x, before the square root spoils x.grad."""
    x = Value(0.0, "x")
    with pytest.raises(AnomalyError, match=r"NaN: sqrt\(x = 0.0\)"), detect_anomaly():
        (sqrt(x) + x).backward()
    assert x.grad == 0.0


def test_detect_anomaly_sees_an_overflowing_sum_of_adjoints():
    x = Value(1.0, "x")
    with detect_anomaly():
        y, line = x * 1.5, here()
        y.backward(1e308)
        assert x.grad == 1.5e308
        with pytest.raises(AnomalyError) as error:
            y.backward(1e308)
    assert str(error.value) == (
        "backward: the adjoint 1e+308 times the partial 1.5 makes the gradient of x = 1.0 "
        f"infinite or NaN: mul(x = 1.0, 1.5) = 1.5, made at {line}"
    )
    assert x.grad == 1.5e308


def test_detect_anomaly_sees_nan_in_wide_nodes():
    x, w = Value(1.0, "x"), Value(0.0)
    y = dot([w, 2.0], [x, x])
    with pytest.raises(AnomalyError) as error, detect_anomaly():
        y.backward(INF)
    assert str(error.value) == (
        "backward: the adjoint inf times the partial 1.0 makes the gradient of 0.0 infinite or "
        "NaN: dot(0.0, 2.0, x = 1.0, x = 1.0, 0.0) = 2.0, made outside detect_anomaly"
    )
    assert (x.grad, w.grad) == (0.0, 0.0)


def test_detect_anomaly_lets_sound_programs_be():
    x = Value(0.0)
    with detect_anomaly():
        y = (sqrt(x) + x) * 0 + x * 3  # the infinite partial meets a zero adjoint
        y.backward(2)
        y.backward(2)
        x.backward()
    assert (y.data, x.grad) == (0.0, 13.0)


def test_detect_anomaly_watches_under_no_grad_too():
    with detect_anomaly(), no_grad():
        assert (Value(2.0) * 3).op is None
        with pytest.raises(AnomalyError):
            Value(1e200) * 1e200


def test_detect_anomaly_is_a_decorator():
    @detect_anomaly()
    def square(x):
        return x * x

    assert square(Value(2.0)).data == 4.0
    with pytest.raises(AnomalyError, match=r"^mul\(1e\+200, 1e\+200\) = inf"):
        square(Value(1e200))


def test_nothing_remains_of_detect_anomaly():
    x = Value(0.0)
    with detect_anomaly(), detect_anomaly():
        y = sqrt(x)
    with pytest.raises(AnomalyError), detect_anomaly():
        Value(1e200) * 1e200
    assert (Value(1e200) * 1e200).data == INF
    y.backward()
    assert x.grad == INF
