"""The page of a training: one HTML file that holds all it needs."""

from __future__ import annotations

import base64
import gzip
import html
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from string import Template
from typing import Any

from microbp._support.atomic_file import write_whole
from microbp._support.version import __version__
from microbp.explorer.assemble import EMBEDDED, html_path, joined, page_style, part, policy
from microbp.explorer.frame import framed, still
from microbp.explorer.net_picture import net_picture
from microbp.explorer.packed_training import packed

SCRIPTS = (
    "floats",
    "gamma",
    "lanes",
    "operations",
    "dom",
    "speech",
    "numbers",
    "training/unpack",
    "training/sha512",
    "training/random",
    "training/instructions",
    "training/program",
    "training/optimizers",
    "training/judges",
    "training/training",
)
"""What a training runs on."""

TRAINING_VIEWS: tuple[str, ...] = (
    "training/levels",
    "training/frames",
    "training/state",
    "training/render",
    "training/diagram",
    "training/closer",
    "training/squares",
    "training/curve",
    "training/cases",
    "training/held_out",
    "training/region",
    "training/pairs",
    "training/codes",
    "training/playing",
    "training/settings",
    "training/inside",
    "training/link",
    "training/keys",
)
"""What shows it: each runs after those that it needs at once."""


MOST_BYTES = 400_000
"""Of a page with a look inside; a larger one goes without."""

TOO_LARGE = (
    "The graph of one case is too large to look inside it from here; microbp.explore makes a page "
    "of it."
)

NO_GRAPHVIZ = "Graphviz, by which the graph of a case is drawn to look inside it, was missing."


STILL = (
    "#net text{font-size:9px}.w{fill:none;stroke:#0b5fa5}",
    ".w.minus,.w .minus{stroke:#b8420f;stroke-dasharray:5 2}.body{fill:#fff;stroke:#1d2024}",
    ".many{stroke-opacity:.5}",
)
"""How the net looks before the page's script has given it its colors."""


@dataclass
class Inside:
    """The explorer's page of one case, as `Explorer.embedded` gives it; or why there is none."""

    pages: Iterable[str] = ()
    why_not: str = ""


class TrainingPage:
    """What `microbp.watch` returns. `html` is the whole page; `data` is what it shows.

    In a notebook it is shown in a frame. Equal trainings give equal pages.
    """

    def __init__(self, data: Mapping[str, Any], inside: Inside | None = None) -> None:
        self.data = data
        self.html = _page(data, inside or Inside())

    def __repr__(self) -> str:
        cases, weights = len(self.data["cases"]), len(self.data["start"])
        return f"<training page of {self.data['title']}: {cases} cases, {weights} parameters>"

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file whose name ends in .html, completely or not at all.

        Raises ValueError for another ending, OSError if the file can't be written.
        """
        return write_whole(html_path(path, "save"), self.html)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """The page for a notebook, in a sandboxed frame, and the net in its place."""
        title = f"Training: {self.data['title']}"
        net = still(net_picture(self.data), STILL)
        frame = framed(self.html, title, net, "to see the training run")
        return {"text/html": frame, "text/plain": repr(self)}


def _page(data: Mapping[str, Any], inside: Inside) -> str:
    both = takewhile(lambda names: names[0] == names[1], zip(SCRIPTS, EMBEDDED, strict=False))
    shared = joined(name for name, _ in both)
    for page in inside.pages:
        rest = page.replace(f"<script>{shared}", "<script>", 1)
        whole = _page_with(data, _compressed(rest), len(shared), "")
        if len(whole.encode()) <= MOST_BYTES:
            return whole
    return _page_with(data, "", 0, inside.why_not or TOO_LARGE)


def _notes(data: Mapping[str, Any]) -> str:
    why = data["why_frames"]
    recorded = why and f"It shows weights that were recorded, and trains nothing here ({why})."
    return " ".join(filter(None, [data["notes"], recorded]))


def _compressed(page: str) -> str:
    """What the page's own script can unpack: a fifth of it. "<" could end its element."""
    return base64.b85encode(gzip.compress(page.encode(), mtime=0)).decode().replace("<", ",")


def _page_with(data: Mapping[str, Any], compressed: str, shared: int, why_not: str) -> str:
    """With the page of a case, whose script begins with so many characters of this page's own."""
    style = part("base.css") + part("training/training.css")
    scripts = joined([*SCRIPTS, *TRAINING_VIEWS])
    styles, codes = [style], [scripts]
    if compressed:  # a frame may do no more than the page that it is in
        styles.append(page_style())
        codes.append(joined(EMBEDDED))
    # "<" is what could end the element, or begin a comment in it.
    numbers = json.dumps(packed(data), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Template(part("training/page.html")).substitute(
        policy=policy(styles, codes),
        version=__version__,
        title=html.escape(data["title"]),
        notes=html.escape(_notes(data)),
        style=style,
        picture=net_picture(data),
        training=numbers.replace("<", "\\u003c"),
        inside=compressed,
        shared=shared,
        why_not=html.escape(why_not),
        script=scripts,
    )
