"""For Sphinx: links into the repository, the words of pictures, and the files a page loads."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]


def resolve_folders(app: Sphinx, document: nodes.document) -> None:
    """A link to a folder, or a file that is not on the site, leads to its page or nowhere."""
    here = posixpath.dirname(app.env.docname)
    for link in list(document.findall(pending_xref)):
        if link.get("reftype") != "myst":
            continue
        path = posixpath.normpath(posixpath.join(here, link["reftarget"]))
        if path.startswith("docs/website/programs/"):
            link.replace_self(to_live_page(link, path, here))
            continue
        if path == "docs/README.md":
            page = "index"
        elif (ROOT / path).exists() and not (Path(app.srcdir) / path).is_file():
            page = f"{path}/README"
        else:
            continue
        words = link.children
        if page in app.env.found_docs:
            words = [
                pending_xref("", *words, refdomain="std", reftype="doc", reftarget=f"/{page}",
                             refdoc=app.env.docname, refexplicit=True, refwarn=True)
            ]  # fmt: skip
        link.replace_self(words)


def to_live_page(link: pending_xref, program: str, here: str) -> nodes.reference:
    """A link to a program of the gallery leads to the page that it makes, and to a place in it."""
    path, mark, place = program.partition("#")
    (made,) = re.findall(r'"(\w+\.html)"', (ROOT / path).read_text("utf-8"))
    page = posixpath.relpath(f"live/{made}", here) + mark + place
    return nodes.reference("", "", *link.children, refuri=page, internal=True)


def describe_pictures(app: Sphinx, document: nodes.document) -> None:
    """Give a notebook's pictures the words that their outputs came with."""
    path = Path(app.srcdir) / f"{app.env.docname}.words.json"
    if path.exists():
        words = json.loads(path.read_text("utf-8"))
        for image in document.findall(nodes.image):
            image["alt"] = words.get(Path(image["uri"]).stem, image.get("alt", ""))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", resolve_folders)
    app.connect("doctree-read", describe_pictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
