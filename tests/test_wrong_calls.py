"""What users may write by mistake, and what microbp answers: the exact words, on both engines."""

import contextlib
import io

import pytest

import microbp
from microbp import (
    Value,
    datasets,
    dot,
    draw,
    experiments,
    explore,
    gradcheck,
    losses,
    nn,
    optim,
    plots,
    record,
    sin,
    total,
)
from microbp.cli.main import main
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest


def x(data=1.0):
    return Value(data, "x")


def program():
    inputs = x()
    return record(inputs + 1, inputs=[inputs])


def command(*words):
    """Run `microbp` with these words; an error with what it says where it fails."""
    with contextlib.redirect_stderr(io.StringIO()) as said, contextlib.suppress(SystemExit):
        main(words)
    raise RuntimeError(said.getvalue().partition(": error: ")[2].strip())


WRONG = [
    # Sums and operations
    ("logsumexp([])", lambda: microbp.logsumexp([]), ValueError,
     "logsumexp: expected at least one value, got none"),
    ("dot([1], [1, 2])", lambda: dot([1], [1, 2]), ValueError, "dot: 1 weights but 2 activities"),
    ("dot([1], '12')", lambda: dot([1], "12"), TypeError,
     "dot: expected a list of activities, got '12'"),
    ("dot(-1, [1])", lambda: dot(-1, [1]), TypeError, "dot: expected a list of weights, got -1"),
    ("total(None)", lambda: total(None), TypeError,
     "total: expected a list of Values or numbers, got None"),
    ("total(x)", lambda: total(x()), TypeError,
     "total: expected a list of Values or numbers, got Value(1.0, grad=0.0, label='x')"),
    ("logsumexp({})", lambda: microbp.logsumexp({}), TypeError,
     "logsumexp: expected a list of Values or numbers, got {}"),
    ("sin('1')", lambda: sin("1"), TypeError, "sin: expected a real number or a Value, got '1'"),
    # Pictures and pages
    ("draw()", lambda: draw(), TypeError, "draw: expected one or more Values, got none"),
    ("draw(3)", lambda: draw(3), TypeError, "draw: expected Values or a net, got 3"),
    ("draw([x, 3])", lambda: draw([x(), 3]), TypeError, "draw: expected Values or a net, got 3"),
    ("draw(sin)", lambda: draw(sin), TypeError,
     "draw: expected Values or a net, got <function sin>: call it, draw(f(x))"),
    ("draw(x, fold='net')", lambda: draw(x(), fold="net"), ValueError,
     "fold: expected one of None, 'unit', 'layer'; got 'net'"),
    ("explore(None)", lambda: explore(None), TypeError,
     "explore: expected Values or a net, got None"),
    ("explore(x, 'x.svg')", lambda: explore(x(), "x.svg"), ValueError,
     "explore: expected a file name in .html, got 'x.svg'"),
    # Replay
    ("record(x, x)", lambda: record(x(), x()), TypeError,
     "record: expected several Values as inputs, got Value(1.0, grad=0.0, label='x')"),
    ("forward(..., threads=10**30)", lambda: program().forward([[1.0]], threads=10**30),
     ValueError, "threads: expected a whole number from 1 to 1,000,000,000, "
     "got 1000000000000000000000000000000"),
    ("forward(..., threads='2')", lambda: program().forward([[1.0]], threads="2"),
     TypeError, "threads: expected a whole number from 1 to 1,000,000,000, got '2'"),
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
     "module 'microbp' has no attribute 'where': write where_positive(x, a, b)"),
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
    # The command
    ("microbp symetry", lambda: command("symetry"), RuntimeError,
     "there is no command 'symetry': did you mean 'symmetry'?"),
    ("microbp test", lambda: command("test"), RuntimeError,
     "there is no command 'test'; there are symmetry, family-trees, iterative, sequences, xor, "
     "parity, encoder, addition, negation, t-c, methods, study, check, draw, explore"),
    ("microbp study x-or", lambda: command("study", "x-or"), RuntimeError,
     "there is no experiment 'x-or': did you mean 'xor'?"),
    ("load('symetry')", lambda: experiments.load("family_trees"), ValueError,
     "load: expected one of symmetry, family-trees, iterative, sequences, xor, parity, encoder, "
     "addition, negation, t-c, methods; got 'family_trees': did you mean 'family-trees'?"),
    ("w*x^2", lambda: command("check", "(w)*x ^2"), RuntimeError,
     "argument formula: ^ is no operation here: write ** for a power, as in x**2\n"
     "  (w)*x ^2\n"
     "        ^"),
    ("-x*2", lambda: command("check", "-x*2", "--at", "x=1"), RuntimeError,
     'a formula that begins with a minus looks like an option: put it into parentheses, "(-x*2)"'),
    ("-x", lambda: command("draw", "--at", "x=1", "-x"), RuntimeError,
     'a formula that begins with a minus looks like an option: put it into parentheses, "(-x)"'),
    ("ln(x)", lambda: command("check", "2*ln(x)"), RuntimeError,
     "argument formula: there is no function ln: did you mean 'log'?\n  2*ln(x)\n    ^"),
    ("--at x=1,x=2", lambda: command("check", "x*2", "--at", "x=1,x=2"), RuntimeError,
     "--at gives x twice"),
    ("--at x=1 --at x=2", lambda: command("check", "x*2", "--at", "x=1", "--at", "x=2"),
     RuntimeError, "--at gives x twice"),
    ("two ways to write fi", lambda: command("check", "\ufb01 + fi", "--at", "\ufb01=1,fi=2"),
     RuntimeError, "--at gives fi twice"),
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
