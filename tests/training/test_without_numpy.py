"""Where NumPy is missing, as in a browser, training builds graphs; what needs it says so."""

import sys
from types import SimpleNamespace

import pytest

from microbp import Value, datasets, plots, record, watch
from microbp.optim import Descent
from microbp.training import train
from tests.helpers.training import XOR, numbers, trained, xor_net

MISSING = "which is not installed: pip install"


@pytest.fixture(autouse=True)
def no_numpy(monkeypatch):
    for package in ("numpy", "matplotlib", "pandas"):
        monkeypatch.setitem(sys.modules, package, None)


def test_training_builds_the_graphs_and_says_why():
    net, other = xor_net(), xor_net()
    history = trained(net, sweeps=5, engine="auto")
    assert history.engine == f"eager: a replay needs NumPy, {MISSING} numpy"
    assert list(history) == list(trained(other, sweeps=5, engine="eager"))
    assert numbers(net) == numbers(other)
    with pytest.raises(ValueError, match=f"^train: can't replay this net: .*NumPy, {MISSING}"):
        trained(net, sweeps=5, engine="replay")


def test_a_page_shows_the_training_by_frames():
    net = xor_net()
    page = watch(net, XOR, Descent(net.parameters()), sweeps=3)
    assert page.data["mode"] == "frames"
    assert "a replay needs NumPy" in page.data["why_frames"]


def test_what_needs_a_package_says_which():
    x = Value(2.0, "x")
    program = record(x * x, inputs=[x])
    history = trained(xor_net(), sweeps=1)
    for what, attempt in {
        "forward needs NumPy": lambda: program.forward([[1.0]]),
        "input_gradient needs NumPy": lambda: program.input_gradient([[1.0]]),
        "a replay needs NumPy": lambda: program.backward([[1.0]]),
        "moons needs NumPy": datasets.moons,
        "symmetry needs NumPy": datasets.symmetry,
        "hinton needs Matplotlib": lambda: plots.hinton([[1.0]]),
        "learning_curve needs Matplotlib": lambda: plots.learning_curve([1.0]),
        "to_pandas needs pandas": history.to_pandas,
    }.items():
        with pytest.raises(ModuleNotFoundError, match=f"^{what}, {MISSING}"):
            attempt()


def test_a_table_of_cases_can_be_written_as_pairs():
    with pytest.raises(ModuleNotFoundError, match=r"numpy; or write pairs of inputs and targets"):
        train(xor_net(), ([[0, 1]], [1]))


@pytest.mark.parametrize(
    ("listed", "advice"),
    [
        ({"numpy": ...}, "%pip install numpy, with a network"),
        ({}, "this page can't load it, so run this on a computer"),
    ],
)
def test_in_a_browser_the_advice_is_one_for_a_browser(monkeypatch, listed, advice):
    monkeypatch.setattr(sys, "platform", "emscripten")
    theirs = SimpleNamespace(lockfile=SimpleNamespace(packages=SimpleNamespace(**listed)))
    monkeypatch.setitem(sys.modules, "pyodide_js", theirs)
    with pytest.raises(ModuleNotFoundError, match=f": {advice}$"):
        datasets.xor()
