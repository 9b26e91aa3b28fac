"""Masked cases are refused, wherever they are; long labels are cut; a repr that raises is none."""

import numpy as np
import pytest

import microbp
from microbp import Value, draw, explore, nn, optim, record, train, training
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest

MASKED = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], [[0, 1], [0, 0]])
ONES = [[1.0], [1.0]]


def program():
    x, w = Value(1.0, "x"), Value(2.0, "w")
    return record(x * w, [x, w])


@pytest.mark.parametrize("cases", [MASKED, [*MASKED], (MASKED[0], [1.0, 2.0])])
@pytest.mark.parametrize("name", ["forward", "backward", "input_gradient"])
def test_a_program_refuses_masked_cases(name, cases):
    with pytest.raises(TypeError, match=f"^{name}: cases: expected a number everywhere"):
        getattr(program(), name)(cases)


@pytest.mark.parametrize("cases", [(MASKED, ONES), ([*MASKED], ONES), (ONES, MASKED[:, 1:])])
def test_a_training_refuses_masked_cases(cases):
    net = nn.Net(len(cases[0][0]), [1])
    before = net.state_dict()
    for call in (
        lambda: train(net, cases, sweeps=1, progress=False),
        lambda: training.evaluate(net, cases),
    ):
        with pytest.raises(TypeError, match="to have a number everywhere, got a masked array"):
            call()
    assert net.state_dict() == before


def test_arrays_that_mask_nothing_are_cases():
    whole = np.ma.masked_array([[1.0, 2.0]])
    assert program().backward(whole) == program().forward([*whole])[0] == 2.0


LONG = "ab<" * 10_000


def test_a_long_label_is_cut_where_it_is_shown():
    x = Value(-1.0, LONG)
    y = x * 2.0
    y.label = LONG
    pictures = [draw(y).source, explore(y).html]
    assert x.label == LONG
    with pytest.raises(ValueError, match="30,000 characters") as error:
        microbp.log(x)
    plain = Value(-1.0, "a") * 2.0
    plain.label = "a"
    for text, short in zip(pictures, [draw(plain).source, explore(plain).html], strict=True):
        assert "30,000 characters" in text
        assert len(text) < len(short) + 30_000
    assert len(str(error.value)) < 2_000


class Hostile:
    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __repr__


CALLS = [
    Value,
    nn.Net(2, [1]),
    lambda x: train(nn.Net(2, [1]), x, sweeps=1),
    lambda x: nn.Net(x, [1]),
    draw,
    explore,
    lambda x: record(x, []),
    optim.Adam,
    lambda x: optim.Adam([x]),
    lambda x: optim.Adam([Value(1.0)], lr=x),
    lambda x: program().forward([[x, 1.0]]),
    lambda x: microbp.grad(x)(1.0),
    lambda x: microbp.grad(lambda a: x)(1.0),
    lambda x: microbp.gradcheck(x, [1.0]),
    lambda x: microbp.study(x, [1]),
    lambda x: setattr(Value(1.0), "label", x),
]


@pytest.mark.parametrize("call", CALLS)
def test_an_error_about_what_has_no_repr_says_its_class(call):
    for junk in (Hostile(), [Hostile()]):
        with pytest.raises((TypeError, ValueError), match="expected") as error:
            call(junk)
        assert "Hostile" in str(error.value) or isinstance(junk, list)


def test_a_parameter_is_given_once():
    x = Value(1.0, "x")
    for kind in (optim.Descent, optim.Momentum, optim.Adam):
        with pytest.raises(ValueError, match="expected each parameter once"):
            kind([x, x])
