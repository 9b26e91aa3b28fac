"""What users may write by mistake, and what microbp answers: the exact words, on both engines."""

import pytest

import microbp
from microbp import Value, datasets, dot, draw, gradcheck, losses, nn, optim, plots, record, sin
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest


def x(data=1.0):
    return Value(data, "x")


def program():
    inputs = x()
    return record(inputs + 1, inputs=[inputs])


WRONG = [
    # Sums and operations
    ("logsumexp([])", lambda: microbp.logsumexp([]), ValueError,
     "logsumexp: expected at least one value, got none"),
    ("dot([1], [1, 2])", lambda: dot([1], [1, 2]), ValueError, "dot: 1 weights but 2 activities"),
    ("sin('1')", lambda: sin("1"), TypeError, "sin: expected a real number or a Value, got '1'"),
    # Pictures and pages
    ("draw()", lambda: draw(), TypeError, "draw: expected one or more Values, got none"),
    # Replay
    ("forward(3)", lambda: program().forward(3), TypeError,
     "cases: expected rows of numbers, got 3"),
    # Nets and training
    # Derivatives and checks
    ("gradcheck(sin)", lambda: gradcheck(sin), ValueError,
     "gradcheck: expected arguments or parameters, got none"),
    # Names that are not there
    ("microbp.ReLU", lambda: microbp.ReLU, AttributeError,
     "module 'microbp' has no attribute 'ReLU': did you mean 'microbp.relu'?"),
    ("microbp.Net", lambda: microbp.Net, AttributeError,
     "module 'microbp' has no attribute 'Net': did you mean 'microbp.nn.Net'?"),
    ("microbp.where", lambda: microbp.where, AttributeError,
     "module 'microbp' has no attribute 'where': did you mean 'microbp.where_positive(x, a, b)'?"),
    ("microbp.nothing", lambda: microbp.nothing, AttributeError,
     "module 'microbp' has no attribute 'nothing'"),
    ("optim.SGD", lambda: optim.SGD, AttributeError,
     "module 'microbp.optim' has no attribute 'SGD': did you mean 'microbp.optim.Descent'?"),
    ("nn.MLP", lambda: nn.MLP, AttributeError,
     "module 'microbp.nn' has no attribute 'MLP': did you mean 'microbp.nn.Net'?"),
    ("losses.mse", lambda: losses.mse, AttributeError,
     "module 'microbp.losses' has no attribute 'mse': "
     "did you mean 'microbp.losses.squared_error'?"),
    ("plots.hintn", lambda: plots.hintn, AttributeError,
     "module 'microbp.plots' has no attribute 'hintn': did you mean 'microbp.plots.hinton'?"),
    # Data sets
    ("moons(-1)", lambda: datasets.moons(-1), ValueError,
     "moons: expected n_samples of at least 2, got -1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "kind", "text"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_wrong_call_is_told_what_to_write(call, kind, text):
    with pytest.raises(Exception) as error:  # noqa: PT011  # the kind is checked below
        call()
    assert type(error.value) is kind
    assert str(error.value) == text
