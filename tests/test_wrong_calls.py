"""What users may write by mistake, and what microbp answers: the exact words, on both engines."""

import contextlib
import io
import traceback

import numpy as np
import pytest

import microbp
from microbp import (
    Value,
    datasets,
    dot,
    draw,
    experiments,
    explore,
    grad,
    gradcheck,
    losses,
    nn,
    optim,
    plots,
    record,
    sin,
    study,
    total,
    train,
)
from microbp.cli.main import main
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest


def x(data=1.0):
    return Value(data, "x")


def program():
    inputs = x()
    return record(inputs + 1, inputs=[inputs])


X, Y = datasets.moons(10, seed=1)
XOR = [([0, 0], [0]), ([0, 1], [1])]


def net(**options):
    return nn.Net(2, [2, 1], **options)


def go(cases=XOR, optimizer=None, n=None, **options):
    return train(n or net(), cases, optimizer, progress=False, **{"sweeps": 1, **options})


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
    ("Value()", lambda: Value(), TypeError,
     "Value: expected a number, as in Value(3.0) or Value(3.0, label='x')"),
    ("x + '1'", lambda: x() + "1", TypeError,
     "add: expected a real number or a Value, got '1'"),
    ("x.backward('1')", lambda: x().backward("1"), TypeError,
     "backward: expected a real number or a Value, got '1'"),
    # Nets and optimizers
    ("Net(True)", lambda: nn.Net(True), TypeError,
     "inputs: group 'x': expected a whole number from 1 on, got True"),
    ("Net(2, rng=1)", lambda: nn.Net(2, rng=1), TypeError,
     "Net: expected rng to be a random.Random, got 1: write rng=random.Random(1), or seed=1"),
    ("Net(2)([1, 2])", lambda: nn.Net(2)([1, 2]), ValueError,
     "net: there are no layers yet: write Net(2, [16, 1]), or net.add('output', 1)"),
    ("Descent(lr='a')", lambda: optim.Descent([x()], lr="a"), TypeError,
     "lr: expected a number or a function of the sweep, got 'a'"),
    ("Descent(lr=nan)", lambda: optim.Descent([x()], lr=float("nan")), ValueError,
     "lr: expected a finite number, got nan"),
    ("train(net, X)", lambda: train(nn.Net(2, [1]), np.zeros((2, 2))), TypeError,
     "train: expected cases as pairs (inputs, targets), or as (X, y), got an array or frame of "
     "shape (2, 2): write train(net, (X, y), ...), or a list of pairs (inputs, targets)"),
    ("train(..., parameters)", lambda: train(nn.Net(1, [1]), [([1], [1])], [x()]), TypeError,
     "train: expected an optimizer, got parameters: write Momentum(net.parameters(), lr=0.1)"),
    ("train(..., loss='mse')", lambda: train(nn.Net(1, [1]), [([1], [1])], loss="mse"), ValueError,
     "train: expected loss as one of squared, banded_squared, cross_entropy, "
     "binary_cross_entropy, hinge; got 'mse': did you mean 'squared'?"),
    ("train(..., sweeps='3')", lambda: train(nn.Net(1, [1]), [([1], [1])], sweeps="3"), TypeError,
     "train: sweeps: expected a whole number from 0 on, got '3'"),
    ("squared_error(3, 4)", lambda: losses.squared_error(3, 4), TypeError,
     "squared_error: expected a list of outputs, got 3"),
    # Derivatives
    ("grad(3)(0)", lambda: grad(3)(0), TypeError,
     "grad: expected a function, got 3: write grad(lambda x: x * x)(2.0)"),
    ("gradcheck(3, 1.0)", lambda: gradcheck(3, 1.0), TypeError,
     "gradcheck: expected a function, got 3: write gradcheck(lambda x: x * x, 2.0)"),
    # Pictures and pages
    ("draw()", lambda: draw(), TypeError, "draw: expected one or more Values, got none"),
    ("draw(3)", lambda: draw(3), TypeError, "draw: expected Values or a net, got 3"),
    ("draw([x, 3])", lambda: draw([x(), 3]), TypeError, "draw: expected Values or a net, got 3"),
    ("draw(sin)", lambda: draw(sin), TypeError,
     "draw: expected Values or a net, got <function sin>: call it, draw(f(x))"),
    ("draw(x, fold='net')", lambda: draw(x(), fold="net"), ValueError,
     "draw: fold: expected one of None, 'unit', 'layer'; got 'net'"),
    ("explore(None)", lambda: explore(None), TypeError,
     "explore: expected Values or a net, got None"),
    ("explore(x, 'x.svg')", lambda: explore(x(), "x.svg"), ValueError,
     "explore: expected a file name in .html, got 'x.svg'"),
    # Replay
    ("record(x, x)", lambda: record(x(), x()), TypeError,
     "record: expected a list of Values as inputs, got one Value: write inputs=[x]"),
    ("record(3, [x])", lambda: record(3, [x()]), TypeError,
     "record: expected a list of Values as outputs, got 3"),
    ("record(x + 1, [3])", lambda: record(x() + 1, [3]), TypeError,
     "record: expected Values as inputs, got 3"),
    ("record(x + 1, [x + 1])", lambda: record(x() + 1, [x() + 1]), ValueError,
     "record: expected leaves as inputs, got Value(2.0, grad=0.0, op=add)"),
    ("Program.load(3)", lambda: microbp.Program.load(3), TypeError,
     "load: expected the name of a file, got 3"),
    ("Program.save(None)", lambda: program().save(None), TypeError,
     "save: expected the name of a file, got None"),
    ("forward(..., threads=10**30)", lambda: program().forward([[1.0]], threads=10**30),
     ValueError, "threads: expected a whole number from 1 to 1,000,000,000, "
     "got 1000000000000000000000000000000"),
    ("forward(..., threads='2')", lambda: program().forward([[1.0]], threads="2"),
     TypeError, "threads: expected a whole number from 1 to 1,000,000,000, got '2'"),
    ("forward(3)", lambda: program().forward(3), TypeError,
     "cases: expected rows of numbers, got 3"),
    # Nets and training
    ("Net(2)(x)", lambda: nn.Net(2)([0, 1]), ValueError,
     "net: there are no layers yet: write Net(2, [16, 1]), or net.add('output', 1)"),
    ("Net(True)", lambda: nn.Net(True), TypeError,
     "inputs: group 'x': expected a whole number from 1 on, got True"),
    ("Net(2.0)", lambda: nn.Net(2.0), TypeError,
     "inputs: group 'x': expected a whole number from 1 on, got 2.0"),
    ("Net('2')", lambda: nn.Net("2"), TypeError,
     "inputs: group 'x': expected a whole number from 1 on, got '2'"),
    ("Net([2, 16, 1])", lambda: nn.Net([2, 16, 1]), TypeError,
     "Net: expected the number of inputs, then a list of layers, as in Net(2, [16, "
     "1]), got [2, 16, 1]"),
    ("Net(2, 16)", lambda: nn.Net(2, 16), TypeError,
     "Net: expected a list of the number of units in each layer, got 16: write [16]"),
    ("Net(2, [16, 'a'])", lambda: nn.Net(2, [16, "a"]), TypeError,
     "Net: units of a layer: expected a whole number from 1 on, got 'a'"),
    ("Net(2, [])", lambda: nn.Net(2, []), ValueError,
     "Net: expected at least one layer, and at least 1 unit in each, got []"),
    ("Net(2, rng=1)", lambda: nn.Net(2, rng=1), TypeError,
     "Net: expected rng to be a random.Random, got 1: write rng=random.Random(1), or "
     "seed=1"),
    ("Net(2, seed=1, rng=...)", lambda: nn.Net(2, seed=1, rng="r"), TypeError,
     "Net: expected a seed or an rng, got both: 1 and 'r'"),
    ("Net(2, seed='a')", lambda: nn.Net(2, seed="a"), TypeError,
     "Net: seed: expected a whole number from 0 on, got 'a'"),
    ("Net(2, init='xavir')", lambda: nn.Net(2, init="xavir"), ValueError,
     "init: expected a number or one of uniform, xavier, he, zeros; got 'xavir': did "
     "you mean 'xavier'?"),
    ("Net(2, init=nan)", lambda: nn.Net(2, init=float("nan")), ValueError,
     "init: expected a finite number, got nan"),
    ("Net(2, init=None list)", lambda: nn.Net(2, init=[1]), TypeError,
     "init: expected a number or one of uniform, xavier, he, zeros; got [1]"),
    ("Net(2, [2, 1], activation='rellu')", lambda: nn.Net(2, [2, 1], activation="rellu"),
     ValueError,
     "activation: expected one of sigmoid, tanh, relu, softplus, linear, leaky_relu; "
     "got 'rellu': "
     "did you mean 'relu'?"),
    ("Net(2, [2, 1], activation='softmax')", lambda: nn.Net(2, [2, 1], activation="softmax"),
     ValueError,
     "activation: expected one of sigmoid, tanh, relu, softplus, linear, leaky_relu; "
     "got 'softmax'"),
    ("Net(2, [2, 1], output='sofmax')", lambda: nn.Net(2, [2, 1], output="sofmax"), ValueError,
     "activation: expected one of sigmoid, tanh, relu, softplus, linear, leaky_relu, "
     "softmax; got 'sofmax': did you mean 'softmax'?"),
    ("Net(2, activation='tanh')", lambda: nn.Net(2, activation="tanh"), TypeError,
     "Net: activation and output are of layers in a list, as in Net(2, [16, 1]); "
     "add(name, units, activation=...) says them for one layer"),
    ("add(2)", lambda: nn.Net(2).add(2, 3), TypeError,
     "add: expected a name for the layer, as in add('hidden', 2), got 2"),
    ("add units str", lambda: nn.Net(2).add("hidden", "3"), TypeError,
     "add: units of layer 'hidden': expected a whole number from 1 on, got '3'"),
    ("net(3)", lambda: net()(3), TypeError,
     "net: expected a sequence of 2 inputs x, got 3"),
    ("train(net, X)", lambda: train(net(), X), TypeError,
     "train: expected cases as pairs (inputs, targets), or as (X, y), got an array or "
     "frame of shape (10, 2): write train(net, (X, y), ...), or a list of pairs "
     "(inputs, targets)"),
    ("train(net, X, y)", lambda: train(net(), X, Y), TypeError,
     "train: expected cases as pairs (inputs, targets), or as (X, y), got an array or "
     "frame of shape (10, 2): write train(net, (X, y), ...), or a list of pairs "
     "(inputs, targets)"),
    ("train(net, 3)", lambda: train(net(), 3), TypeError,
     "train: expected cases as a list of pairs (inputs, targets), or as (X, y), got 3"),
    ("train(net, zip(X, y))", lambda: train(net(), zip(X, Y, strict=True)), TypeError,
     "train: expected cases that can be gone over once a sweep, got a zip, which ends "
     "after the first: write list(...) around it"),
    ("train(net, generator)", lambda: train(net(), (c for c in XOR)), TypeError,
     "train: expected cases that can be gone over once a sweep, got a generator, "
     "which ends after the first: write list(...) around it"),
    ("train(net, list of numbers)", lambda: train(net(), [0, 1, 1]), TypeError,
     "train: expected case 0 to be a pair (inputs, targets), got 0: write train(net, "
     "(X, y), ...), or a list of pairs (inputs, targets)"),
    ("train(net, list of rows)", lambda: train(net(), [[0, 0, 0], [0, 1, 1]]), TypeError,
     "train: expected case 0 to be a pair (inputs, targets), got [0, 0, 0]: write "
     "train(net, (X, y), ...), or a list of pairs (inputs, targets)"),
    ("train(net, pairs of numbers)", lambda: train(net(), [(0, 1), (1, 0)]), TypeError,
     "train: expected the inputs of case 0 to be a list of numbers, got 0: write "
     "train(net, (X, y), ...), or a list of pairs (inputs, targets)"),
    ("train(net, None target)", lambda: train(net(), [([0, 1], None)]), TypeError,
     "train: expected the targets of case 0 to be numbers, got None"),
    ("train(net, (X, y[:3]))", lambda: train(net(), (X, Y[:3])), ValueError,
     "train: X has 10 cases but y has 3"),
    ("train(net, (X, None))", lambda: train(net(), (X, None)), TypeError,
     "train: expected y to be an array or a list, got None: write train(net, (X, y), "
     "...), or a list of pairs (inputs, targets)"),
    ("train(net, (X, 3d))", lambda: train(net(), (X, np.zeros((10, 1, 1)))), ValueError,
     "train: expected y to have a row of numbers for each case, got an array of shape "
     "(10, 1, 1)"),
    ("train(net, (5 columns, y))", lambda: train(net(), (np.ones((10, 5)), Y)), ValueError,
     "net: expected 2 inputs x, got 5"),
    ("train(Net, cases)", lambda: train(nn.Net, XOR), TypeError,
     "train: expected a net, such as Net(2, [16, 1]), got <class 'microbp.nn.net.Net'>"),
    ("train(cases, net)", lambda: train(XOR, net()), TypeError,
     "train: expected a net, such as Net(2, [16, 1]), got [([0, 0], [0]), ([0, 1], "
     "[1])]"),
    ("parameters for optimizer", lambda: go(optimizer=net().parameters()), TypeError,
     "train: expected an optimizer, got parameters: write Momentum(net.parameters(), "
     "lr=0.1)"),
    ("class for optimizer", lambda: go(optimizer=optim.Momentum), TypeError,
     "train: expected an optimizer, got a class: write Momentum(net.parameters(), "
     "lr=0.1)"),
    ("name for optimizer", lambda: go(optimizer="adam"), TypeError,
     "train: expected an optimizer, got 'adam': write Momentum(net.parameters(), "
     "lr=0.1)"),
    ("lr and optimizer", lambda: go(optimizer=optim.Descent(net().parameters()), lr=0.1), TypeError,
     "train: lr is for training without an optimizer; this one has its own"),
    ("loss='mse'", lambda: go(loss="mse"), ValueError,
     "train: expected loss as one of squared, banded_squared, cross_entropy, "
     "binary_cross_entropy, hinge; got 'mse': did you mean 'squared'?"),
    ("loss='hinges'", lambda: go(loss="hinges"), ValueError,
     "train: expected loss as one of squared, banded_squared, cross_entropy, "
     "binary_cross_entropy, hinge; got 'hinges': did you mean 'hinge'?"),
    ("loss='xyz'", lambda: go(loss="xyz"), ValueError,
     "train: expected loss as one of squared, banded_squared, cross_entropy, "
     "binary_cross_entropy, hinge; got 'xyz'"),
    ("loss=3", lambda: go(loss=3), TypeError,
     "train: expected loss as a function of outputs and targets, or as one of "
     "squared, banded_squared, cross_entropy, binary_cross_entropy, hinge; got 3"),
    ("sigmoid twice", lambda: go(n=net(output="sigmoid"), loss="binary_cross_entropy"), ValueError,
     "train: the loss takes the sigmoid itself, but the outputs are a sigmoid "
     "already: make the last layer linear, as in Net(2, [16, 1], output='linear')"),
    ("softmax twice", lambda: go(n=net(output="softmax"), loss="cross_entropy"), ValueError,
     "train: the loss takes the softmax itself, but the outputs are a softmax "
     "already: make the last layer linear, as in Net(2, [16, 1], output='linear')"),
    ("hinge 0/1", lambda: go(loss="hinge"), ValueError,
     "train: hinge expected targets of -1 and 1, got 0 in case 0: write 2 * y - 1 for "
     "targets of 0 and 1"),
    ("class 5", lambda: go([([0, 1], 5)], n=nn.Net(2, [3]), loss="cross_entropy"), ValueError,
     "train: expected case 0 to have a class from 0 to 2, as the net has 3 outputs, "
     "got 5"),
    ("sweeps='3'", lambda: go(sweeps="3"), TypeError,
     "train: sweeps: expected a whole number from 0 on, got '3'"),
    ("sweeps=nan", lambda: go(sweeps=float("nan")), TypeError,
     "train: sweeps: expected a whole number from 0 on, got nan"),
    ("sweeps=2.5", lambda: go(sweeps=2.5), TypeError,
     "train: sweeps: expected a whole number from 0 on, got 2.5"),
    ("sweeps=-1", lambda: go(sweeps=-1), ValueError,
     "train: expected sweeps >= 0 and checkpoint_every >= 1, got -1 and 100"),
    ("lr=nan", lambda: go(lr=float("nan")), ValueError,
     "lr: expected a finite number, got nan"),
    ("lr='a'", lambda: go(lr="a"), TypeError,
     "lr: expected a number or a function of the sweep, got 'a'"),
    ("batch=0", lambda: go(batch=0), ValueError,
     "train: batch: expected a whole number from 1 on, got 0"),
    ("batch='all'", lambda: go(batch="all"), TypeError,
     "train: batch: expected a whole number from 1 on, got 'all'"),
    ("batch and change_per_case", lambda: go(batch=1, change_per_case=True), ValueError,
     "train: expected batch or change_per_case, got both"),
    ("l2=-1", lambda: go(l2=-1), ValueError,
     "train: expected l2 >= 0, got -1.0"),
    ("l2='a'", lambda: go(l2="a"), TypeError,
     "train: l2: expected a real number or a Value, got 'a'"),
    ("seed=1.5", lambda: go(seed=1.5), TypeError,
     "train: seed: expected a whole number from 0 on, got 1.5"),
    ("metrics", lambda: go(metrics=["accuracy"]), TypeError,
     "train: expected metrics as functions of outputs and targets by name, as in "
     "{'distance': lambda ys, ds: abs(ys[0] - ds[0])}, got ['accuracy']; "
     "history.accuracy is there without"),
    ("callback", lambda: go(callback=3), TypeError,
     "train: expected callback as a function, got 3"),
    ("until", lambda: go(until=0.1), TypeError,
     "train: expected until as a function, got 0.1"),
    ("patience=0", lambda: go(patience=0), ValueError,
     "train: patience: expected a whole number from 1 on, got 0"),
    ("keep", lambda: go(keep="all"), ValueError,
     "train: expected keep as None or 'weights', got 'all'"),
    ("every", lambda: go(keep="weights", every=0), ValueError,
     "train: every: expected a whole number from 1 on, got 0"),
    ("validation", lambda: go(validation=X), TypeError,
     "train: expected validation as pairs (inputs, targets), or as (X, y), got an "
     "array or frame of shape (10, 2): write train(net, (X, y), ...), or a list of "
     "pairs (inputs, targets)"),
    ("validation=0.2", lambda: go(validation=0.2), TypeError,
     "train: expected validation as a list of pairs (inputs, targets), or as (X, y), "
     "got 0.2"),
    ("engine", lambda: go(engine="c"), ValueError,
     "train: expected engine 'auto', 'replay' or 'eager', got 'c'"),
    ("Descent(net)", lambda: optim.Descent(net()), TypeError,
     "parameters: expected leaves, got a Net: write net.parameters()"),
    ("Descent(w)", lambda: optim.Descent(x()), TypeError,
     "parameters: expected a list of leaves, got Value(1.0, grad=0.0, label='x'): "
     "write [x]"),
    ("Descent(3)", lambda: optim.Descent(3), TypeError,
     "parameters: expected a list of leaves, got 3"),
    ("Descent([1.0])", lambda: optim.Descent([1.0]), TypeError,
     "parameters: expected leaves, got 1.0"),
    ("Descent([w, w])", lambda: optim.Descent([x()] * 2), ValueError,
     "parameters: expected each once, got Value(1.0, grad=0.0, label='x') at 0 and at "
     "1"),
    ("Descent(lr='a')", lambda: optim.Descent([x()], lr="a"), TypeError,
     "lr: expected a number or a function of the sweep, got 'a'"),
    ("Descent(lr=nan)", lambda: optim.Descent([x()], lr=float("nan")), ValueError,
     "lr: expected a finite number, got nan"),
    ("Descent(lr=True)", lambda: optim.Descent([x()], lr=True), TypeError,
     "lr: expected a number or a function of the sweep, got True"),
    ("Momentum(momentum='a')", lambda: optim.Momentum([x()], momentum="a"), TypeError,
     "momentum: expected a number or a function of the sweep, got 'a'"),
    ("Adam(beta1=None)", lambda: optim.Adam([x()], beta1=None), TypeError,
     "beta1: expected a number, got None"),
    ("Adam.load", lambda: optim.Adam([x()]).load_state_dict({"steps": 1, "mean": [], "square": []}),
     ValueError,
     "mean: expected a number for each of 1 parameters, got 0"),
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
    # Studies
    ("study(3)", lambda: study(3), TypeError,
     "study: expected an experiment, a function of a seed, got 3"),
    ("study(f, 100)", lambda: study(dict, 100), TypeError,
     "study: expected seeds as a list, got 100: write range(100)"),
    ("study(f, [0.5])", lambda: study(dict, [0.5]), TypeError,
     "study: expected whole numbers as seeds, got [0.5]"),
    ("study(f, 'abc')", lambda: study(dict, "abc"), TypeError,
     "study: expected a list of seeds, got 'abc'"),
    ("study(..., jobs='2')", lambda: study(dict, jobs="2"), TypeError,
     "study: jobs: expected a whole number from 1 on, got '2'"),
    ("study(..., settings=3)", lambda: study(dict, settings=3), TypeError,
     "study: expected settings as a dict, got 3"),
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
    files = {frame.filename for frame in traceback.extract_tb(error.value.__traceback__)}
    assert {file[-3:] for file in files} == {".py"}  # no Cython, which has no source to show
