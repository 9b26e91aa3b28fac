"""What holds for every experiment of ours."""

import json
from pathlib import Path

import pytest

from microbp.cli.main import main
from microbp.experiments import CATALOG, load, nature1986, pdp8

OURS = [load(name) for name in CATALOG]


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


@pytest.mark.parametrize(("name", "experiment"), [*zip(CATALOG, OURS, strict=True)], ids=[*CATALOG])
def test_each_stands_in_the_catalog_by_its_name_and_the_first_line_of_its_docstring(
    name, experiment
):
    first = experiment.describe().splitlines()[0]
    assert (experiment.name, f"{first[0].lower()}{first[1:]}") == (name, f"{CATALOG[name][1]}.")


def test_every_experiment_is_in_the_catalog():
    packages = [Path(nature1986.__file__), Path(pdp8.__file__)]
    found = {
        f"{package.parent.name}.{path.stem}"
        for package in packages
        for path in package.parent.glob("*.py")
        if "\nrun = Experiment(\n" in path.read_text("utf-8")
    }
    assert found == {module for module, _ in CATALOG.values()}


def test_an_unknown_name_is_told_with_the_known_ones():
    with pytest.raises(ValueError, match=r"expected one of symmetry, family-trees, .* got 'xxor'"):
        load("xxor")
