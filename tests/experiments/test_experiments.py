"""What all experiments share: the command, its folder and checkpoints, the study; and a file's."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from microbp.cli.experiments import OURS
from microbp.cli.main import main
from microbp.experiments import Experiment, Result, Trained
from microbp.experiments.result import table
from microbp.training import History, Sweep, loop

MAJORITY = Path(__file__).parents[2] / "examples" / "majority.py"


def command(capsys, *arguments):
    status = main([*map(str, arguments)])
    return status, capsys.readouterr().out


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as stop:
        main([*map(str, arguments)])
    assert stop.value.code == 2
    return capsys.readouterr().err.splitlines()[-1]


@pytest.fixture
def majority(monkeypatch):
    """The path of the example; what importing it changes is undone."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "majority", raising=False)
    yield MAJORITY
    sys.modules.pop("majority", None)


# Every experiment


@pytest.mark.parametrize("experiment", OURS, ids=lambda experiment: experiment.name)
def test_each_has_a_command_with_its_settings(capsys, experiment):
    with pytest.raises(SystemExit) as stop:
        main([experiment.name, "--help"])
    assert stop.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert experiment.describe().splitlines()[0] in text
    for name, default in experiment.settings.items():
        assert f"--{name.replace('_', '-')} " in text
        assert f"(default: {default})" in text
        assert experiment.helps[name]


@pytest.mark.parametrize("experiment", OURS, ids=lambda experiment: experiment.name)
def test_each_reports_measures_and_saves(experiment, tmp_path):
    few = {"sweeps": 3} if "sweeps" in experiment.settings else {}
    result = experiment(5, **few, progress=False)
    row = experiment.measure(5, **few)
    assert json.loads(json.dumps(row)) == row == result.numbers()
    assert {"seed", "failure"}.isdisjoint(row)
    heading, *_, verdict = result.report().split("\n\n")
    assert heading.startswith(f"{experiment.title}: seed 5")
    assert verdict.strip() == result.verdict()
    assert verdict.endswith(".")
    written = result.save(tmp_path / "new" / "folder")
    for line in written:
        assert Path(line).stat().st_size > 0
        if line.endswith(".png"):
            assert Path(line).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("experiment", OURS, ids=lambda experiment: experiment.name)
def test_each_is_the_same_in_every_run_and_differs_by_seed(experiment):
    few = {"sweeps": 3} if "sweeps" in experiment.settings else {}
    assert experiment.measure(52, **few) == experiment.measure(52, **few)
    assert experiment.measure(52, **few) != experiment.measure(124, **few)


# The command


