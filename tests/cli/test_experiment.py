"""`microbp symmetry` and the like: the folder, its checkpoints, and what is refused."""

import json

import pytest

from microbp.training import loop
from tests.helpers.commands import command, refused


@pytest.mark.thorough
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


@pytest.mark.parametrize("content", ["", "[1, 2]", "7", "{", '{"seed": 8}', "[" * 9999])
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
        "microbp symmetry: error: add: units of layer 'hidden': expected a whole number from 1 on, "
        "got 0"
    )
