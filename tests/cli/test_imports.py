"""What the command imports: as little as it can, for all of it is waited for."""

import ast

import pytest

SLOW = {"numpy", "matplotlib", "joblib", "graphviz", "tqdm"}

PROGRAM = """
import contextlib, sys
from microbp.cli.main import main
with contextlib.suppress(SystemExit):
    main(sys.argv[1:])
print([*sys.modules])
"""


@pytest.fixture
def imported(python, tmp_path):
    """The modules that are imported once a command has ended."""

    def names(*arguments):
        run = python(PROGRAM, *arguments)
        assert run.returncode == 0, run.stderr
        return set(ast.literal_eval(run.stdout.splitlines()[-1]))

    return names


def experiments(modules):
    """The modules of single experiments among these."""
    packages = ("microbp.experiments.nature1986.", "microbp.experiments.pdp8.")
    return {name.rpartition(".")[2] for name in modules if name.startswith(packages)}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["study", "--help"]])
def test_version_and_help_import_nothing_slow(imported, arguments):
    modules = imported(*arguments)
    if arguments != ["study", "--help"]:
        assert not modules & SLOW
    assert experiments(modules) == set()


@pytest.mark.parametrize("command", [["symmetry"], ["study", "symmetry", "--seeds", "1"]])
def test_a_command_imports_its_own_experiment_alone(imported, tmp_path, command):
    modules = imported(*command, "--sweeps", 1, "--out", tmp_path)
    assert experiments(modules) == {"symmetry"}
    assert (tmp_path / "summary.txt").exists() == (command[0] == "study")


@pytest.mark.parametrize("command", ["check", "draw", "explore"])
def test_a_command_for_formulas_imports_no_experiment(imported, command):
    modules = imported(command, "--help")
    assert "microbp.experiments.experiment" not in modules
    assert "microbp.cli.experiment" not in modules
