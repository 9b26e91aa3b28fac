"""Every public function with good arguments, and junk to put in place of each of them."""

import inspect
import math
import random
import re
import warnings
from dataclasses import dataclass

import numpy as np

import microbp
from microbp import Value, datasets, experiments, losses, nn, optim, plots, studies, training

JUNK = {
    "None": None,
    "text": "ab",
    "no text": "",
    "no list": [],
    "a list of None": [None],
    "a ragged list": [[1], [2, 3]],
    "a dict": {"a": 1},
    "a set": {1},
    "an object": object(),
    "nan": math.nan,
    "inf": math.inf,
    "-1": -1,
    "0": 0,
    "2.5": 2.5,
    "a number too large": 10**400,
    "a complex number": 1j,
    "True": True,
    "bytes": b"a",
    "a matrix": np.ones((2, 3)),
    "a masked array": np.ma.masked_array([1.0, 2.0], [0, 1]),
    "an array of text": np.array(["a"]),
}
XOR = [([0, 0], [0]), ([0, 1], [1])]


@dataclass
class Setting:
    """What a call may use, and an error must leave as it was."""

    def __post_init__(self):
        self.x = Value(0.5, "x")
        self.y = self.x * 2.0
        self.net = nn.Net(2, [2, 1])
        self.optimizer = optim.Adam(self.net.parameters())
        self.others = [kind([Value(1.0)]) for kind in (optim.Descent, optim.Momentum, optim.Adam)]
        for p in self.net.parameters():
            p.grad = 0.25
        self.optimizer.step()
        self.program = microbp.record(self.y, inputs=[self.x])

    def state(self):
        """Everything that can change, to compare."""
        optimizers = [self.optimizer, *self.others]
        parameters = [self.x, self.y, *(p for each in optimizers for p in each.parameters)]
        numbers = [(p.data, p.grad, p.label) for p in parameters]
        return repr((numbers, [(each.state_dict(), each.lr) for each in optimizers]))


def generators():
    """The state of the random generators that all programs share."""
    kind, numbers, *rest = np.random.get_state()
    return random.getstate(), kind, numbers.tobytes(), rest


def square(a):
    return a * a


def one_run(seed):
    return {"solved_at": seed}


