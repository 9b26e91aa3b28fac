"""Infinities, NaN and anomalies in replay: the first node and case are named."""

import math

import pytest

import microbp
from microbp import Value, detect_anomaly
from microbp.replay.program import record


def test_a_sum_over_the_cases_that_overflows_is_told():
    x, w, v = Value(1.0), Value(1.0), Value(1.0)
    program = record(w * x, [x], [w])
    with pytest.warns(RuntimeWarning, match=r"^replay: the sum over the cases is not finite$"):
        assert program.backward([[1e308]] * 3) == math.inf
    assert w.grad == math.inf
    program = record(v + x, [x], [v])
    with pytest.warns(RuntimeWarning, match=r"^replay: the sum over the cases is not finite$"):
        program.backward([[1e308]] * 3)
    assert v.grad == 3.0
    assert program.forward([[1e308]] * 3).tolist() == [1e308] * 3


def test_a_zero_adjoint_passes_on_zero_even_to_an_infinite_partial():
    x, w = Value(1.0), Value(4.0)
    program = record(microbp.sqrt(x) * 0.0 * w + x, [x], [w])
    assert program.input_gradient([[0.0], [4.0]]).tolist() == [[1.0], [1.0]]
    w.data = 0.0
    program = record(microbp.sqrt(w) * (x - 1.0), [x], [w])
    assert (program.backward([[1.0], [1.0]]), w.grad) == (0.0, 0.0)
    with pytest.warns(RuntimeWarning, match="d output / d"):
        program.backward([[1.0], [2.0]])
    assert w.grad == math.inf


@pytest.mark.parametrize("which", range(11))
def test_one_derivative_of_many_by_parameters_that_is_not_finite_is_told(which):
    w = [Value(1e-200 if i == which else 1.0, f"w{i}") for i in range(11)]
    v = [Value(1e200 if i == which else 1.0) for i in range(11)]
    x = Value(1.0)
    scale = Value(1e200)
    program = record(sum(a * b * (scale * x) for a, b in zip(w, v, strict=True)), [x], w)
    with pytest.warns(RuntimeWarning, match=rf"^replay: d output / d w{which} = inf"):
        assert program.backward([[1.0]]) == pytest.approx(1.1e201)
    assert [p.grad == math.inf for p in w] == [i == which for i in range(11)]


def test_what_is_not_finite_is_named_with_its_label_and_case():
    x, w = Value(1.0, "x"), Value(1e200, "w")
    big = w * x
    big.label = "big"
    program = record(big * 3.0 - x, [x])
    cases = [[1.0], [2.0], [1e200], [1e250]]
    with pytest.warns(RuntimeWarning) as caught:
        values = program.forward(cases)
    assert values.tolist() == [3e200, 6e200, math.inf, math.inf]
    message = "replay: mul(w = 1e+200, x = 1e+200) = inf (big), in case 2"
    assert [str(w.message) for w in caught] == [message]
    assert caught[0].filename == __file__
    with pytest.warns(RuntimeWarning) as caught:
        assert program.backward(cases) == math.inf
    assert [str(w.message) for w in caught] == [message]
    with pytest.warns(RuntimeWarning) as caught:
        program.input_gradient(cases)
    assert [w.filename for w in caught] == [__file__]


@pytest.mark.parametrize("run", ["forward", "input_gradient", "backward"])
def test_an_infinity_on_the_way_to_finite_results_is_no_news(run):
    x, w = Value(1.0, "x"), Value(1.0)
    program = record(w / (1.0 + (-x).exp()), [x], [w])
    getattr(program, run)([[-1000.0]])  # a warning is an error here
    assert w.grad == 0.0
    with (
        detect_anomaly(),
        pytest.raises(microbp.AnomalyError, match=r"^exp\(1000.0\) = inf, in ca"),
    ):
        getattr(program, run)([[1.0], [-1000.0]])


@pytest.mark.parametrize("run", ["forward", "input_gradient", "backward"])
def test_under_detect_anomaly_it_raises(run):
    x, w = Value(1.0, "x"), Value(1.0, "w")
    program = record(w * x.exp(), [x])
    with detect_anomaly():
        getattr(program, run)([[1.0]])
        before = w.grad
        with pytest.raises(microbp.AnomalyError, match=r"^exp\(x = 1000.0\) = inf, in case 1$"):
            getattr(program, run)([[1.0], [1000.0]])
    assert w.grad == before


def test_a_derivative_that_is_not_finite_is_named():
    x = Value(1.0, "x")
    program = record(microbp.sqrt(x), [x])
    assert program.forward([[0.0]]).tolist() == [0.0]
    with pytest.warns(RuntimeWarning, match=r"^replay: d output / d x = inf, in case 1$"):
        assert program.input_gradient([[1.0], [0.0]]).tolist() == [[0.5], [math.inf]]
    with detect_anomaly(), pytest.raises(microbp.AnomalyError, match="d output / d x = inf"):
        program.input_gradient([[0.0]])
