"""What setup.py makes of a package of three small extensions, with a C compiler and without."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import microbp

ROOT = Path(microbp.__file__).parents[1]
NO_COMPILER = {"PATH": "/nowhere", "CC": "cc"}
pytestmark = pytest.mark.thorough

SOURCES = {
    "core/ops.py": "BUILTINS = []\n",
    "core/compiled/value.pyx": "x = 1\n",
    "replay/compiled/flatten.pyx": "x = 2\n",
    "replay/compiled/interpreter.pyx": "x = 3\n",
}
BROKEN = {
    "by the C compiler": 'cdef extern from *:\n    """\n    #error broken\n    """\n',
    "by Cython": "x = = 3\n",
}


@pytest.fixture
def package(tmp_path):
    for name in ("setup.py", "setup.cfg", "build_backend.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("_microbp_command.py", "_microbp_hypothesis.py"):
        (tmp_path / name).touch()
    for name in ("_support/c_compiler.py", "_support/version.py", "core/compiled/fingerprint.py"):
        write(tmp_path, name, (ROOT / "microbp" / name).read_text(encoding="utf-8"))
    for name, text in SOURCES.items():
        write(tmp_path, name, text)
    for folder in ("", "_support", "core", "core/compiled", "replay", "replay/compiled"):
        (tmp_path / "microbp" / folder / "__init__.py").touch()
    return tmp_path


def write(package, name, text):
    path = package / "microbp" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def ran(package, *words, **environment):
    environment = {**os.environ, "MICROBP_ENGINE": "", **environment}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True)


def built(package):
    return sorted(path.name.partition(".")[0] for path in (package / "microbp").rglob("*.so"))


def lines_of(done):
    return [line for line in done.stderr.splitlines() if line.startswith("microbp: ")]


def wheel(package, **environment):
    done = ran(package, "setup.py", "-q", "bdist_wheel", **environment)
    assert done.returncode == 0, done.stderr
    (made,) = (package / "dist").iterdir()
    return made.name.rpartition("microbp-")[2].partition("-")[2], done


@pytest.mark.parametrize("how", BROKEN)
def test_one_that_fails_leaves_the_others(package, how):
    assert ran(package, "setup.py", "-q", "build_ext", "--inplace").returncode == 0
    assert built(package) == ["flatten", "interpreter", "value"]
    write(package, "replay/compiled/interpreter.pyx", BROKEN[how])
    done = ran(package, "setup.py", "-q", "build_ext", "--inplace")
    assert done.returncode == 0, done.stderr
    assert built(package) == ["flatten", "value"]  # and no older interpreter
    (line,) = lines_of(done)
    assert line.startswith(
        "microbp: microbp.replay.compiled.interpreter in plain Python, see above ("
    )
    assert "any" not in wheel(package)[0]
    done = ran(package, "setup.py", "-q", "build_ext", "--inplace", MICROBP_ENGINE="compiled")
    assert done.returncode != 0


@pytest.mark.parametrize(
    ("environment", "lines"),
    [({"MICROBP_ENGINE": "python"}, 0), (NO_COMPILER, 1), ({"CC": "/bin/false"}, 3)],
    ids=str,
)
def test_what_is_all_python_is_tagged_so(package, environment, lines):
    tags, done = wheel(package, **environment)
    assert tags == "py3-none-any.whl"
    assert len(lines_of(done)) == lines


@pytest.mark.parametrize(
    ("environment", "asked"),
    [
        ({"CC": sys.executable}, True),  # whatever it is, it is there
        (NO_COMPILER, False),
        ({"CC": sys.executable, "MICROBP_ENGINE": "python"}, False),
        ({**NO_COMPILER, "MICROBP_ENGINE": "compiled"}, True),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "hook", ["get_requires_for_build_wheel", "get_requires_for_build_editable"]
)
def test_cython_is_asked_for_where_there_is_a_compiler(package, hook, environment, asked):
    done = ran(package, "-c", f"import build_backend; print(build_backend.{hook}())", **environment)
    assert done.returncode == 0, done.stderr
    assert ("Cython" in done.stdout.splitlines()[-1]) == asked
