"""The site's sections, in the order of its menu, and the pages in each."""

from __future__ import annotations

from fnmatch import fnmatch

# Patterns, in the order of the menu; a page belongs to the first that it fits.
SECTIONS = {
    "The course": ["notebooks/README", "notebooks/*", "docs/glossary"],
    "Teach": [
        "docs/teach/index",
        "docs/teach/lesson-*",
        "docs/teach/four-weeks",
        "docs/teach/goals",
        "docs/teach/misconceptions",
        "docs/teach/worksheets",
        "docs/teach/slides",
        "docs/teach/solutions",
        "docs/teach/run-it",
        "docs/teach/grade-a-class",
        "docs/teach/nbgrader",
        "docs/teach/*",
    ],
    "How to": [
        "docs/pictures",
        "docs/check-your-own-gradient",
        "docs/training",
        "docs/write-an-operation",
        "docs/write-an-experiment",
        "docs/studies",
        "docs/use-a-cluster",
        "docs/coming-from-micrograd",
        "docs/coming-from-*",
        "docs/interop",
        "docs/jax",
        "docs/datasets",
    ],
    "Gallery": ["gallery/pictures", "gallery/pages"],
    "Reference": ["reference/index", "reference/values", "reference/functions", "reference/*"],
    "Background": [
        "docs/values",
        "docs/claims",
        "docs/experiments",
        "docs/checking",
        "docs/checkers",
        "docs/replay",
        "docs/speed",
        "docs/reliability",
    ],
    "The project": ["README", "CONTRIBUTING", "docs/layout", "tests/README", "CHANGELOG", "*"],
}


def arranged(pages: list[str]) -> dict[str, list[str]]:
    """The pages of each section, in order; pages that nobody placed come last.

    >>> arranged(["docs/new", "notebooks/01", "notebooks/README"])
    {'The course': ['notebooks/README', 'notebooks/01'], 'The project': ['docs/new']}
    """
    left = sorted(page for page in pages if page != "index")
    sections = {}
    for caption, patterns in SECTIONS.items():
        found = []
        for pattern in patterns:
            found += [page for page in left if fnmatch(page, pattern)]
            left = [page for page in left if page not in found]
        if found:
            sections[caption] = found
    return sections


def menu(pages: list[str]) -> str:
    """The tables of contents at the end of the first page, which make the menu on every page."""
    return "\n".join(
        f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(found) + "\n```\n"
        for caption, found in arranged(pages).items()
    )
