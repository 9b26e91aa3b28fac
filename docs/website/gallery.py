"""The gallery: each picture and each live page is made by the program that stands beside it."""

from __future__ import annotations

import os
import re
import runpy
from contextlib import redirect_stdout
from html import escape, unescape
from io import StringIO
from pathlib import Path

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))


def write(folder: Path, live: Path) -> None:
    """Run all programs; pictures go into `folder`, as do the two pages, live pages into `live`."""
    folder.mkdir(parents=True)
    live.mkdir(parents=True)
    pictures = ["# Pictures", "Each was made by the program above it."]
    pages = [
        "# Live pages",
        "Each is one file that needs no network, shown in a frame; the link opens it by itself.",
    ]
    for program in PROGRAMS:
        made = run(program, folder)
        html = [path for path in made if path.suffix == ".html"]
        (pages if html else pictures).append(entry(program, made))
        for path in html:
            path.replace(live / path.name)
    (folder / "pictures.md").write_text("\n\n".join(pictures) + "\n", "utf-8")
    (folder / "pages.md").write_text("\n\n".join(pages) + "\n", "utf-8")


def run(program: Path, folder: Path) -> list[Path]:
    """The files that the program wrote into the folder.

    Raises RuntimeError if there are none.
    """
    before = set(folder.iterdir())
    here = Path.cwd()
    os.chdir(folder)
    try:
        with redirect_stdout(StringIO()):
            runpy.run_path(str(program))
    finally:
        os.chdir(here)
    made = sorted(set(folder.iterdir()) - before)
    if not made:
        raise RuntimeError(f"{program} made no file of its own")
    return made


def entry(program: Path, made: list[Path]) -> str:
    """A program and what it made, in Markdown; the docstring is title and text."""
    title, about, code = parts(program)
    shown = [frame(path, title) if path.suffix == ".html" else picture(path) for path in made]
    return "\n\n".join([f"## {title}", about, f"```python\n{code}\n```", *shown])


def parts(program: Path) -> tuple[str, str, str]:
    """Title, text and code."""
    _, about, code = program.read_text("utf-8").split('"""', 2)
    title, _, text = about.partition("\n\n")
    return title, text.strip(), code.strip()


def picture(path: Path) -> str:
    return f"![{words(path)}]({path.name})"


def words(path: Path) -> str:
    """What a picture shows, in its own words."""
    if path.suffix == ".svg":
        found = re.search("<title>(.*?)</title>", path.read_text("utf-8"))
        return unescape(found[1]) if found else ""
    from PIL import Image

    with Image.open(path) as image:
        return str(image.info.get("Description", ""))


def frame(path: Path, title: str) -> str:
    """A page in a frame that lets it run its own script, and nothing else."""
    page = f"../live/{path.name}"
    return (
        f'<iframe class="live" title="{escape(title)}" src="{page}" '
        f'sandbox="allow-scripts"></iframe>\n<p><a href="{page}">The page by itself</a></p>'
    )
