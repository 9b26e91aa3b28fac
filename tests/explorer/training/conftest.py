"""Fixtures of the tests of a training that runs in the page."""

from pathlib import Path

import pytest

import microbp
from microbp.explorer import training_page

FOLDER = Path(microbp.__file__).parent / "explorer" / "page"


@pytest.fixture(scope="module")
def run(chromium):
    """Run JavaScript with the training's scripts, on data as JSON has it."""
    page = chromium.new_page(offline=True)
    texts = [(FOLDER / f"{name}.js").read_text("utf-8") for name in training_page.SCRIPTS]
    page.add_script_tag(content="\n".join(['"use strict";', *texts]))
    yield page.evaluate
    page.close()
