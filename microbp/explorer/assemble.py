"""Put the page together from the files in page/."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import Any

from microbp._support.atomic_file import as_path
from microbp._support.version import __version__

SCRIPTS = (
    "floats",
    "gamma",
    "lanes",
    "operations",
    "dom",
    "speech",
    "numbers",
    "graph",
    "backward",
    "recompute",
    "equations",
    "wording",
    "grain",
    "summary",
    "title",
    "parts",
    "picture",
    "scene",
    "minimap",
    "view",
    "steps",
    "playing",
    "link",
    "predict",
    "panel",
    "walk",
    "check",
    "leaves",
    "leaf_list",
    "fold",
    "legend",
    "keys",
    "start",
)
"""The page's scripts: each runs after those that it needs at once."""

EMBEDDED = (*SCRIPTS, "embedded")
"""The same where the page is part of another."""


def page(
    title: str,
    caption: str,
    pictures: Sequence[str],
    choices: Sequence[str],
    recorded: dict[str, Any],
    scripts: Sequence[str] = SCRIPTS,
) -> str:
    """The whole page: its texts, styles, scripts, pictures, and the recorded graph as JSON.

    `choices` are the names of the pictures. The policy allows this style and this script alone.
    """
    style, code = page_style(), joined(scripts)
    # "<" is what could end the element, or begin a comment in it.
    data = json.dumps(recorded, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Template(part("page.html")).substitute(
        policy=policy([style], [code]),
        version=__version__,
        title=html.escape(title),
        caption=caption,
        style=style,
        fold=_select(choices) if len(choices) > 1 else "",
        pictures="\n".join(pictures),
        recorded=data.replace("<", "\\u003c"),
        script=code,
    )


def page_style() -> str:
    """The style of the explorer's page."""
    return part("base.css") + part("page.css")


def joined(scripts: Iterable[str]) -> str:
    """These scripts as one."""
    return "\n".join(['"use strict";', *map(script, scripts)])


def policy(styles: Iterable[str], scripts: Iterable[str]) -> str:
    """The Content-Security-Policy that allows these texts and nothing else."""
    allowed = [" ".join(f"'{hash_of(text)}'" for text in texts) for texts in (styles, scripts)]
    return (
        f"default-src 'none'; style-src {allowed[0]}; script-src {allowed[1]}; "
        "base-uri 'none'; form-action 'none'"
    )


def html_path(path: str | os.PathLike[str], where: str) -> Path:
    """The path of a page; ValueError for a name that doesn't end in .html."""
    path = as_path(path, where)
    if path.suffix.lower() not in (".html", ".htm"):
        raise ValueError(f"{where}: expected a file name in .html, got {path.name!r}")
    return path


def script(name: str) -> str:
    """A script without what no page needs to carry: comments with lines of their own, indentation.

    So no string in a script may go on in the next line.
    """
    code = re.sub(r"^ *(?s:/\*.*?\*/|//[^\n]*)\n", "", part(f"{name}.js"), flags=re.MULTILINE)
    return re.sub(r"^\s+", "", code, flags=re.MULTILINE)


def part(name: str) -> str:
    """The text of a file in page/."""
    from importlib.resources import files  # imported lazily: slow

    return files("microbp").joinpath("explorer", "page", name).read_text(encoding="utf-8")


def hash_of(text: str) -> str:
    """The hash by which a Content-Security-Policy allows this text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _select(choices: Iterable[str]) -> str:
    options = "".join(f'<option value="{k}">{choice}</option>' for k, choice in enumerate(choices))
    return f'<label class="mode">Show <select id="fold">{options}</select></label>'
