"""The pages as Sphinx reads them, in a folder of their own that is laid out as the repository is.

So a link between two pages is the same on the site as on a code host.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from website import gallery, notebooks, reference, sections

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "docs/teach/*.md",
         "tests/README.md", "notebooks/README.md"]  # fmt: skip
# What pages show or link to, beside other pages.
FILES = ["docs/pictures/*", "docs/results/*.csv", "docs/*.py", "docs/teach/*", "examples/*.py",
         "notebooks/*.py", "microbp/**/*.py", "microbp/**/*.p[yx][xdi]", "microbp/**/*.h",
         "microbp/**/*.js", "tests/helpers/*.py", "LICENSE"]  # fmt: skip


def stage(source: Path, live: Path) -> None:
    """Lay out all pages in the folder `source`, and the gallery's pages for frames in `live`."""
    shutil.rmtree(source, ignore_errors=True)
    for pattern in PAGES + FILES:
        for path in ROOT.glob(pattern):
            if path.is_file() and path != ROOT / "docs" / "README.md":
                copy(path, source / path.relative_to(ROOT))
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        notebooks.stage(path, source / "notebooks" / path.name)
    reference.write(source / "reference")
    gallery.write(source / "gallery", live)
    pages = [
        str(path.relative_to(source).with_suffix(""))
        for path in source.rglob("*")
        if path.suffix in (".md", ".rst", ".ipynb")
    ]
    front = (HERE / "index.md").read_text("utf-8")
    (source / "index.md").write_text(f"{front}\n{sections.menu(pages)}", "utf-8")


def copy(path: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, to)