def operation(**given):
    formulas = {"value": lambda m, a: a * a, "partials": lambda m, y, a: (2 * a,)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it replaces the one before
        return microbp.operation(**{"name": "junk_square", **formulas, **given})


def trained(s, **given):
    options = {"net": s.net, "cases": XOR, "sweeps": 1, "progress": False, **given}
    return microbp.train(options.pop("net"), options.pop("cases"), **options)


UNARY = [
    name
    for name in microbp.__all__
    if getattr(getattr(microbp, name), "__module__", "") == "microbp.core.functions"
    and [*inspect.signature(getattr(microbp, name)).parameters] == ["x"]
]
TRAIN = re.findall(
    r"\w+",
    "net cases optimizer lr loss batch seed l1 l2 change_per_case right validation metrics until "
    "callback patience keep every checkpoint checkpoint_every engine progress",
)
LOSSES = ["squared_error", "banded_squared_error", "cross_entropy", "binary_cross_entropy", "hinge"]
PLOTS = [
    *("plots.alt_text", "plots.decision_regions", "plots.error_surface", "plots.hinton"),
    *("plots.hinton_activities", "plots.hinton_layer", "plots.learning_curve", "plots.save_png"),
    *("plots.solved_by_sweep", "plots.step_curve", "plots.weights_as_net"),
    *("training.History.plot", "studies.Study.plot"),
]
JUDGES = ["right_answer", "right_class", "right_side", "right_sign"]
CLOUD = {"n_samples": 10, "noise": 0.1, "seed": 0}


def calls(s):
    """Functions by name, each with the arguments of a good call; those given for None fit too."""
    x, net = s.x, s.net
    descent, momentum, adam = s.others
    rng = random.Random(0)
    return {
        **{f"microbp.{name}": (getattr(microbp, name), {"x": x}) for name in UNARY},
        "microbp.atan2": (microbp.atan2, {"y": x, "x": x}),
        "microbp.clip": (microbp.clip, {"x": x, "min": 0.0, "max": 1.0}),
        "microbp.dot": (microbp.dot, {"weights": [x], "activities": [1.0], "bias": 0.0}),
        "microbp.elu": (microbp.elu, {"x": x, "alpha": 1.0}),
        "microbp.hypot": (microbp.hypot, {"a": x, "b": x}),
        "microbp.leaky_relu": (microbp.leaky_relu, {"x": x, "slope": 0.1}),
        "microbp.logaddexp": (microbp.logaddexp, {"a": x, "b": x}),
        "microbp.logsumexp": (microbp.logsumexp, {"values": [x]}),
        "microbp.maximum": (microbp.maximum, {"a": x, "b": x}),
        "microbp.minimum": (microbp.minimum, {"a": x, "b": x}),
        "microbp.total": (microbp.total, {"values": [x]}),
        "microbp.where_positive": (microbp.where_positive, {"x": x, "a": x, "b": x}),
        "microbp.Value": (
            Value,
            {"data": 1.0, "children": (x,), "local_grads": (1.0,)},
        ),
        "microbp.Value.backward": (x.backward, {"seed": 1.0}),
        "microbp.operation": (
            operation,
            dict.fromkeys(["name", "value", "partials", "symbol", "domain", "kinks"]),
        ),
        "microbp.draw": (
            lambda values, **options: microbp.draw(values, **options),
            {"values": s.y, "fold": None, "max_nodes": 5, "color": None, "rankdir": "LR"}
            | {"size": None, "font": "Helvetica"},
        ),
        "microbp.explore": (microbp.explore, {"value": s.y, "path": None}),
        "microbp.animate": (microbp.animate, {"value": s.y, "path": "a.gif"}),
        "microbp.grad": (microbp.grad, {"f": square}),
        "microbp.value_and_grad": (microbp.value_and_grad, {"f": square}),
        "microbp.jacobian": (microbp.jacobian, {"f": square}),
        "microbp.hessian": (microbp.hessian, {"f": square}),
        "microbp.hvp": (
            lambda f, tangent: microbp.hvp(f, 1.0, tangent),
            {"f": square, "tangent": 1.0},
        ),
        "microbp.jvp": (
            lambda f, tangent: microbp.jvp(f, 1.0, tangent),
            {"f": square, "tangent": 1.0},
        ),
        "microbp.vjp": (
            lambda f, cotangent: microbp.vjp(f, 1.0, cotangent),
            {"f": square, "cotangent": 1.0},
        ),
        "microbp.record": (
            microbp.record,
            {"outputs": s.y, "inputs": [x], "parameters": None},
        ),
        "microbp.Program.forward": (s.program.forward, {"cases": [[1.0]], "threads": 1}),
        "microbp.Program.input_gradient": (
            s.program.input_gradient,
            {"cases": [[1.0]], "threads": 1},
        ),
        "microbp.Program.backward": (s.program.backward, {"cases": [[1.0]], "threads": 1}),
        "microbp.Program.save": (s.program.save, {"path": "p.json"}),
        "microbp.Program.load": (microbp.Program.load, {"path": "p.json"}),
        "microbp.to_networkx": (lambda value: microbp.to_networkx(value), {"value": s.y}),
        "microbp.to_sympy": (microbp.to_sympy, {"value": s.y, "max_size": 10}),
        "microbp.train": (
            lambda **given: trained(s, **given),
            dict.fromkeys(TRAIN),
        ),
        "microbp.study": (
            lambda experiment, seeds, jobs, **rest: microbp.study(
                experiment, seeds, jobs=jobs, progress=rest.pop("progress", False), **rest
            ),
            {"experiment": one_run, "seeds": [], "jobs": 1, "settings": None, "name": "junk"}
            | {"out": None, "progress": False},
        ),
        "nn.Layer": (
            nn.Layer,
            {"inputs": 2, "units": 2, "rng": rng, "init": 0.3, "activation": "tanh", "name": "a"}
            | {"sources": ["a", "b"]},
        ),
        "nn.Layer()": (nn.Layer(2, 2, rng=rng), {"inputs": [1.0, 2.0]}),
        "nn.Neuron": (
            nn.Neuron,
            {"inputs": 2, "rng": rng, "init": 0.3, "activation": "tanh", "label": "a", "units": 1}
            | {"sources": ["a", "b"]},
        ),
        "nn.Neuron()": (nn.Neuron(2, rng=rng), {"inputs": [1.0, 2.0]}),
        "nn.Net": (
            nn.Net,
            {"inputs": 2, "layers": [2, 1], "activation": "tanh", "output": None, "seed": None}
            | {"rng": None, "init": 0.3},
        ),
        "nn.Net()": (net, {"inputs": [1.0, 2.0]}),
        "nn.Net.activities": (net.activities, {"inputs": [1.0, 2.0]}),
        "nn.Net.add": (
            nn.Net(2).add,
            {"name": "a", "units": 2, "of": ["x"], "activation": "tanh"},
        ),
        "nn.Net.load_state_dict": (net.load_state_dict, {"state": net.state_dict()}),
        "nn.Net.save": (net.save, {"path": "n.json"}),
        "nn.Net.load": (net.load, {"path": "n.json"}),
        "optim.Descent": (optim.Descent, {"parameters": [x], "lr": 0.1, "decay": 0.0}),
        "optim.Descent.step": (descent.step, {"sweep": 1}),
        "optim.Descent.load_state_dict": (descent.load_state_dict, {"state": {"steps": 1}}),
        "optim.Momentum": (
            optim.Momentum,
            {"parameters": [x], "lr": 0.1, "momentum": 0.9, "decay": 0.0},
        ),
        "optim.Momentum.step": (momentum.step, {"sweep": 1}),
        "optim.Momentum.load_state_dict": (
            lambda **parts: momentum.load_state_dict(parts),
            {"steps": 1, "velocity": [0.5]},
        ),
        "optim.Adam": (
            optim.Adam,
            {"parameters": [x], "lr": 0.1, "beta1": 0.9, "beta2": 0.9, "eps": 0.1, "decay": 0.0},
        ),
        "optim.Adam.step": (adam.step, {"sweep": 1}),
        "optim.Adam.load_state_dict": (
            lambda **parts: adam.load_state_dict(parts),
            {"steps": 1, "mean": [0.5], "square": [0.5]},
        ),
        **{
            f"losses.{name}": (getattr(losses, name), {"outputs": [x], "targets": [1.0]})
            for name in LOSSES
        },
        "training.evaluate": (
            training.evaluate,
            {"net": net, "cases": XOR, "loss": "squared", "right": None},
        ),
        **{
            f"training.{name}": (getattr(training, name), {"outputs": [x], "targets": [1.0]})
            for name in JUDGES
        },
        "training.History": (training.History, {"cases": 2}),
        "training.History.to_csv": (training.History(2).to_csv, {"path": "h.csv"}),
        "datasets.moons": (datasets.moons, CLOUD),
        "datasets.circles": (datasets.circles, {**CLOUD, "factor": 0.5}),
        "datasets.spirals": (datasets.spirals, {**CLOUD, "classes": 2, "turns": 1.0}),
        "datasets.clusters": (datasets.clusters, {**CLOUD, "classes": 2}),
        "datasets.parity": (datasets.parity, {"bits": 2}),
        "datasets.symmetry": (datasets.symmetry, {"bits": 2}),
        "studies.Study": (
            studies.Study,
            {"rows": [], "experiment": "a", "settings": None, "stopped": "a"},
        ),
        "experiments.load": (experiments.load, {"name": "xor"}),
    }


def plot_calls(s):
    """The same for plots, which take longer."""
    from matplotlib.figure import Figure

    ax = Figure().add_subplot()
    net = s.net
    w, v = Value(2.0, "w"), Value(-1.0, "v")
    surface = {"error": w * w + v * v, "first": w, "second": v, "ax": ax, "x": None, "y": None}
    return {
        "plots.alt_text": (plots.alt_text, {"picture": ax}),
        "plots.decision_regions": (
            plots.decision_regions,
            {"net": net, "cases": XOR, "ax": ax, "x": (0, 1), "y": (0, 1)}
            | {"at": 0.5, "levels": [0.5]},
        ),
        "plots.error_surface": (plots.error_surface, {**surface, "paths": None}),
        "plots.hinton": (
            plots.hinton,
            {"weights": [[1.0, 2.0]], "ax": ax, "rows": ["a"], "columns": ["a", "b"]}
            | {"largest": None},
        ),
        "plots.hinton_activities": (
            plots.hinton_activities,
            {"net": net, "inputs": [1.0, 2.0], "ax": ax},
        ),
        "plots.hinton_layer": (
            plots.hinton_layer,
            {"net": net, "layer": "output", "ax": ax, "rows": (), "columns": (), "largest": None},
        ),
        "plots.learning_curve": (
            plots.learning_curve,
            {"errors": [2.0, 1.0], "ax": ax, "label": "a"},
        ),
        "plots.save_png": (
            plots.save_png,
            {"path": "a.png", "draw": lambda ax: None, "size": (1, 1)},
        ),
        "plots.solved_by_sweep": (
            plots.solved_by_sweep,
            {"solved_at": {"a": [1]}, "runs": 2, "sweeps": None, "ax": ax},
        ),
        "plots.step_curve": (
            plots.step_curve,
            {"curve": microbp.step_curve(microbp.exp, 1.0), "ax": ax},
        ),
        "plots.weights_as_net": (plots.weights_as_net, {"net": net, "ax": ax}),
        "training.History.plot": (training.History(2).plot, {"ax": ax}),
        "studies.Study.plot": (studies.Study([]).plot, {"ax": ax}),
    }
