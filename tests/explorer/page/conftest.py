"""Fixtures of the tests of the explorer's page."""

import pytest

from microbp import explore
from microbp.experiments.pdp8 import xor
from tests.helpers.explorer_page import DESKTOP
from tests.helpers.training_page import training


@pytest.fixture
def open_graph(open_page, tmp_path):
    """Open the page of a graph, from a file, at a step if asked."""

    def opened(value, step=None, **options):
        path = tmp_path / "page.html"
        explore(value, path)
        return open_page(path, f"#step={step}" if step is not None else "", **DESKTOP | options)

    return opened


@pytest.fixture
def open_training(open_page, tmp_path):
    """Open the page of a training, of exclusive or unless another is given."""

    def opened(page=None, fragment="", **options):
        page = page or training(xor.cases(), 3, 0.5, 0.5)
        page.save(tmp_path / "page.html")
        return open_page(tmp_path / "page.html", fragment, **DESKTOP | options)

    return opened
