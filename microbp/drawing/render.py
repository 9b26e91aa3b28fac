"""Find Graphviz and run it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, overload

TIMEOUT = 60.0
"""Seconds after which a rendering is abandoned."""

_INSTALL = "from your system's package manager (for example: apt install graphviz)"


class GraphvizMissing(RuntimeError):
    """There is no Graphviz; the message says how to get one."""


class LayoutTimeout(RuntimeError):
    """Graphviz found no layout in the time it was given."""


@overload
def rendered(source: str, format: Literal["svg"], timeout: float | None = None) -> str: ...
@overload
def rendered(source: str, format: Literal["png", "pdf"], timeout: float | None = None) -> bytes: ...
def rendered(source: str, format: str, timeout: float | None = None) -> str | bytes:
    """Render DOT as a picture: SVG is text, PNG and PDF are bytes.

    A bitmap is scaled down where a side would exceed 9,600 pixels. Raises GraphvizMissing where
    there is no Graphviz, RuntimeError where it fails, and of these LayoutTimeout where it finds no
    layout within so many seconds, by default TIMEOUT.
    """
    if sys.platform == "emscripten":
        return _rendered_in_browser(source, format)
    timeout = TIMEOUT if timeout is None else timeout
    program = _program()
    # A larger bitmap takes minutes, and an even larger one crashes graphviz-pure. This would
    # override the size that the graph asks for; no label holds such quotes.
    size = ["-Gsize=100"] if format == "png" and ' size="' not in source else []
    try:
        run = subprocess.run(
            [program, f"-T{format}", *size],
            input=source.encode(),
            capture_output=True,
            timeout=timeout,
        )
    except subprocess.TimeoutExpired:
        raise LayoutTimeout(
            f"{program} found no layout in {timeout:.0f} seconds: draw a smaller part of the graph"
        ) from None
    if run.returncode != 0 or not run.stdout:
        message = run.stderr.decode(errors="replace").strip()
        hint = "" if Path(program).stem == "dot" else f"; Graphviz itself, {_INSTALL}, may do it"
        raise RuntimeError(f"{program} wrote no {format}: {message}{hint}")
    return run.stdout.decode() if format == "svg" else run.stdout


def _rendered_in_browser(source: str, format: str) -> str:
    """Render by Graphviz in WebAssembly, where no program can be run.

    The page has to load it before, as a global of JavaScript: `microbpGraphviz` is what
    `await Graphviz.load()` of the npm package @hpcc-js/wasm-graphviz gives.
    """
    import js  # Pyodide's: the globals of JavaScript

    if format != "svg":
        raise RuntimeError(f"in a browser, Graphviz writes no {format}: save as .svg or .dot")
    graphviz = getattr(js, "microbpGraphviz", None)
    if graphviz is None:
        raise GraphvizMissing(
            "a picture needs Graphviz, and this page has loaded none: reload the page, or save "
            "the graph as .dot and open that where there is a Graphviz"
        )
    try:
        return str(graphviz.layout(source, "svg", "dot"))
    except Exception as error:  # a JavaScript error, of a class that only Pyodide has
        raise RuntimeError(f"Graphviz wrote no svg: {str(error).strip()}") from None


def _program() -> str:
    """The system's Graphviz, or else the one that `pip install 'microbp[dot]'` installs."""
    program = shutil.which("dot") or _packaged() or shutil.which("graphviz-pure")
    if program is None:
        raise GraphvizMissing(
            f"a picture needs Graphviz: install it {_INSTALL}, or run: pip install 'microbp[dot]'"
        )
    return program


def _packaged() -> str | None:
    """The program of the package graphviz-pure, even if its environment is not on the PATH."""
    import importlib.metadata  # imported lazily: slow

    try:
        files: Iterable[Any] = importlib.metadata.files("graphviz-pure") or ()
    except importlib.metadata.PackageNotFoundError:
        return None
    programs = (Path(file.locate()).resolve() for file in files if file.stem == "graphviz-pure")
    return next((str(program) for program in programs if program.is_file()), None)
