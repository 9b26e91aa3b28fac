"""Which engine is in use, and what `import microbp` brings along."""

import pytest

import microbp
from microbp import engine, functions

HEAVY = {"numpy", "matplotlib", "pandas", "graphviz", "tqdm", "hypothesis", "pytest", "mpmath"}


def test_one_value_class_serves_the_whole_package():
    assert microbp.Value is engine.Value is functions.Value
    assert type(microbp.exp(engine.Value(0.0))) is engine.Value


def test_the_engine_is_python_by_name(python):
    ran = python("import microbp.engine; print(microbp.engine.name)", MICROBP_ENGINE="python")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("python\n", "", 0)


def test_without_a_wish_the_engine_is_python(python, monkeypatch):
    monkeypatch.delenv("MICROBP_ENGINE", raising=False)
    ran = python("import microbp.engine; print(microbp.engine.name)")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("python\n", "", 0)


@pytest.mark.parametrize("asked", ["compiled", "nonsense", "Python"])
def test_an_engine_that_is_not_there_ends_the_program_with_a_clear_error(python, asked):
    ran = python("import microbp; print('went on')", MICROBP_ENGINE=asked)
    sentence = f"MICROBP_ENGINE={asked}: this installation of microbp has the engine 'python' only"
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", sentence + "\n", 1)


def test_import_loads_no_heavy_module(python):
    ran = python("import sys, microbp; print(*sys.modules)")
    assert ran.returncode == 0, ran.stderr
    loaded = {module.partition(".")[0] for module in ran.stdout.split()}
    assert "microbp" in loaded
    assert not loaded & HEAVY