def test_a_run_goes_on_in_its_folder_to_the_same_bits(capsys, tmp_path):
    there, whole = tmp_path / "there", tmp_path / "whole"
    for sweeps in (150, 400):
        status, text = command(capsys, "symmetry", "--sweeps", sweeps, "--out", there)
        assert status == 0
        assert len(json.loads((there / "checkpoint.json").read_text())["sweeps"]) == sweeps
    command(capsys, "symmetry", "--sweeps", 400, "--out", whole)
    assert "at sweep 376" in text
    for name in ("weights.json", "history.csv"):
        assert (there / name).read_bytes() == (whole / name).read_bytes()


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (["--seed", 9], "seed 8 where this one has 9"),
        (["--lr", 0.2], "lr 0.1 where this one has 0.2"),
        (["--hidden", 3], "hidden 2 where this one has 3"),
    ],
)
def test_the_folder_of_another_run_is_refused_and_stays(capsys, tmp_path, others, told):
    command(capsys, "symmetry", "--sweeps", 2, "--out", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    last = refused(capsys, "symmetry", "--sweeps", 2, *others, "--out", tmp_path)
    assert last == (
        f"microbp symmetry: error: {tmp_path}: settings.json holds a run with {told}; "
        "--out names another folder"
    )
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_that_has_gone_on_for_longer_is_refused(capsys, tmp_path):
    command(capsys, "symmetry", "--sweeps", 5, "--out", tmp_path)
    last = refused(capsys, "symmetry", "--sweeps", 4, "--out", tmp_path)
    assert "checkpoint.json holds 5 sweeps, more than 4" in last


@pytest.mark.parametrize("content", ["", "[1, 2]", "7", "{", '{"seed": 8}'])
def test_a_folder_with_foreign_settings_is_refused(capsys, tmp_path, content):
    (tmp_path / "settings.json").write_text(content)
    assert "settings.json" in refused(capsys, "symmetry", "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_ctrl_c_reports_and_the_same_command_goes_on(capsys, tmp_path, monkeypatch):
    sweep = loop.Sweep

    def interrupts(number, *seen):
        if number == 120:
            raise KeyboardInterrupt
        return sweep(number, *seen)

    monkeypatch.setattr("microbp.training.replay_pass.Sweep", interrupts)
    arguments = ["symmetry", "--sweeps", 400, "--out", tmp_path]
    status, text = command(capsys, *arguments)
    assert status == 3
    assert "per_case 0; interrupted" in text.splitlines()[0]
    assert f"the same command with --out {tmp_path} goes on from here" in text
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 1 + 121
    assert len(json.loads((tmp_path / "checkpoint.json").read_text())["sweeps"]) == 120
    monkeypatch.undo()
    status, text = command(capsys, *arguments)
    assert status == 0
    assert "at sweep 376" in text


def test_what_a_net_refuses_is_told_as_a_bad_setting(capsys, tmp_path):
    last = refused(capsys, "symmetry", "--hidden", 0, "--out", tmp_path)
    assert last == (
        "microbp symmetry: error: add: expected at least 1 unit in layer 'hidden', got 0"
    )


# A file with an experiment of one's own


def test_a_file_is_a_command(capsys, tmp_path, majority):
    status, text = command(capsys, majority, "--seed", 3, "--hidden", 1, "--out", tmp_path)
    assert status == 0
    assert text.startswith("Majority of five bits: seed 3, 500 sweeps, lr 0.1, momentum 0.9")
    assert "This seed gets all 32 cases right." in text
    names = {"history.csv", "weights.json", "weights.png", "learning-curve.png"}
    names |= {"settings.json", "checkpoint.json"}
    assert {path.name for path in tmp_path.iterdir()} == names


def test_a_file_has_a_study_in_other_processes(tmp_path):
    options = ["--seeds", "4", "--sweeps", "40", "--jobs", "2", "--out", str(tmp_path)]
    program = [sys.executable, "-m", "microbp", "study", str(MAJORITY), *options]
    text = subprocess.check_output(program, text=True, cwd=tmp_path, stderr=subprocess.DEVNULL)
    assert "Study of majority.majority" in text
    assert "runs        4 (seeds 0 to 3); all runs done" in text
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 1 + 4


def test_a_file_that_is_none_is_told(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path])
    missing, empty, taken = (tmp_path / f"{name}.py" for name in ("missing", "empty_xyz", "json"))
    empty.write_text("run = 7\n")
    taken.write_text("")
    assert refused(capsys, missing) == f"microbp: error: {missing}: no such file"
    assert refused(capsys, "study", empty).endswith("expected run = Experiment(...) in it, got 7")
    assert "there is another module called json" in refused(capsys, taken)


# The parts


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
    result = OURS[0](sweeps=1, progress=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    lines = result.save(tmp_path)
    assert any(line.startswith("(no plots: ") for line in lines)
    assert (tmp_path / "weights.json").exists()


def test_a_table_of_weights_names_units_and_sources():
    net = OURS[0](sweeps=0, progress=False).net
    rows = table(net.layers["output"]).splitlines()
    assert rows[0].split() == ["weights", "hidden1", "hidden2", "bias"]
    assert rows[1].split()[0] == "output1"
