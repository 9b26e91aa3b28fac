"""A checkpoint of another run is refused by what is other; the step size and so on may change."""

import json
import random

import numpy as np
import pytest

from microbp._support.identity import Identity
from microbp.losses import banded_squared_error, squared_error
from microbp.nn import FileMismatch, Net
from microbp.optim import Adam, Momentum
from microbp.training import right_class, right_side, train
from tests.helpers.training import XOR, numbers, xor_net

INVERTED = [(xs, [1 - d]) for xs, (d,) in XOR]


def run(path, net=None, optimizer=None, cases=XOR, **options):
    net = net or xor_net()
    optimizer = optimizer or Momentum(net.parameters(), 0.5, 0.9)
    options = {"sweeps": 5, "checkpoint": path, "progress": False, **options}
    return net, train(net, cases, optimizer, **options)


def weighted(factor):
    def loss(outputs, targets):
        return factor * squared_error(outputs, targets)

    return loss


class Weighted:
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, outputs, targets):
        return self.factor * squared_error(outputs, targets)


def first(outputs, targets):
    return outputs[0]


def last(outputs, targets):
    return outputs[-1]


OTHERS = [
    ({}, {"cases": INVERTED}, "cases: 4 of hash"),
    ({}, {"cases": [XOR[1], XOR[0], *XOR[2:]]}, "cases"),
    ({}, {"cases": [([*xs, 0], d) for xs, d in XOR], "net": 3}, "cases"),
    ({}, {"cases": [([-0.0, 0.0], [0]), *XOR[1:]]}, "cases"),
    (
        {},
        {"loss": banded_squared_error},
        r"loss: microbp\.losses\.squared_error; of this one: .*band",
    ),
    ({"loss": weighted(1.0)}, {"loss": weighted(2.0)}, r"loss\(factor=1\.0\).*loss\(factor=2\.0\)"),
    ({"loss": Weighted(1.0)}, {"loss": Weighted(2.0)}, r"Weighted\(factor=1\.0\)"),
    (
        {"loss": lambda ys, ds: squared_error(ys, ds)},
        {"loss": lambda ys, ds: 2.0 * squared_error(ys, ds)},
        r"<lambda> .*of this one: .*<lambda> ",
    ),
    ({}, {"right": right_class}, r"right: .*right_side; of this one: .*right_class"),
    ({}, {"change_per_case": True}, "changes of the weights: after all cases; of .*each case"),
    ({}, {"batch": 2}, "changes of the weights: after all cases; of this one: after 2 cases"),
    ({"batch": 2}, {"batch": 3}, "after 2 cases, in .*after 3 cases"),
    ({"batch": 2}, {"batch": 2, "seed": 1}, "order of seed 0; .* order of seed 1"),
    ({}, {"l2": 0.1}, r"penalty: none; of this one: l1 = 0\.0, l2 = 0\.1"),
    ({"l1": 0.1}, {"l1": 0.2}, r"penalty: l1 = 0\.1"),
    ({}, {"decay": 0.1}, r"optimizer's decay: 0\.0; of this one: 0\.1"),
    ({"beta1": 0.9}, {"beta1": 0.8}, r"optimizer's beta1: 0\.9; of this one: 0\.8"),
    ({}, {"trained": slice(3)}, "trained parameters: all; of this one: 3 of hash"),
    ({}, {"validation": XOR}, "validation cases: none; of this one: 4 of hash"),
    ({"validation": XOR}, {"validation": INVERTED}, "validation cases: 4 of hash"),
    ({}, {"metrics": {"m": first}}, "metric 'm': none; of this one: .*first"),
    ({"metrics": {"m": first}}, {"metrics": {"m": last}}, "metric 'm': .*first; .*last"),
]


def made(path, **options):
    net = Net(options.pop("net", 2), seed=1).add("hidden", 2).add("output", 1)
    parameters = net.parameters()[options.pop("trained", slice(None))]
    if "beta1" in options:
        optimizer = Adam(parameters, beta1=options.pop("beta1"))
    else:
        optimizer = Momentum(parameters, 0.5, 0.9, decay=options.pop("decay", 0.0))
    return run(path, net, optimizer, **options)


