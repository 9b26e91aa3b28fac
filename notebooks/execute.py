"""Execute the notebooks afresh and write them back: `python notebooks/execute.py [01 04 ...]`.

The same notebook gives the same bytes: nothing in it tells when, where or how fast it ran.
"""

from __future__ import annotations

import argparse
import base64
import re
import tempfile
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import lazy_loader

nbclient = lazy_loader.load("nbclient")  # tests that are collected without them read NOTEBOOKS
nbformat = lazy_loader.load("nbformat")

HERE = Path(__file__).parent
NOTEBOOKS = sorted(HERE.glob("*.ipynb"))
NEEDS = {"11-pytorch-and-jax": ("jax", "torch")}
"""What a notebook imports that no extra of microbp installs; without it, only reading is possible."""
TIMEOUT = 1800  # seconds for one cell; without the compiled engine, a few take minutes

# A graph shows itself as an image in HTML. Some hosts remove styles and addresses from HTML; a PNG
# is shown everywhere.
_PNG_TOO = (
    "import microbp; get_ipython().display_formatter.formatters['image/png']"
    ".for_type(type(microbp.draw(microbp.Value(0.0))), lambda picture: picture.png())"
)

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def can_be_executed(path: Path) -> bool:
    """Whether all packages that this notebook needs are there."""
    return all(map(find_spec, NEEDS.get(path.stem, ())))


def read(path: Path) -> Any:
    """The notebook in this file."""
    return nbformat.read(path, as_version=4)


def written(notebook: Any) -> str:
    """A notebook as the text of its file."""
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def executed(notebook: Any) -> Any:
    """A copy of the notebook as a kernel of its own leaves it, in an empty folder.

    Raises CellExecutionError where a cell raises, RuntimeError where one writes to stderr, as
    warnings do.
    """
    fresh = nbformat.from_dict(notebook)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as profile:
        client = nbclient.NotebookClient(
            fresh,
            timeout=TIMEOUT,
            kernel_name="python3",
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": folder}},
            # No profile of the user, and no history left in it.
            extra_arguments=[
                f"--ipython-dir={profile}",
                "--HistoryManager.enabled=False",
                f"--IPKernelApp.exec_lines={_PNG_TOO}",
                "--log-level=40",  # errors
            ],
        )
        client.execute()
    return tidy(fresh)


def tidy(notebook: Any) -> Any:
    """The notebook without what differs from run to run, or what a code host can't show."""
    notebook.metadata = nbformat.from_dict(_METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        words = cell.metadata.get("alt")  # of a figure that has no alternative text of its own
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RuntimeError(f"cell {cell.id} wrote to stderr: {output.text}")
            if "data" in output:
                _tidy_display(output)
                if words and "image/png" in output.data:
                    output.metadata["image/png"] = {"alt": words}
    return notebook


def _tidy_display(output: Any) -> None:
    """Of a picture keep the PNG, and of a graph's also the words in it, for they can be compared.

    Of a page to step through keep its still picture: hosts show no frames.
    """
    shown = output.data.get("text/html", "")
    graph = re.search(r'<img alt="(.*?)" .*src="data:image/svg\+xml;base64,(.*?)"', shown)
    if graph:
        svg = base64.b64decode(graph[2]).decode()
        kind = "image/png"
        if "<iframe" in shown:
            kind = "image/svg+xml"
            output.data[kind] = svg
        output.metadata[kind] = {"alt": unescape(graph[1])}  # nbviewer reads it
        output.metadata["words"] = [
            unescape(word) for word in re.findall("<text[^>]*>(.*?)</text>", svg, re.DOTALL)
        ]
    if graph or "image/png" in output.data:
        output.data.pop("text/html", None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="how the names begin, such as 01; default: all")
    names = parser.parse_args().names
    for path in NOTEBOOKS:
        if names and not path.name.startswith(tuple(names)):
            continue
        if not can_be_executed(path):
            print(f"{path.name}: left as it is, as it needs {' and '.join(NEEDS[path.stem])}")
        else:
            path.write_text(written(executed(read(path))), encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
