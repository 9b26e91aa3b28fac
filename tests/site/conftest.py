"""The built site, for tests that have the marker `site`."""

import os
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
sys.path.insert(0, str(DOCS))  # its programs are no package


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder of the site: the one that MICROBP_SITE names, or one that is built now."""
    built = os.environ.get("MICROBP_SITE")
    if built:
        return Path(built).resolve()
    import make_site

    folder = tmp_path_factory.mktemp("site")
    make_site.build(folder)
    return folder
