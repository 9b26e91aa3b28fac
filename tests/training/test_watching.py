"""`microbp.watch`, `History.watch` and the experiments' pages; tests/explorer runs them."""

import base64
import copy
import functools
import html
import math
import random
import re
from xml.etree import ElementTree

import pytest

import microbp
from microbp import watch
from microbp.experiments import CATALOG, load
from microbp.nn import Net
from microbp.optim import Descent, Momentum
from microbp.training import train
from tests.helpers.parsed_page import held_by

XOR = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]


def xor_net(**how):
    return Net(2, [2, 1], activation="sigmoid", output="sigmoid", **{"seed": 1, "init": 0.5} | how)


def state(net, optimizer):
    return [(p.data, p.grad) for p in net.parameters()], optimizer.state_dict()


@pytest.mark.parametrize("name", CATALOG)
def test_every_experiment_has_a_live_page_of_at_most_400_kB(name):
    page = load(name).watch()
    assert len(page.html.encode()) <= 400_000
    assert page.data["mode"] == "live"
    assert page.data["net"]["connections"]


def test_the_page_holds_the_numbers_with_all_their_digits():
    net = xor_net()
    page = watch(net, XOR, Momentum(net.parameters(), 0.1))
    held = held_by(page.html)
    assert held["start"] == [p.data for p in net.parameters()]
    assert held["cases"] == ["000", "011", "101", "110"]
    assert held["settings"]["lr"] == 0.1
    assert held["settings"]["seed"] == 1


def test_watching_changes_nothing_and_equal_trainings_give_equal_pages():
    net = xor_net()
    optimizer = Momentum(net.parameters(), 0.1)
    for p in net.parameters():
        p.grad = 0.5
    optimizer.step()
    before = state(net, optimizer)
    pages = [
        watch(net, XOR, optimizer, sweeps=20, right=right).html for right in (None, None, all_)
    ]
    assert state(net, optimizer) == before
    assert pages[0] == pages[1] != pages[2]


def all_(outputs, targets):
    return abs(outputs[0] - targets[0]).data < 0.5


def test_a_history_is_watched_from_its_first_weights():
    net = xor_net()
    start = [p.data for p in net.parameters()]
    history = train(net, XOR, Momentum(net.parameters(), 0.5), sweeps=30, progress=False)
    page = history.watch(title="Mine", case_names=["a", "b", "c", "d"])
    assert page.data["start"] == start
    assert page.data["settings"]["sweeps"] == 30
    assert repr(page) == "<training page of Mine: 4 cases, 9 parameters>"


def test_a_seed_is_named_only_where_it_gives_these_weights():
    net = xor_net()
    net.parameters()[0].data = 0.125
    assert watch(net, XOR).data["settings"]["seed"] is None
    assert watch(xor_net(rng=random.Random(1), seed=None), XOR).data["settings"]["seed"] is None


@functools.cache
def double():  # made within a test, which then forgets it
    return microbp.operation("double", value=lambda m, x: 2.0 * x, partials=lambda m, y, x: (2.0,))


class Own:
    """A net with a custom operation."""

    def __init__(self, custom=True, branching=False):
        self.net, self.custom, self.branching = xor_net(), custom, branching
        self.parameters, self.state_dict = self.net.parameters, self.net.state_dict
        self.load_state_dict = self.net.load_state_dict

    def __call__(self, inputs):
        (y,) = self.net(inputs)
        if self.branching and inputs[0] > 0.5:
            return [y * y]
        return [double()(y) * 0.5 if self.custom else y]


class OwnDescent(Descent):
    def change(self, lr, shrink, sweep):
        super().change(2.0 * lr, shrink, sweep)


