"""Fixtures of the tests of pictures."""

import importlib.metadata
import sys

import pytest


@pytest.fixture
def bare(monkeypatch, tmp_path_factory):
    """A machine with no Graphviz of any kind; the only folder on its PATH."""
    if sys.platform == "win32":
        pytest.skip("stands in for programs with scripts")
    folder = tmp_path_factory.mktemp("bin")
    monkeypatch.setenv("PATH", str(folder))

    def files(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "files", files)
    return folder
