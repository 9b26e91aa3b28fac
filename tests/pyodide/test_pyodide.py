"""microbp in Pyodide, run by Node from files alone: the wheel in plain Python, and no network."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from microbp._support.version import __version__

pytestmark = pytest.mark.pyodide

HERE = Path(__file__).parent
HOME = HERE.parents[1]
LEFT_OUT = HOME / "docs" / "website" / "browser" / "left_out.py"
NEED_A_PACKAGE = {"08": ["curve", "own-code", "own-where-code", "check4"]}
"""The cells of a notebook that need NumPy or Matplotlib, which aren't there."""


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """A folder with the wheel of microbp, and those of what it needs; made once for all workers."""
    several = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if several else base) / "wheels"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _make_wheels(folder)
    return folder


def _make_wheels(folder):
    ours = folder.with_name("sources")
    ignored = shutil.ignore_patterns("*.so", "__pycache__")
    shutil.copytree(HOME / "microbp", ours / "microbp", ignore=ignored)
    plain = ["setup.py", "setup.cfg", "pyproject.toml", "build_backend.py", "README.md", "LICENSE"]
    for name in [*plain, *(path.name for path in HOME.glob("_microbp_*.py"))]:
        shutil.copy(HOME / name, ours)
    made = folder.with_name("made")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheel = [*pip, "wheel", "--no-deps", f"--wheel-dir={made}", str(ours)]
    subprocess.run(wheel, check=True, env={**os.environ, "MICROBP_ENGINE": "python"})
    pure = ["--no-deps", "--only-binary=:all:", "--platform=any", "--python-version=3.14"]
    wanted = ["-r", str(HERE / "wheels.txt")]
    subprocess.run([*pip, "download", *pure, f"--dest={made}", *wanted], check=True)
    assert (made / f"microbp-{__version__}-py3-none-any.whl").exists()
    made.rename(folder)


@pytest.fixture
def run(wheels):
    """What a program prints in Pyodide."""
    assert (HERE / "node_modules").exists(), "npm --prefix tests/pyodide ci"

    def run(program, argument=""):
        command = ["node", HERE / "run.mjs", wheels, HERE / "programs" / program, argument]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert ended.returncode == 0, f"{ended.stdout[-2000:]}\n{ended.stderr[-3000:]}"
        return ended.stdout

    return run


def test_graphs_of_any_depth_are_deleted(run):
    assert run("deep_graphs.py") == "done\n"


def test_what_works_without_numpy_and_what_is_said_of_the_rest(run):
    install = "which is not installed: %pip install"
    assert run("without_numpy.py").splitlines() == [
        f"eager: a replay needs NumPy, {install} numpy, with a network",
        f"forward needs NumPy, {install} numpy, with a network",
        "in a browser, Graphviz writes no png: save as .svg or .dot",
        f"plot needs Matplotlib, {install} matplotlib, with a network",
        "<p>a picture needs Graphviz, and this page has loa",
    ]


def printed_in(cell):
    return "".join(out.text for out in cell.outputs if out.get("name") == "stdout")


def words_in(cell):
    return [word for out in cell.outputs for word in out.get("metadata", {}).get("words", [])]


@pytest.mark.parametrize("name", ["01", "02", "02b", "08"])
def test_a_notebook_runs_to_its_end_and_says_the_same(run, name):
    """And its pictures have the words that Graphviz's own program gave them."""
    (path,) = (HOME / "notebooks").glob(f"{name}-*.ipynb")
    cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    given = {"cells": [cell.source for cell in cells], "left_out": LEFT_OUT.read_text("utf-8")}
    lines = run("notebook.py", json.dumps(given)).splitlines()
    for cell, line in zip(cells, map(json.loads, lines), strict=True):
        if cell.id in NEED_A_PACKAGE.get(name, []):
            assert line["raised"].startswith("Left out: this cell needs "), cell.id
            continue
        assert not line["raised"], f"{cell.id}: {line['raised']}"
        assert line["printed"] == printed_in(cell), cell.id
        assert (line["words"] or []) == words_in(cell), cell.id