@pytest.mark.parametrize(
    ("net", "optimizer", "how", "why"),
    [
        (Own(), Momentum, {}, "double: a custom operation exists in Python only"),
        (Own(False, True), Momentum, {}, "the training can't be replayed: Python comp"),
        (xor_net(), OwnDescent, {}, "the page doesn't know what OwnDescent does"),
        (xor_net(), Momentum, {"right": all_}, "what counts as right is a function of your own"),
        (Own(), Momentum, {"change_per_case": True}, "double: a custom operation exists"),
    ],
)
def test_what_javascript_cannot_run_is_shown_by_frames(net, optimizer, how, why):
    optimizer = optimizer(net.parameters(), 0.3)
    before = state(net, optimizer)
    page = watch(net, XOR, optimizer, sweeps=25, **how)
    data = page.data
    assert f"trains nothing here ({why}" in html.unescape(page.html)
    assert state(net, optimizer) == before
    assert data["mode"] == "frames"
    assert data["why_frames"].startswith(why)
    frames = data["frames"]
    history = train(net, XOR, optimizer, sweeps=25, keep="weights", progress=False, **how)
    assert frames["errors"] == history.errors
    assert frames["right"] == [sweep.right for sweep in history]
    assert frames["weights"] == [history.weights[sweep] for sweep in frames["sweeps"]]
    assert frames["sweeps"] == list(range(26))
    assert frames["outputs"][-1] == [[pytest.approx(net(x)[0].data)] for x, _ in XOR]


def test_frames_of_a_long_training_are_few_enough_for_400_kB():
    net = Own()
    page = watch(net, XOR, Momentum(net.parameters(), 0.1), sweeps=3000)
    assert len(page.html.encode()) <= 400_000
    assert page.data["frames"]["sweeps"][-1] == 3000
    assert len(page.data["frames"]["errors"]) == 3001


@pytest.mark.parametrize(
    ("how", "kind", "message"),
    [
        ({"sweeps": -1}, ValueError, "watch: sweeps: expected a whole number from 0 on, got -1"),
        ({"title": 3}, TypeError, "watch: title: expected a string, got 3"),
        ({"case_names": ["a"]}, ValueError, "watch: expected a name for each of 4 cases, got 1"),
        ({"path": "a.svg"}, ValueError, "watch: expected a file name in .html, got 'a.svg'"),
        ({"path": "no/a.html"}, OSError, "watch: there is no folder 'no'"),
        ({"loss": "square"}, ValueError, "watch: expected loss as one of squared, "),
        ({"lr": 0.1}, TypeError, "watch: lr is for training without an optimizer"),
        ({"epochs": 5}, TypeError, "watch: there is no argument 'epochs': did you mean 'sweeps'?"),
        ({"batch": 2, "change_per_case": True}, ValueError, "watch: expected batch or change_per"),
    ],
)
def test_bad_input_is_told_what_was_given(how, kind, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    net = xor_net()
    with pytest.raises(kind, match=re.escape(message)):
        watch(net, XOR, Momentum(net.parameters(), 0.1), **how)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bad", [math.nan, -math.inf])
def test_numbers_that_are_not_finite_are_refused_by_name(bad):
    net = xor_net()
    optimizer = Momentum(net.parameters(), 0.1)
    with pytest.raises(ValueError, match=f"^watch: expected finite cases, got {bad} in case 1$"):
        watch(net, [XOR[0], ([bad, 1.0], XOR[1][1])], optimizer)
    parameter = net.parameters()[2]
    parameter.data = bad
    message = f"watch: expected finite parameters, got {bad} for {parameter.label}"
    with pytest.raises(ValueError, match=re.escape(message)):
        watch(net, XOR, optimizer)


def test_a_copy_of_a_history_has_nothing_to_watch():
    net = xor_net()
    history = train(net, XOR, Momentum(net.parameters(), 0.5), sweeps=3, progress=False)
    with pytest.raises(ValueError, match="watch: a copy of a history"):
        copy.deepcopy(history).watch()


def test_the_page_is_written_and_shown_in_a_sandboxed_frame(tmp_path):
    net = xor_net()
    page = watch(net, XOR, path=tmp_path / "a.html", title="<b>", notes="a & b")
    assert (tmp_path / "a.html").read_text("utf-8") == page.html
    assert page.save(tmp_path / "b.html").read_text("utf-8") == page.html
    assert "<b>" not in page.html
    frame = page._repr_mimebundle_()["text/html"]
    assert 'sandbox="allow-scripts"' in frame
    assert "<b>" not in frame
    image = frame.partition("<iframe")[0]
    assert "A still picture: trust this notebook to see the training run." in image
    svg = base64.b64decode(re.search(r"base64,([^\"]*)", image)[1]).decode()
    assert ElementTree.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"


def test_a_training_without_a_page_does_not_import_the_explorer(python):
    code = "import sys, microbp; microbp.train; print(*(m for m in sys.modules if 'explorer' in m))"
    assert python(code).stdout == "\n"
