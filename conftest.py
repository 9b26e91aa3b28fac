"""Marks what tests cost where that can be seen from the test: tests/README.md says more."""

import gc
from importlib.util import find_spec

import pytest

PEERS = ("sympy", "networkx", "sklearn", "digits()")
NEEDS = {
    "Cython": ["tests/test_build.py"],
    "jax": [
        "tests/checking/black_box/test_corpus_jax.py",
        "tests/checking/black_box/test_jax.py",
        "tests/replay/export/test_jax_function.py",
    ],
    "torch": [
        "tests/benchmarks/test_torch_checker.py",
        "tests/checking/black_box/test_corpus_torch.py",
        "tests/checking/black_box/test_torch.py",
    ],
    "imageio_ffmpeg": ["tests/plots/test_mp4.py"],
    "nbformat": ["tests/notebooks/test_notebooks.py", "tests/pyodide/test_pyodide.py"],
    "sympy": ["microbp/interop/sympy_namespace.py", "tests/interop/test_sympy.py"],
    "networkx": ["tests/interop/test_networkx.py"],
    "mdit_py_plugins": ["tests/docs/test_kit_pages.py"],
    "nbgrader": ["tests/docs/test_nbgrader.py"],
    "sklearn": ["microbp/sklearn/estimators.py", "tests/sklearn"],
}
collect_ignore = ["tests/pyodide/programs"]  # which are for Pyodide
collect_ignore += [
    path for peer, paths in NEEDS.items() if find_spec(peer) is None for path in paths
]  # files that import what the quick tests' extra leaves out


def pytest_itemcollected(item):
    if "chromium" in getattr(item, "fixturenames", ()):
        item.add_marker("browser")
        item.add_marker(pytest.mark.timeout(300))  # a browser may wait for ever
    doctest = getattr(item, "dtest", None)
    code = "".join(example.source for example in doctest.examples) if doctest else ""
    if "import jax" in code:
        item.add_marker("jax")
    if doctest and any(peer in code or peer in item.path.parts for peer in PEERS):
        item.add_marker("interop")


def pytest_collection_finish():
    """Spare every later garbage collection the thousands of tests collected, which stay anyway."""
    gc.collect()
    gc.freeze()
