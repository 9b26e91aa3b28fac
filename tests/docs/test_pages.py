"""The README and the pages of docs/: their links lead somewhere, and the README is short.

Their examples are doctests.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYOUT, PYPROJECT = ROOT / "docs" / "layout.md", ROOT / "pyproject.toml"
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "teach").glob("*.md")),
    ROOT / "notebooks" / "README.md",
    ROOT / "tests" / "README.md",
]


def anchors(text):
    """The headings of a page as a code host links to them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings(page):
    for target in LINK.findall(page.read_text()):
        name, _, heading = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        if heading and path.suffix == ".md":
            assert heading in anchors(path.read_text()), target


def test_the_layout_lists_every_package():
    linked = {target.removeprefix("../") for target in LINK.findall(LAYOUT.read_text())}
    folders = {path.parent for path in (ROOT / "microbp").glob("*/__init__.py")}
    modules = {path for path in (ROOT / "microbp").glob("*.py") if path.name[0] != "_"}
    assert {str(path.relative_to(ROOT)) for path in folders | modules} <= linked


def test_the_layout_draws_the_layers_that_are_checked():
    drawn = LAYOUT.read_text().partition("```text\n")[2].partition("```")[0].splitlines()
    checked = re.search(r"layers = \[\n(.*?)\n\]", PYPROJECT.read_text(), re.DOTALL).group(1)
    layers = [re.findall(r"\w+", line) for line in checked.splitlines()]
    assert [line.split(", ") for line in drawn] == layers


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_bytes()) <= 9_000
