"""Pictures that move: a figure, changed frame by frame, as a GIF or an MP4 file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microbp._support.atomic_file import as_path, write_whole
from microbp._support.progress import with_progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = (".gif", ".mp4")

PER_SECOND = 8
"""Frames."""

HELD = PER_SECOND
"""How many frames the last one stays, before a GIF begins again."""

DPI = 80


def movie_path(path: str | os.PathLike[str], where: str) -> Path:
    """The path of a .gif or .mp4 file that can be written here, or an error that says why not.

    Raises ValueError for a name that ends in neither, and ModuleNotFoundError or RuntimeError,
    with what to install, where Matplotlib or ffmpeg is missing.
    """
    import matplotlib.animation

    found = as_path(path, where)
    kind = found.suffix.lower()
    if kind not in FORMATS:
        raise ValueError(f"{where}: expected a name that ends in .gif or .mp4, got {found.name!r}")
    if kind == ".mp4" and not matplotlib.animation.FFMpegWriter.isAvailable():
        raise RuntimeError(
            f"{where}: a .mp4 file needs ffmpeg: install it from your system's package manager "
            "(for example: apt install ffmpeg), or write a .gif file"
        )
    return found


def write_movie(
    path: Path, figure: Figure, frames: Sequence[Any], draw: Callable[[Any], None]
) -> Path:
    """Call `draw` with each frame, which changes the figure, and write the file whole or not.

    Progress is shown if it takes longer than two seconds.
    """
    from matplotlib import animation

    kind = path.suffix.lower()
    make = animation.PillowWriter if kind == ".gif" else animation.FFMpegWriter
    writer: Any = make(fps=PER_SECOND)
    with tempfile.TemporaryDirectory(prefix="microbp-") as folder:
        beside = Path(folder, f"movie{kind}")
        writer.setup(figure, str(beside), DPI)
        try:
            for frame in with_progress(frames, "frames"):
                draw(frame)
                writer.grab_frame()
            for _ in range(HELD):
                writer.grab_frame()
        except BaseException:
            with suppress(Exception):  # ends ffmpeg; without frames it fails
                writer.finish()
            raise
        writer.finish()
        return write_whole(path, beside.read_bytes())
