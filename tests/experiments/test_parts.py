"""An experiment and its result, by themselves."""

import sys

import pytest

from microbp.experiments import Experiment, Result, Trained, load
from microbp.experiments.result import table
from microbp.training import History, Sweep


def test_a_study_has_defaults_of_its_own_and_knows_its_settings():
    def nothing(seed=4, sweeps=10, pace=0.5, name="x", **how):
        return Trained(None, history(how["progress"]))

    def history(progress):
        found = History(2)
        found.sweeps = [Sweep(0, 0.5, 1), Sweep(1, 0.25, 2)]
        assert progress is False
        return found

    run = Experiment(nothing, "nothing", title="Nothing", study={"sweeps": 70})
    assert (run.seed, run.settings) == (4, {"sweeps": 10, "pace": 0.5, "name": "x"})
    found = run.study([1, 2], jobs=1, progress=False, pace=0.25)
    assert found.experiment == "nothing"
    assert found.settings == {"sweeps": 70, "pace": 0.25, "name": "x"}
    assert found[0] == {"seed": 1, "solved_at": 1, "right": 2, "error": 0.25}
    with pytest.raises(TypeError, match="speed"):
        run.study([1], speed=3)


@pytest.mark.parametrize(
    ("rights", "verdict"),
    [
        ([1, 4], "gets all 4 cases right"),
        ([1, 3], "failed so far: 3 of the 4 cases"),
        ([1, 4, 2], "had all 4 cases right at sweep 1, and has 2 now"),
    ],
)
def test_the_verdict(rights, verdict):
    history = History(4)
    history.sweeps = [Sweep(i, 0.5, right) for i, right in enumerate(rights)]
    assert verdict in Trained(None, history).verdict()


def test_a_result_needs_no_more_than_numbers_and_a_verdict(tmp_path):
    class Plain(Result):
        def numbers(self):
            return {"answer": 42}

        def verdict(self):
            return "So it is."

    plain = Plain()
    plain.title, plain.settings = "Plain", "seed 1"
    assert plain.report() == "Plain: seed 1\n\nanswer                 42\n\nSo it is."
    assert plain.save(tmp_path) == []


def test_what_is_missing_is_told_and_the_rest_written(tmp_path, monkeypatch):
    result = load("symmetry")(sweeps=1, progress=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    lines = result.save(tmp_path)
    assert any(line.startswith("(no plots: ") for line in lines)
    assert (tmp_path / "weights.json").exists()


def test_a_table_of_weights_names_units_and_sources():
    net = load("symmetry")(sweeps=0, progress=False).net
    rows = table(net.layers["output"]).splitlines()
    assert rows[0].split() == ["weights", "hidden1", "hidden2", "bias"]
    assert rows[1].split()[0] == "output1"
