"""A checkpoint that was damaged: refused with the place, and nothing changed."""

import json
import math

import pytest

from benchmarks.reliability.garbling import garbled, same_json
from microbp.nn import FileMismatch
from microbp.optim import Momentum
from microbp.training import train
from tests.helpers.training import XOR, xor_net


def state_of(net, optimizer):
    return repr((net.state_dict(), optimizer.state_dict(), [p.grad for p in net.parameters()]))


def run(path, net, optimizer, sweeps=5):
    return train(
        net,
        XOR,
        optimizer,
        sweeps=sweeps,
        validation=XOR[:3],
        metrics={"first": lambda ys, ds: ys[0]},
        keep="weights",
        every=2,
        checkpoint=path,
        progress=False,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The bytes of a good checkpoint."""
    path = tmp_path_factory.mktemp("good") / "run.json"
    net = xor_net()
    run(path, net, Momentum(net.parameters(), 0.5, 0.9))
    return path.read_bytes()


def refused(path):
    """What is said of it, after nothing has changed."""
    net = xor_net(seed=7)
    optimizer = Momentum(net.parameters(), 0.5, 0.9)
    before, spoilt = state_of(net, optimizer), path.read_bytes()
    with pytest.raises(FileMismatch) as error:
        run(path, net, optimizer, sweeps=9)
    assert state_of(net, optimizer) == before
    assert path.read_bytes() == spoilt
    return str(error.value)


def put(value, *place):
    def change(state):
        for key in place[:-1]:
            state = state[key]
        state[place[-1]] = value

    return change


EDITS = [
    (put([0.0], "optimizer", "velocity"), "Momentum: velocity: expected a number for each of 9"),
    (put(["x"] * 9, "optimizer", "velocity"), "Momentum: velocity: expected a real number"),
    (put([[]] * 9, "optimizer", "velocity"), "Momentum: velocity: expected a real number"),
    (put("x", "optimizer", "steps"), "Momentum: steps: expected a whole number from 0 on, got 'x'"),
    (put(-1, "optimizer", "steps"), "Momentum: steps: expected a whole number from 0 on, got -1"),
    (put(3, "optimizer"), "optimizer: expected an object, got 3"),
    (put(True, "cases"), "cases: expected a whole number from 0 on, got True"),
    (put({}, "sweeps"), "sweeps: expected a list, got {}"),
    (put(3, "sweeps", 1), "sweeps[1]: expected a list of 3, got 3"),
    (put([1, 0.5], "sweeps", 1), "sweeps[1]: expected a list of 3, got [1, 0.5]"),
    (put([2, 0.5, 2], "sweeps", 1), "sweeps[1][0]: expected 1, got 2"),
    (put([1, "x", 2], "sweeps", 1), "sweeps[1][1][0]: expected a number, got 'x'"),
    (put([1, 0.5, 5], "sweeps", 1), "sweeps[1][2]: expected one from 0 to 4, got 5"),
    (put([1, 0.5, 1.0], "sweeps", 1), "sweeps[1][2]: expected one from 0 to 4, got 1.0"),
    (put(None, "validation", 0), "validation[0]: expected a list of 3, got None"),
    (put([], "validation"), " holds a run with other validation cases or metrics"),
    (put([1.0], "metrics", "first"), "metrics['first']: expected a list of 5, got [1.0]"),
    (put([[0, [1.0]]], "weights"), "weights[0][1]: expected a list of 9, got [1.0]"),
    (put([[5, [1.0]]], "weights"), "weights[0][0]: expected one from 0 to 4, got 5"),
    (put([], "net"), " does not hold the state of a net: expected what state_dict() gives, got []"),
    (put("0.5", "net", "layers", 0, "biases", 0), " holds '0.5' for a weight (layer 1)"),
    (put(1, "extra"), "unknown key 'extra'"),
    (put(3, "checkpoint"), "checkpoint: expected version 2, got 3"),
    (put(True, "checkpoint"), "checkpoint: expected version 2, got True"),
    (put("none", "checkpoint"), "checkpoint: expected version 2, got 'none'"),
    (put(None, "run"), "run: expected parts and codes, got None"),
    (put({}, "run"), "run: expected parts and codes, got {}"),
    (put({"parts": [], "codes": {}}, "run"), "run: expected texts by name, got []"),
    (put(0.5, "net", "layers", 0, "biases", 0), "the numbers are not those of its checksum"),
    (put(7, "optimizer", "steps"), "the numbers are not those of its checksum"),
]


@pytest.mark.parametrize(("edit", "message"), EDITS)
def test_an_entry_that_is_wrong_is_told_with_its_place(tmp_path, whole, edit, message):
    path = tmp_path / "run.json"
    state = json.loads(whole)
    edit(state)
    path.write_text(json.dumps(state))
    separator = "" if message.startswith(" ") else ": "
    assert refused(path).startswith(f"run.json{separator}{message}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b'"cases": 4', b'"cases": 4, "cases": 4', "an object with the same key twice"),
        (b'"steps": 5', b'"steps": ' + b"9" * 400, "a whole number of 400 digits"),
        (b'"steps": 5', b'"steps": NaN', "NaN is not a JSON number"),
        (b'"steps": 5', b'"steps": 1e999', "no float can hold '1e999'"),
        (b'"steps": 5', b'"steps": ' + b"[" * 100_000, "nested too deeply"),
        (b'"steps": 5', b'"steps": 5' + b" " * 2**27, "not a checkpoint of this run: expected at"),
    ],
)
def test_a_text_that_is_no_plain_json_is_refused(tmp_path, whole, old, new, message):
    path = tmp_path / "run.json"
    assert old in whole
    path.write_bytes(whole.replace(old, new))
    assert refused(path).startswith(f"run.json: {message}")


def test_numbers_that_are_not_finite_come_back(tmp_path):
    path = tmp_path / "run.json"
    net = xor_net()
    optimizer = Momentum(net.parameters(), 0.5, 0.9)
    optimizer.velocity[0] = math.nan
    train(net, XOR, optimizer, sweeps=1, checkpoint=path, progress=False)
    again = xor_net(seed=3)
    other = Momentum(again.parameters(), 0.5, 0.9)
    train(again, XOR, other, sweeps=1, checkpoint=path, progress=False)
    assert repr(again.state_dict()) == repr(net.state_dict())
    assert repr(other.state_dict()) == repr(optimizer.state_dict())
    assert "nan" in repr(again.state_dict())


class HalfLoaded:
    """A net that sets some weights before it finds out that the rest is wrong."""

    def __init__(self):
        self.net = xor_net()
        self.parameters, self.state_dict = self.net.parameters, self.net.state_dict

    def __call__(self, inputs):
        return self.net(inputs)

    def load_state_dict(self, state, where="state"):
        self.net.load_state_dict(state, where)
        if state != self.first:
            raise LookupError("half")


def test_a_net_that_loads_half_of_it_is_put_back(tmp_path):
    path = tmp_path / "run.json"
    net = HalfLoaded()
    net.first = net.state_dict()
    options = {"checkpoint": path, "progress": False, "sweeps": 3}
    train(net, XOR, Momentum(net.parameters(), 0.5), **options)
    net = HalfLoaded()
    net.first = before = net.state_dict()
    with pytest.raises(FileMismatch, match=r"run\.json: half"):
        train(net, XOR, Momentum(net.parameters(), 0.5), **options)
    assert net.state_dict() == before


@pytest.mark.thorough
def test_a_thousand_garbled_checkpoints_are_refused_or_the_same(tmp_path, whole):
    path = tmp_path / "run.json"
    for data in garbled(whole, 1000, seed=1):
        path.write_bytes(data)
        if not same_json(data, whole):
            refused(path)
