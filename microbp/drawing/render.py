"""Find Graphviz and run it."""

from __future__ import annotations

import shutil
import subprocess
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
