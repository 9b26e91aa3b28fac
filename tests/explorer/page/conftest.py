"""Fixtures of the tests of the explorer's page."""

import pytest

from microbp import explore
from tests.helpers.explorer_page import DESKTOP


@pytest.fixture
def open_graph(open_page, tmp_path):
    """Open the page of a graph, from a file, at a step if asked."""

    def opened(value, step=None, **options):
        path = tmp_path / "page.html"
        explore(value, path)
        return open_page(path, f"#step={step}" if step is not None else "", **DESKTOP | options)

    return opened
