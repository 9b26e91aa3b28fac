"""Which engine is in use, and what `import microbp` brings along."""

import shutil
from pathlib import Path

import pytest

import microbp
from microbp.core import compiled, engine, functions
from microbp.core.compiled.fingerprint import fingerprint

HEAVY = {"numpy", "matplotlib", "pandas", "graphviz", "tqdm", "hypothesis", "pytest", "mpmath"}
HEAVY |= {"dask", "distributed", "joblib"}
PACKAGE = Path(microbp.__file__).parent
SAY = "import microbp; print(microbp.engine.name)"
pytestmark = pytest.mark.engine()
needs_compiled = pytest.mark.skipif(bool(compiled.fault), reason="no C compiler was there")


def test_one_value_class_serves_the_whole_package():
    assert microbp.Value is engine.Value is functions.Value
    assert type(microbp.exp(engine.Value(0.0))) is engine.Value


@pytest.mark.parametrize("name", ["python", pytest.param("compiled", marks=needs_compiled)])
def test_an_engine_can_be_forced_by_name(python, name):
    ran = python(SAY, MICROBP_ENGINE=name)
    assert (ran.stdout, ran.stderr, ran.returncode) == (f"{name}\n", "", 0)


@needs_compiled
def test_without_a_wish_the_engine_is_compiled(python):
    ran = python(SAY, MICROBP_ENGINE="")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("compiled\n", "", 0)


@pytest.fixture
def copied(tmp_path):
    """A copy of the package, with none of what was compiled."""
    kept = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    return shutil.copytree(PACKAGE, tmp_path / "microbp", ignore=kept)


def in_copy(copied):
    return f"import sys; sys.path.insert(0, {str(copied.parent)!r}); {SAY}"


def test_where_nothing_is_built_the_engine_is_python(python, copied):
    ran = python(in_copy(copied), MICROBP_ENGINE="")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("python\n", "", 0)


def test_an_engine_that_is_not_there_ends_the_program_with_a_clear_error(python, copied):
    ran = python(in_copy(copied), MICROBP_ENGINE="compiled")
    assert ran.stderr.startswith("MICROBP_ENGINE=compiled: the compiled engine is not built (")
    assert (ran.stdout, ran.stderr.count("\n"), ran.returncode) == ("", 1, 1)


@pytest.mark.parametrize("asked", ["nonsense", "Python"])
def test_an_engine_that_nobody_knows_is_refused(python, asked):
    ran = python(SAY, MICROBP_ENGINE=asked)
    sentence = f"MICROBP_ENGINE={asked}: expected 'python' or 'compiled'\n"
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", sentence, 1)


CHANGES = {
    "backward.pxi": "# a change that nobody has compiled\n",
    "../ops.py": "BUILTINS *= 99\n",  # more codes than there is room for
}


@needs_compiled
@pytest.mark.parametrize("changed", CHANGES)
def test_a_stale_engine_is_never_run_silently(python, copied, changed):
    for built in PACKAGE.rglob("*.so"):
        shutil.copy(built, copied / built.relative_to(PACKAGE))
    with (copied / "core" / "compiled" / changed).open("a", encoding="utf-8") as source:
        source.write(CHANGES[changed])
    fault = "the compiled engine is older than its sources: pip install -e . again\n"
    warned = f"import warnings; warnings.simplefilter('default'); {in_copy(copied)}"
    ran = python(warned, MICROBP_ENGINE="")
    assert f"UserWarning: microbp runs in plain Python: {fault}" in ran.stderr
    assert (ran.stdout, ran.returncode) == ("python\n", 0)
    ran = python(in_copy(copied), MICROBP_ENGINE="compiled")
    assert (ran.stdout, ran.stderr) == ("", f"MICROBP_ENGINE=compiled: {fault}")


USED = """
import microbp
x, w = microbp.Value(0.5, "x"), microbp.Value(2.0, "w")
program = microbp.record((w * x).sigmoid(), [x])
cases = [[1.0], [3.0]]
from microbp.optim import Adam; optimizer = Adam([w], 0.5); optimizer.step(); optimizer.zero_grad()
print(*microbp.engine.missing(), program.forward(cases), program.backward(cases), w.grad)
"""


@needs_compiled
@pytest.mark.parametrize("lacking", ["flatten", "interpreter", "optimizer_steps"])
def test_where_one_extension_is_missing_the_rest_is_used(python, copied, lacking):
    for built in PACKAGE.rglob("*.so"):
        if not built.name.startswith(lacking):
            shutil.copy(built, copied / built.relative_to(PACKAGE))
    code = f"import sys; sys.path.insert(0, {str(copied.parent)!r}); {SAY}; {USED}"
    ran = python(code.replace("; \n", "\n"), MICROBP_ENGINE="compiled")
    first, second = ran.stdout.splitlines()
    assert (first, second.split()[0], ran.stderr) == ("compiled", lacking, "")


def test_the_fingerprint_tells_the_operations_in_order():
    """Their codes in C follow the table's order."""
    one, other = (fingerprint(PACKAGE, names) for names in (["add", "sub"], ["sub", "add"]))
    assert one != other
    assert one == fingerprint(PACKAGE, ["add", "sub"])


def test_import_loads_no_heavy_module(python):
    ran = python("import sys, microbp; print(*sys.modules)")
    assert ran.returncode == 0, ran.stderr
    loaded = {module.partition(".")[0] for module in ran.stdout.split()}
    assert "microbp" in loaded
    assert not loaded & HEAVY
