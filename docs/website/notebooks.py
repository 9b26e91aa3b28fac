"""A notebook as a page of the site: its committed outputs, its pictures with their words."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

LINKS = """\
```{{raw}} html
<p class="try">
{in_browser}<a class="sd-btn sd-btn-outline-primary" href="../lite/files/{name}" download>Download
it</a>
</p>
```
"""
IN_BROWSER = """\
<a class="sd-btn sd-btn-primary" href="../lite/notebooks/index.html?path={name}">Try it in the
browser</a>
"""
NOT_IN_BROWSER = ["11-pytorch-and-jax.ipynb"]
"""Those that need what no browser has."""


def stage(path: Path, to: Path) -> None:
    """Write the notebook for Sphinx, and its pictures' words into a file beside it."""
    notebook = json.loads(path.read_text("utf-8"))
    first = notebook["cells"][0]
    title, _, text = "".join(first["source"]).partition("\n")
    in_browser = "" if path.name in NOT_IN_BROWSER else IN_BROWSER.format(name=path.name)
    links = LINKS.format(in_browser=in_browser, name=path.name)
    first["source"] = f"{title}\n\n{links}\n{text}"
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
    to.with_suffix(".words.json").write_text(json.dumps(words(notebook)), "utf-8")


def words(notebook: dict[str, Any]) -> dict[str, str]:
    """What each picture of a notebook shows, by the name that MyST-NB gives to its file."""
    found = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            for kind, content in output.get("data", {}).items():
                if kind.startswith("image/"):
                    text = "".join(content)
                    data = base64.b64decode(text) if kind == "image/png" else text.encode()
                    name = hashlib.sha256(data).hexdigest()
                    alt = output["metadata"].get(kind, {}).get("alt")
                    found[name] = alt or described(cell)
    return found


def described(cell: dict[str, Any]) -> str:
    """Words for a picture that came without any."""
    lines = "".join(cell["source"]).splitlines()
    first = next((line for line in lines if not line.startswith(("%", "import", "from"))), "")
    return f"A plot, described in the text: {first}"