@pytest.mark.parametrize(("one", "other", "message"), OTHERS)
def test_another_run_is_refused_by_name(tmp_path, one, other, message):
    path = tmp_path / "run.json"
    made(path, **one)
    whole = path.read_bytes()
    with pytest.raises(FileMismatch, match=rf"^run\.json holds a.*{message}"):
        made(path, **other)
    assert path.read_bytes() == whole
    made(path, **one)


def test_what_one_may_want_to_change_may_change(tmp_path):
    path = tmp_path / "run.json"
    run(path)
    arrays = np.array([xs for xs, _ in XOR], dtype=np.int8), [d for _, (d,) in XOR]
    for options in (
        {"sweeps": 9, "until": lambda seen: seen.sweep == 7},
        {"sweeps": 10, "callback": lambda history: None, "patience": 50},
        {"sweeps": 11, "engine": "eager", "checkpoint_every": 1},
        {"sweeps": 12, "cases": arrays},
        {"sweeps": 13, "seed": 7, "right": right_side},
    ):
        net = xor_net(seed=5)
        optimizer = Momentum(net.parameters(), lambda sweep: 0.1, 0.5)
        _, history = run(path, net, optimizer, **options)
        assert len(history) > 6


def test_what_a_loss_holds_may_have_other_numbers_if_it_is_a_net_or_a_generator(tmp_path):
    path = tmp_path / "run.json"

    def with_penalty(net, rng):
        def loss(outputs, targets):
            return squared_error(outputs, targets) + 0.01 * net.parameters()[0] ** 2

        rng.random()
        return loss

    for sweeps, seed in ((5, 1), (9, 2)):
        net, rng = xor_net(seed), random.Random(seed)
        run(path, net, loss=with_penalty(net, rng), sweeps=sweeps)
    assert len(json.loads(path.read_text())["sweeps"]) == 9


def test_code_that_has_changed_is_a_warning(tmp_path):
    path = tmp_path / "run.json"
    source = "def loss(ys, ds):\n    return {} * squared_error(ys, ds)\n"
    for factor in (1.0, 1.0, 2.0):
        module = {"__name__": "mine", "squared_error": squared_error}
        exec(source.format(factor), module)
        if factor == 1.0:
            run(path, loss=module["loss"])
    with pytest.warns(
        UserWarning, match=r"the loss is still that of run\.json .* its code has changed: mine"
    ):
        run(path, loss=module["loss"], sweeps=6)


def test_a_lambda_is_known_by_what_every_version_of_python_makes_of_it():
    """Its names and constants; the bytecode is told apart, and only warned of."""
    plus, times = Identity(lambda y, d: y + d), Identity(lambda y, d: y * d)
    assert plus.text == times.text
    assert plus.code != times.code
    others = [lambda y, d: y + 2 * d, lambda y, d: abs(y), lambda d, y: y + d]
    assert len({plus.text, *(Identity(other).text for other in others)}) == 4


def test_a_run_that_was_longer_goes_on(tmp_path):
    path = tmp_path / "run.json"
    run(path, sweeps=5)
    state = json.loads(path.read_text())
    del state["checksum"]
    state["sweeps"] = [[sweep, 0.12345678901234567, 4] for sweep in range(150_000)]
    path.write_text(json.dumps(state))
    assert path.stat().st_size > 2**22
    _, history = run(path, sweeps=5)
    assert len(history) == 150_001  # with the error at the end


def test_what_can_not_be_looked_into_is_a_warning(tmp_path):
    import threading

    path, lock = tmp_path / "run.json", threading.Lock()

    def loss(outputs, targets):
        with lock:
            return squared_error(outputs, targets)

    run(path, loss=loss)
    with pytest.warns(UserWarning, match=r"can't be known, as it holds a _thread\.lock"):
        run(path, loss=loss, sweeps=6)


def test_a_checkpoint_from_before_there_was_an_identity_goes_on_with_a_warning(tmp_path):
    path = tmp_path / "run.json"
    run(path)
    straight, _ = run(tmp_path / "straight.json", sweeps=9)
    state = json.loads(path.read_text())
    for key in ("checkpoint", "run", "checksum"):
        del state[key]
    path.write_text(json.dumps(state))
    with pytest.warns(UserWarning, match="by an older microbp, and doesn't say which cases"):
        net, _ = run(path, xor_net(seed=3), sweeps=9)
    assert numbers(net) == numbers(straight)
    run(path, sweeps=9)  # the file is a new one now
