"""Junk as any argument of any public function: an error in words, and nothing is changed."""

import inspect
import itertools
import re
import signal
import warnings
from types import ModuleType

import pytest

import microbp
from microbp import datasets, experiments, losses, nn, optim, studies, training
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
from tests.helpers.junk import JUNK, PLOTS, Setting, calls, generators, plot_calls

MODULES = [microbp, nn, optim, losses, training, datasets, studies, experiments]
ELSEWHERE = {
    *("microbp.gradcheck", "microbp.step_curve", "microbp.check_gradient"),  # tests/checking
    *("microbp.detect_anomaly", "microbp.no_grad", "datasets.xor", "datasets.digits"),  # take none
    *("datasets.names", "microbp.Domain", "microbp.Program", "optim.at", "training.train"),
    *("microbp.watch", "training.watch"),  # checked by what train is: tests/training/test_watching
    *("studies.study", "microbp.experiments.load"),
    *("training.Sweep", "training.Stopped", "training.Trainable", "training.Case"),  # plain data
    "training.HeldOut",
    *("training.Judge", "studies.Share", "losses.Loss", "nn.Inputs", "optim.Schedule"),
    *("experiments.Experiment", "experiments.Result", "experiments.Trained"),
}
WORDS = re.compile(
    r"expected|no float can hold|defined (for|from)|No such file|as in Net\(|already a layer|"
    r"no layer or group is called|there is no folder|"
    r"\d (weights|outputs|children|cases|inputs) but|needs a name=|does not hold|of no finite"
)


def fault(name, error):
    """What is wrong with an error: its kind or its words; "" where nothing is."""
    if isinstance(error, ImportError) and "is not installed: pip install" in str(error):
        return ""  # as without SymPy, where even good arguments end
    if not isinstance(error, (TypeError, ValueError, FileNotFoundError)):
        return "kind"
    words = str(error)
    known = re.findall(r"\w+", name)[1:]
    if not any(
        re.search(rf"\b{each}\b", words, re.IGNORECASE)
        for each in [*known, "net", "state", "Errno"]
    ):
        return "no name of the function"
    return "" if WORDS.search(words) else "no expectation"


@pytest.fixture(autouse=True)
def never_for_long():
    """A call that doesn't end fails."""

    def stop(number, frame):
        raise TimeoutError("this call takes longer than 20 s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def faults(name, find):
    """What is wrong with the errors about junk as each of its arguments."""
    setting = Setting()
    function, good = find(setting)[name]
    given = {argument: x for argument, x in good.items() if x is not None}
    before, random_before = setting.state(), generators()
    found = []
    errors = 0
    for argument, (kind, junk) in itertools.product(good, JUNK.items()):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                function(**{**given, argument: junk})
        except Exception as error:  # noqa: PERF203
            errors += 1
            wrong = fault(name, error)
            if not wrong and setting.state() != before:
                wrong = "changed"
            if wrong:
                found.append(f"{argument}={kind}: {wrong}: {type(error).__name__}: {error}")
        else:
            before = setting.state()
    assert generators() == random_before
    assert errors >= len(good)
    return found


@pytest.mark.parametrize("name", calls(Setting()))
def test_an_error_about_junk_is_in_words_and_changes_nothing(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert faults(name, calls) == []


@pytest.mark.thorough
@pytest.mark.engine
@pytest.mark.parametrize("name", PLOTS)
def test_an_error_about_a_plot_is_in_words(name, tmp_path, monkeypatch):
    from matplotlib import pyplot

    monkeypatch.chdir(tmp_path)
    assert faults(name, plot_calls) == []
    pyplot.close("all")


@pytest.mark.engine
def test_every_public_function_is_here():
    named = {name.partition("[")[0].rstrip("()") for name in calls(Setting())} | ELSEWHERE
    for module in MODULES:
        home = module.__name__.removeprefix("microbp.")
        for name in getattr(module, "__all__", vars(module)):
            thing = getattr(module, name)
            foreign = getattr(thing, "__module__", "").partition(".")[0] != "microbp"
            if name.startswith("_") or isinstance(thing, ModuleType) or foreign:
                continue
            if not callable(thing) or (inspect.isclass(thing) and issubclass(thing, Exception)):
                continue
            if thing.__module__ == module.__name__ or module is microbp or home in thing.__module__:
                assert f"{home}.{name}" in named
