"""Two experiments of one name: told apart by what they hold, or refused."""

import functools
import json
import threading

import pytest

from microbp._support.atomic_file import FileMismatch
from tests.helpers.studies import study


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.jsonl"


def experiment_for(rate):
    def run(seed, sweeps=3):
        return {"x": rate * seed * sweeps}

    return run


class Rated:
    def __init__(self, rate):
        self.rate = rate

    def __call__(self, seed):
        return {"x": self.rate * seed}


class Slotted:
    __slots__ = ("rate",)

    def __init__(self, rate):
        self.rate = rate

    def __call__(self, seed):
        return {"x": 0.0}


def positional(rate, seed):
    return {"x": rate * seed}


def wrapped(rate):
    @functools.wraps(positional)
    def run(seed):
        return positional(rate, seed)

    del run.__wrapped__  # which takes other arguments
    return run


def nested(rate):
    return experiment_for(lambda: rate)


def keyword(seed, *, rate=1.0):
    return {"x": rate * seed}


@pytest.mark.parametrize(
    "made",
    [
        experiment_for,
        Rated,
        Slotted,
        wrapped,
        lambda rate: functools.partial(positional, rate),
        lambda rate: functools.partial(keyword, rate=rate),
        lambda rate: functools.partial(experiment_for(rate), sweeps=2),
        lambda rate: experiment_for({"rates": [rate, {rate}]}),
        lambda rate: experiment_for(Rated(rate)),
        lambda rate: experiment_for(functools.partial(keyword, rate=rate)),
    ],
)
def test_what_an_experiment_holds_tells_it_from_others(path, made):
    one, other = made(0.1), made(0.5)
    study(one, [], out=path)
    study(made(0.1), [], out=path)
    whole = path.read_bytes()
    with pytest.raises(FileMismatch, match=r"holds a study with (function|settings) .*0\.1.*0\.5"):
        study(other, [], out=path)
    assert path.read_bytes() == whole


def test_the_rows_of_another_experiment_never_come_back(path):
    assert study(experiment_for(0.1), range(2), out=path)[1]["x"] == pytest.approx(0.3)
    header = json.loads(path.read_text().splitlines()[0])
    assert header["function"] == f"{__name__}.experiment_for.<locals>.run(rate=0.1)"
    with pytest.raises(FileMismatch, match=r"run\(rate=0\.1\)' where this one has .*rate=0\.5"):
        study(experiment_for(0.5), range(2), out=path)
    assert study(experiment_for(0.1), range(2), out=path)[1]["x"] == pytest.approx(0.3)


@pytest.mark.parametrize("held", [threading.Lock(), (x for x in ()), open])
def test_what_nobody_can_look_into_needs_a_name(path, held):
    if held is open:
        study(experiment_for(held), [], out=path)  # known by its name
        return
    with pytest.raises(ValueError, match=r"needs a name=, as it holds a .*(lock|generator)"):
        study(experiment_for(held), [], out=path)
    assert not path.exists()
    study(experiment_for(held), [], out=path, name="mine")


def test_an_edited_experiment_is_a_warning(path):
    source = "RATE = {}\ndef half(x):\n    return x / {}\n"
    source += "def run(seed):\n    return dict(x=half(RATE * seed))\n"

    def made(*numbers):
        module = {"__name__": "mine"}
        exec(source.format(*numbers), module)
        return module["run"]

    study(made(1, 2), [0], out=path)
    study(made(1, 2), [0, 1], out=path)
    for numbers in ((2, 2), (1, 3)):
        with pytest.warns(
            UserWarning, match=r"the code of mine\.run has changed since the runs in"
        ):
            study(made(*numbers), [0], out=path)
