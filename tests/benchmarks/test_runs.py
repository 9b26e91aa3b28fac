"""A run writes what it found, and names what it left out."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks import __main__ as command
from benchmarks.worker_process import ROOT


def run(folder, *options, pythonpath=""):
    subprocess.run(
        [sys.executable, "-m", "benchmarks", "--rounds", "1", *options, "--out", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(pythonpath)},
        check=True,
    )
    return json.loads((folder / "benchmarks.json").read_text(encoding="utf-8"))


def test_a_run_writes_complete_files(tmp_path):
    found = run(tmp_path, "--only", "chain", "--contenders", "floats,microbp-python,microgpt")
    assert found["times"]["chain"].keys() == {"floats", "microbp-python", "microgpt"}
    assert found["times"]["chain"]["microgpt"].keys() == {"step", "forward", "backward"}
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "## chain: 2,000 products" in text
    assert "| microgpt's style |" in text
    assert (tmp_path / "benchmarks.png").read_bytes().endswith(b"IEND\xaeB`\x82")
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.thorough
def test_a_replayed_work_is_timed_by_the_step(tmp_path):
    contenders = "floats,microbp-compiled,microbp-python,c,numpy"
    found = run(tmp_path, "--only", "replay-symmetry,chain", "--contenders", contenders)
    timed = found["times"]["replay-symmetry"]
    assert "floats" not in timed  # no gradient
    assert "microbp-python" in found["times"]["chain"]
    assert all(parts.keys() == {"step"} for parts in timed.values())
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert ("## Replayed steps, in times of" in text) is bool(timed)
    if "c" not in found["missing"]:
        assert 0.0 < timed["c"]["step"][0] < 1e-3
        assert "| C by hand |" in text


@pytest.mark.thorough
def test_a_missing_peer_is_named(tmp_path):
    (tmp_path / "xad.py").write_text("raise ModuleNotFoundError('xad was taken away')\n")
    found = run(
        tmp_path / "out", "--only", "chain", "--contenders", "floats,xad", pythonpath=tmp_path
    )
    assert found["missing"] == {"xad": "xad was taken away"}
    assert found["times"]["chain"].keys() == {"floats"}
    none = run(
        tmp_path / "none", "--only", "replay-gpt", "--contenders", "xad", pythonpath=tmp_path
    )
    assert none["missing"] == {}  # who has no part in it isn't missed
    text = (tmp_path / "out" / "benchmarks.md").read_text(encoding="utf-8")
    assert "Left out: XAD (xad was taken away)." in text


def test_an_interrupted_run_keeps_what_it_has(tmp_path, monkeypatch, capsys):
    def interrupted(results, workloads, contenders, progress):
        results.operations["chain"] = 2_000
        results.times["chain"] = {"floats": {"step": [1e-4], "forward": [1e-4]}}
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "time_workloads", interrupted)
    command.main(["--only", "chain", "--out", str(tmp_path)])
    assert "interrupted before their end" in (tmp_path / "benchmarks.md").read_text()
    assert json.loads((tmp_path / "benchmarks.json").read_text())["interrupted"]
    assert "kept" in capsys.readouterr().out


@pytest.mark.parametrize("options", [["--only", "chian"], ["--contenders", "x"], ["--rounds", "0"]])
def test_unknown_options_are_refused(options, capsys):
    with pytest.raises(SystemExit):
        command.main(options)
    assert options[1] in capsys.readouterr().err
