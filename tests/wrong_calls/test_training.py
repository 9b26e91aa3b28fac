"""Wrong calls of `train`, `evaluate`, losses and histories: the exact words, on both engines."""

import errno
import math

import numpy as np

from microbp import datasets, losses, nn, optim, train, training
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
from tests.helpers.wrong_calls import check, net, wrong_calls, x

X, Y = datasets.moons(10, seed=1)
XOR = [([0, 0], [0]), ([0, 1], [1])]


def go(cases=XOR, optimizer=None, n=None, **options):
    return train(n or net(), cases, optimizer, **{"sweeps": 1, "progress": False, **options})


class Foreign:
    """An optimizer of another library."""

    param_groups = ()

    def step(self):
        raise NotImplementedError

    def zero_grad(self):
        raise NotImplementedError


class Mlp:
    """A net as micrograd has it."""

    def __call__(self, inputs):
        return inputs[0]

    def parameters(self):
        return []


WRONG = [
    # Training
    ("train(net, X)", lambda: train(nn.Net(2, [1]), np.zeros((2, 2))), TypeError,
     "train: expected cases as pairs (inputs, targets), or as (X, y), got an array or frame of "
     "shape (2, 2): write train(net, (X, y), ...), or a list of pairs (inputs, targets)"),
    ("train(..., parameters)", lambda: train(nn.Net(1, [1]), [([1], [1])], [x()]), TypeError,
     "train: expected an optimizer, got parameters: write Momentum(net.parameters(), lr=0.1)"),
    ("train(..., loss='mse')", lambda: train(nn.Net(1, [1]), [([1], [1])], loss="mse"), ValueError,
     "train: expected loss as one of squared, banded_squared, cross_entropy, "
     "binary_cross_entropy, hinge; got 'mse': did you mean 'squared'?"),
    ("train(..., loss='MSELoss')", lambda: go(loss="MSELoss"), ValueError,
     "train: expected loss as one of squared, banded_squared, cross_entropy, "
     "binary_cross_entropy, hinge; got 'MSELoss': did you mean 'squared'?"),
    ("train(..., loss='BCEWithLogitsLoss')", lambda: go(loss="BCEWithLogitsLoss"), ValueError,
     "train: expected loss as one of squared, banded_squared, cross_entropy, "
     "binary_cross_entropy, hinge; got 'BCEWithLogitsLoss': did you mean "
     "'binary_cross_entropy'?"),
    ("train with a loss of one argument", lambda: go(loss=lambda ys: ys[0]), TypeError,
     "train: loss: expected a function of outputs and targets, as in lambda outputs, targets: "
     "..., got <function <lambda>>, which takes (ys)"),
    ("train with a callback of nothing", lambda: go(callback=lambda: None), TypeError,
     "train: callback: expected a function of history, as in lambda history: ..., got "
     "<function <lambda>>, which takes ()"),
    ("train with until of two arguments", lambda: go(until=lambda a, b: True), TypeError,
     "train: until: expected a function of seen, as in lambda seen: ..., got "
     "<function <lambda>>, which takes (a, b)"),
    ("train with a metric of one argument", lambda: go(metrics={"m": lambda ys: 1}), TypeError,
     "train: metric 'm': expected a function of outputs and targets, as in lambda outputs, "
     "targets: ..., got <function <lambda>>, which takes (ys)"),
    ("train with lr of nothing", lambda: go(lr=lambda: 0.1), TypeError,
     "train: lr: expected a function of sweep, as in lambda sweep: ..., got "
     "<function <lambda>>, which takes ()"),
    ("train with a checkpoint nowhere", lambda: go(checkpoint="no/such/x.json"), FileNotFoundError,
     f"[Errno {errno.ENOENT}] train: checkpoint: there is no folder 'no/such': 'no/such/x.json'"),
    ("train(..., sweeps='3')", lambda: train(nn.Net(1, [1]), [([1], [1])], sweeps="3"), TypeError,
     "train: sweeps: expected a whole number from 0 on, got '3'"),
    ("cross_entropy([], [])", lambda: losses.cross_entropy([], []), ValueError,
     "cross_entropy: expected an output for each class, got none"),
    ("squared_error(3, 4)", lambda: losses.squared_error(3, 4), TypeError,
     "squared_error: expected a list of outputs, got 3"),
    ("train(net, X), again", lambda: train(net(), X), TypeError,
     "train: expected cases as pairs (inputs, targets), or as (X, y), got an array or frame of "
     "shape (10, 2): write train(net, (X, y), ...), or a list of pairs (inputs, targets)"),
    ("train(net, X, y)", lambda: train(net(), X, Y), TypeError,
     "train: expected cases as pairs (inputs, targets), or as (X, y), got an array or frame of "
     "shape (10, 2): write train(net, (X, y), ...), or a list of pairs (inputs, targets)"),
    ("train(net, 3)", lambda: train(net(), 3), TypeError,
     "train: expected cases as a list of pairs (inputs, targets), or as (X, y), got 3"),
    ("train(net, zip(X, y))", lambda: train(net(), zip(X, Y, strict=True)), TypeError,
     "train: expected cases that can be gone over once a sweep, got a zip, which ends after the "
     "first: write list(...) around it"),
    ("train(net, generator)", lambda: train(net(), (c for c in XOR)), TypeError,
     "train: expected cases that can be gone over once a sweep, got a generator, which ends "
     "after the first: write list(...) around it"),
    ("train(net, list of numbers)", lambda: train(net(), [0, 1, 1]), TypeError,
     "train: expected case 0 to be a pair (inputs, targets), got 0: write train(net, (X, y), "
     "...), or a list of pairs (inputs, targets)"),
    ("train(net, list of rows)", lambda: train(net(), [[0, 0, 0], [0, 1, 1]]), TypeError,
     "train: expected case 0 to be a pair (inputs, targets), got [0, 0, 0]: write train(net, (X, "
     "y), ...), or a list of pairs (inputs, targets)"),
    ("train(net, pairs of numbers)", lambda: train(net(), [(0, 1), (1, 0)]), TypeError,
     "train: expected the inputs of case 0 to be a list of numbers, got 0: write train(net, (X, "
     "y), ...), or a list of pairs (inputs, targets)"),
    ("train(net, None target)", lambda: train(net(), [([0, 1], None)]), TypeError,
     "train: expected the targets of case 0 to be numbers, got None"),
    ("train(net, (X, y[:3]))", lambda: train(net(), (X, Y[:3])), ValueError,
     "train: X has 10 cases but y has 3"),
    ("train(net, (X, None))", lambda: train(net(), (X, None)), TypeError,
     "train: expected y to be an array or a list, got None: write train(net, (X, y), ...), or a "
     "list of pairs (inputs, targets)"),
    ("train(net, (X, 3d))", lambda: train(net(), (X, np.zeros((10, 1, 1)))), ValueError,
     "train: expected y to have a row of numbers for each case, got an array of shape (10, 1, 1)"),
    ("train(net, (5 columns, y))", lambda: train(net(), (np.ones((10, 5)), Y)), ValueError,
     "net: expected 2 inputs x, got 5"),
    ("train(Net, cases)", lambda: train(nn.Net, XOR), TypeError,
     "train: expected a net, such as Net(2, [16, 1]), got <class 'microbp.nn.net.Net'>"),
    ("train(cases, net)", lambda: train(XOR, net()), TypeError,
     "train: expected a net, such as Net(2, [16, 1]), got [([0, 0], [0]), ([0, 1], [1])]"),
    ("parameters for optimizer", lambda: go(optimizer=net().parameters()), TypeError,
     "train: expected an optimizer, got parameters: write Momentum(net.parameters(), lr=0.1)"),
    ("class for optimizer", lambda: go(optimizer=optim.Momentum), TypeError,
     "train: expected an optimizer, got a class: write Momentum(net.parameters(), lr=0.1)"),
    ("name for optimizer", lambda: go(optimizer="adam"), TypeError,
     "train: expected an optimizer, got 'adam': write Momentum(net.parameters(), lr=0.1)"),
    ("lr and optimizer",
     lambda: go(optimizer=optim.Descent(net().parameters()), lr=0.1),
     TypeError,
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
     "train: expected loss as a function of outputs and targets, or as one of squared, "
     "banded_squared, cross_entropy, binary_cross_entropy, hinge; got 3"),
    ("sigmoid twice", lambda: go(n=net(output="sigmoid"), loss="binary_cross_entropy"), ValueError,
     "train: the loss takes the sigmoid itself, but the outputs are a sigmoid already: make the "
     "last layer linear, as in Net(2, [16, 1], output='linear')"),
    ("softmax twice",
     lambda: go([([0, 1], 1)], n=nn.Net(2, [3], output="softmax"), loss="cross_entropy"),
     ValueError,
     "train: the loss takes the softmax itself, but the outputs are a softmax already: make the "
     "last layer linear, as in Net(2, [16, 1], output='linear')"),
    ("hinge 0/1", lambda: go(loss="hinge"), ValueError,
     "train: hinge expected targets of -1 and 1, got 0 in case 0: write 2 * y - 1 for targets of "
     "0 and 1"),
    ("class 5", lambda: go([([0, 1], 5)], n=nn.Net(2, [3]), loss="cross_entropy"), ValueError,
     "train: expected case 0 to have a class from 0 to 2, as the net has 3 outputs, got 5"),
    ("sweeps='3'", lambda: go(sweeps="3"), TypeError,
     "train: sweeps: expected a whole number from 0 on, got '3'"),
    ("sweeps=nan", lambda: go(sweeps=float("nan")), TypeError,
     "train: sweeps: expected a whole number from 0 on, got nan"),
    ("sweeps=2.5", lambda: go(sweeps=2.5), TypeError,
     "train: sweeps: expected a whole number from 0 on, got 2.5"),
    ("sweeps=-1", lambda: go(sweeps=-1), ValueError,
     "train: sweeps: expected a whole number from 0 on, got -1"),
    ("lr=nan", lambda: go(lr=float("nan")), ValueError,
     "train: lr: expected a finite number, got nan"),
    ("lr='a'", lambda: go(lr="a"), TypeError,
     "train: lr: expected a number or a function of the sweep, got 'a'"),
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
     "train: expected metrics as functions of outputs and targets by name, as in {'distance': "
     "lambda ys, ds: abs(ys[0] - ds[0])}, got ['accuracy']; history.accuracy is there without"),
    ("callback", lambda: go(callback=3), TypeError,
     "train: expected callback as a function, got 3"),
    ("until", lambda: go(until=0.1), TypeError,
     "train: expected until as a function, got 0.1"),
    ("patience=0", lambda: go(patience=0), ValueError,
     "train: patience: expected a whole number from 1 on, got 0"),
    ("keep", lambda: go(keep="all"), ValueError,
     "train: keep: expected one of 'weights'; got 'all'"),
    ("every", lambda: go(keep="weights", every=0), ValueError,
     "train: every: expected a whole number from 1 on, got 0"),
    ("validation", lambda: go(validation=X), TypeError,
     "train: validation: expected cases as pairs (inputs, targets), or as (X, y), got an array "
     "or frame of shape (10, 2): write validation=(X, y), or a list of pairs (inputs, targets)"),
    ("validation=0.2", lambda: go(validation=0.2), TypeError,
     "train: validation: expected cases as a list of pairs (inputs, targets), or as (X, y), got "
     "0.2"),
    ("engine", lambda: go(engine="c"), ValueError,
     "train: engine: expected one of 'auto', 'replay', 'eager'; got 'c'"),
    ("train(a function, cases)", lambda: train(net, XOR), TypeError,
     "train: expected a net, such as Net(2, [16, 1]), got <function net>"),
    ("a set of inputs", lambda: go([({0, 1}, [1])]), TypeError,
     "train: expected the inputs of case 0 to be a list of numbers, got {0, 1}: write train(net, "
     "(X, y), ...), or a list of pairs (inputs, targets)"),
    ("another net's optimizer", lambda: go(optimizer=optim.Adam(net().parameters())), ValueError,
     "train: expected an optimizer of this net's parameters, got one of 9 others, from "
     "Value(1.193112292156655, grad=0.5, label='w[hidden1,x1]') on: write Adam(net.parameters(), "
     "...)"),
    ("torch's optimizer", lambda: go(optimizer=Foreign()), TypeError,
     "train: expected an optimizer, got an object of class Foreign: write "
     "Momentum(net.parameters(), lr=0.1)"),
    ("train(mlp, cases)", lambda: train(Mlp(), XOR), TypeError,
     "train: expected a net with the methods parameters, state_dict, load_state_dict; an object "
     "of class Mlp has no state_dict"),
    ("masked X", lambda: go((np.ma.masked_array(X, X > 0), Y)), TypeError,
     "train: expected X to have a number everywhere, got a masked array: leave out the cases "
     "that are masked, or write X.filled(0.0)"),
    ("masked inputs", lambda: go([(np.ma.masked_array([1.0, 2.0], [0, 1]), [1])]), TypeError,
     "train: expected the inputs of case 0 to be a list of numbers, got "
     "masked_array(...l_value=1e+20): write train(net, (X, y), ...), or a list of pairs (inputs, "
     "targets)"),
    ("ragged X", lambda: go(([[0, 1], [1]], [0, 1])), ValueError,
     "train: expected the rows of X to be equally long"),
    ("names of classes", lambda: go((X[:2], ["cat", "dog"])), TypeError,
     "train: an entry of y: expected a real number or a Value, got np.str_('cat'): number the "
     "classes, from 0 on"),
    ("X with None", lambda: go(([[0, None], [1, 1]], [0, 1])), TypeError,
     "train: an entry of X: expected a real number or a Value, got None"),
    ("a set of targets", lambda: go([([0, 1], {1})]), TypeError,
     "train: expected the targets of case 0 to be numbers, got {1}"),
    ("text as inputs", lambda: go([("01", [1])]), TypeError,
     "train: expected the inputs of case 0 to be a list of numbers, got '01': write train(net, "
     "(X, y), ...), or a list of pairs (inputs, targets)"),
    ("no cases", lambda: go([]), ValueError,
     "train: expected at least one case, got none"),
    ("no rows", lambda: go(([], [])), ValueError,
     "train: expected at least one case, got none"),
    ("inputs of None", lambda: go([([0, None], [1])]), TypeError,
     "net: expected a real number or a Value, got None"),
    ("a later case", lambda: go([*XOR, ([0, 1], ["a"])], engine="eager"), TypeError,
     "squared_error: expected a real number or a Value, got 'a'"),
    ("a later case, batch", lambda: go([*XOR, ([0, 1], ["a"])], change_per_case=True), TypeError,
     "squared_error: expected a real number or a Value, got 'a'"),
    ("two targets", lambda: go([([0, 1], [1, 0])]), ValueError,
     "squared_error: 1 outputs but 2 targets"),
    ("banded", lambda: go([([0, 1], [0.5])], loss="banded_squared"), ValueError,
     "banded_squared_error: expected targets of 0 or 1, got 0.5"),
    ("a loss of None", lambda: go(loss=lambda ys, ds: None), TypeError,
     "train: expected the loss to give a Value, got None"),
    ("right of None", lambda: go(right=lambda ys, ds: None, engine="eager"), TypeError,
     "train: what right gives: expected True or False, got None"),
    ("a metric of None", lambda: go(metrics={"m": lambda ys, ds: None}), TypeError,
     "train: what metric 'm' gives: expected a real number or a Value, got None"),
    ("lr of None", lambda: go(optimizer=None, lr=lambda sweep: None), TypeError,
     "Adam.step: lr: expected a number, got None"),
    ("lr=x", lambda: go(lr=x()), TypeError,
     "train: lr: expected a number or a function of the sweep, got Value(1.0, grad=0.0, "
     "label='x')"),
    ("change_per_case='no'", lambda: go(change_per_case="no"), TypeError,
     "train: change_per_case: expected True or False, got 'no'"),
    ("progress='bar'", lambda: go(progress="bar"), ValueError,
     "train: progress: expected True, False or 'curve', got 'bar'"),
    ("checkpoint=3", lambda: go(checkpoint=3), TypeError,
     "train: checkpoint: expected the name of a file, got 3"),
    ("checkpoint_every=0", lambda: go(checkpoint_every=0), ValueError,
     "train: checkpoint_every: expected a whole number from 1 on, got 0"),
    ("l1=nan", lambda: go(l1=math.nan), ValueError,
     "train: expected l1 >= 0, got nan"),
    ("right='a'", lambda: go(right="a"), TypeError,
     "train: expected right as a function, got 'a'"),
    ("seed=-1", lambda: go(seed=-1), ValueError,
     "train: seed: expected a whole number from 0 on, got -1"),
    ("validation of 3 columns", lambda: go(validation=(np.zeros((4, 3)), np.zeros(4))), ValueError,
     "net: expected 2 inputs x, got 3"),
    ("validation=[]", lambda: go(validation=[]), ValueError,
     "train: validation: expected at least one case, got none"),
    ("replay impossible",
     lambda: go(loss=lambda ys, ds: ys[0] if ys[0] > ds[0] else ds[0] - ys[0], engine="replay"),
     ValueError,
     "train: can't replay this net: Python compares what depends on the case: Value(0.0, "
     "grad=0.0, op=dot, label='output1')"),
    ("evaluate(net)", lambda: training.evaluate(net(), None), TypeError,
     "evaluate: expected cases as a list of pairs (inputs, targets), or as (X, y), got None"),
    ("evaluate(net, X)", lambda: training.evaluate(net(), X), TypeError,
     "evaluate: expected cases as pairs (inputs, targets), or as (X, y), got an array or frame "
     "of shape (10, 2): write evaluate(net, (X, y)), or a list of pairs (inputs, targets)"),
    ("evaluate(3, cases)", lambda: training.evaluate(3, XOR), TypeError,
     "evaluate: expected a net, such as Net(2, [16, 1]), got 3"),
    ("evaluate(loss='mse')", lambda: training.evaluate(net(), XOR, loss="mse"), ValueError,
     "evaluate: expected loss as one of squared, banded_squared, cross_entropy, "
     "binary_cross_entropy, hinge; got 'mse': did you mean 'squared'?"),
    ("evaluate(right=3)", lambda: training.evaluate(net(), XOR, right=3), TypeError,
     "evaluate: right: expected a function, got 3"),
    ("evaluate pairs of numbers", lambda: training.evaluate(net(), [(0, 1)]), TypeError,
     "evaluate: expected the inputs of case 0 to be a list of numbers, got 0: write "
     "evaluate(net, (X, y)), or a list of pairs (inputs, targets)"),
    ("cross_entropy(None, [1])", lambda: losses.cross_entropy(None, [1]), TypeError,
     "cross_entropy: expected a list of outputs, got None"),
    ("hinge([1], [1, 1])", lambda: losses.hinge([1], [1, 1]), ValueError,
     "hinge: 1 outputs but 2 targets"),
    ("binary_cross_entropy(['a'], [1])",
     lambda: losses.binary_cross_entropy(["a"], [1]),
     TypeError,
     "binary_cross_entropy: expected a real number or a Value, got 'a'"),
    ("banded_squared_error([1], [2])", lambda: losses.banded_squared_error([1], [2]), ValueError,
     "banded_squared_error: expected targets of 0 or 1, got 2.0"),
    ("right_side(None, [1])", lambda: training.right_side(None, [1]), TypeError,
     "right_side: expected a list of outputs, got None"),
    ("right_class([1], [])", lambda: training.right_class([1], []), ValueError,
     "right_class: 1 outputs but 0 targets"),
    ("right_class([], [])", lambda: training.right_class([], []), ValueError,
     "right_class: expected at least one output and target, got none"),
    ("right_sign(['a'], [1])", lambda: training.right_sign(["a"], [1]), TypeError,
     "right_sign: expected a real number or a Value, got 'a'"),
    ("history['error']", lambda: training.History(4)["error"], TypeError,
     "History: expected the number of a sweep, got 'error': did you mean 'errors'?"),
    ("history['errors']", lambda: training.History(4)["errors"], TypeError,
     "History: expected the number of a sweep, got 'errors': did you mean 'errors'?"),
    ("History('a')", lambda: training.History("a"), TypeError,
     "History: cases: expected a whole number from 0 on, got 'a'"),
    ("history.to_csv(None)", lambda: training.History(4).to_csv(None), TypeError,
     "to_csv: expected the name of a file, got None"),
    ("history.plot(3)", lambda: training.History(4).plot(3), TypeError,
     "plot: expected axes of Matplotlib, as from plt.subplots(), got 3"),
    ("history.confusion_matrix()", lambda: training.History(4).confusion_matrix(), ValueError,
     "confusion_matrix: a copy of a history has no net and no cases"),
    ("binary_cross_entropy of -1 and 1",
     lambda: go([([0, 1], 1), ([1, 1], -1)], loss="binary_cross_entropy"),
     ValueError,
     "train: binary_cross_entropy expected targets from 0 to 1, got [-1] in case 1: write (y + "
     "1) / 2 for targets of -1 and 1"),
    ("history.loss", lambda: training.History(4).loss, AttributeError,
     "'History' object has no attribute 'loss': write history.errors, or history[-1].error for "
     "the last"),
    ("history.nothing", lambda: training.History(4).nothing, AttributeError,
     "'History' object has no attribute 'nothing'"),
    ("train(epochs=5)", lambda: go(epochs=5), TypeError,
     "train: there is no argument 'epochs': did you mean 'sweeps'?"),
    ("train(batch_size=5)", lambda: go(batch_size=5), TypeError,
     "train: there is no argument 'batch_size': did you mean 'batch'?"),
    ("train(learning_rate=0.1)", lambda: go(learning_rate=0.1), TypeError,
     "train: there is no argument 'learning_rate': did you mean 'lr'?"),
    ("train(verbose=False)", lambda: go(verbose=False), TypeError,
     "train: there is no argument 'verbose': did you mean 'progress'?"),
    ("train(nothing=1)", lambda: go(nothing=1), TypeError,
     "train: there is no argument 'nothing'; there are net, cases, optimizer, sweeps, lr, loss, "
     "batch, seed, l1, l2, change_per_case, right, validation, metrics, until, callback, "
     "patience, keep, every, checkpoint, checkpoint_every, engine, progress"),
    ("cross_entropy of one output", lambda: go(loss="cross_entropy"), ValueError,
     "train: the cross_entropy of 1 output is always 0: write Net(2, [16, 2]), with an output "
     "for each class, or loss='binary_cross_entropy'"),
    ("evaluate with a loss of None",
     lambda: training.evaluate(net(), XOR, loss=lambda ys, ds: None),
     TypeError,
     "evaluate: expected the loss to give a Value, got None"),
    ("evaluate with right of None",
     lambda: training.evaluate(net(), XOR, right=lambda ys, ds: None),
     TypeError,
     "evaluate: what right gives: expected True or False, got None"),
]  # fmt: skip


@wrong_calls(WRONG)
def test_a_wrong_call_is_told_what_to_write(call, kind, text):
    check(call, kind, text)
