"""Pictures that move: a figure, changed frame by frame, as a GIF or an MP4 file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from microbp._support.atomic_file import as_path, write_whole
from microbp._support.packages import require
from microbp._support.progress import with_progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = (".gif", ".mp4")

PER_SECOND = 8.0
"""Frames of a movie, unless it has a pace of its own."""

DPI = 80


def movie_path(path: str | os.PathLike[str], where: str) -> Path:
    """The path of a .gif or .mp4 file that can be written here, or an error that says why not.

    Raises ValueError for a name that ends in neither, and ModuleNotFoundError or RuntimeError,
    with what to install, where Matplotlib or ffmpeg is missing.
    """
    require("matplotlib", where)
    found = as_path(path, where)
    kind = found.suffix.lower()
    if kind not in FORMATS:
        raise ValueError(f"{where}: expected a name that ends in .gif or .mp4, got {found.name!r}")
    if kind == ".mp4" and ffmpeg() is None:
        raise RuntimeError(
            f"{where}: a .mp4 file needs ffmpeg: install it from your system's package manager "
            "(for example: apt install ffmpeg), or run pip install 'microbp[mp4]', or write a .gif "
            "file"
        )
    return found


def ffmpeg() -> str | None:
    """The program that Matplotlib is set to use, or else the one of the package imageio-ffmpeg."""
    from matplotlib import rcParams
    from matplotlib.animation import FFMpegWriter

    if FFMpegWriter.isAvailable():
        return str(rcParams["animation.ffmpeg_path"])
    if find_spec("imageio_ffmpeg") is None:
        return None
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:  # there is no program for this system in it
        return None


def write_movie(
    path: Path,
    figure: Figure,
    frames: Sequence[Any],
    draw: Callable[[Any], None],
    per_second: float = PER_SECOND,
) -> Path:
    """Call `draw` with each frame, which changes the figure, and write the file whole or not.

    The last frame stays for a second more, and at least for one frame more, before a GIF begins
    again. Progress is shown if it takes longer than two seconds.
    """
    from matplotlib import rc_context

    kind = path.suffix.lower()
    program: Any = {"animation.ffmpeg_path": ffmpeg()} if kind == ".mp4" else {}
    with tempfile.TemporaryDirectory(prefix="microbp-") as folder, rc_context(program):
        beside = Path(folder, f"movie{kind}")
        writer = _writer(kind, per_second)
        writer.setup(figure, str(beside), DPI)
        try:
            for frame in with_progress(frames, "frames"):
                draw(frame)
                writer.grab_frame()
            for _ in range(max(1, round(per_second))):
                writer.grab_frame()
        except BaseException:
            with suppress(Exception):  # ends ffmpeg; without frames it fails
                writer.finish()
            raise
        writer.finish()
        return write_whole(path, beside.read_bytes())


def _writer(kind: str, per_second: Any) -> Any:
    from matplotlib import animation, rcParams

    if kind == ".gif":
        return animation.PillowWriter(fps=per_second)
    # Some players show nothing of less than a frame a second.
    more = [*rcParams["animation.ffmpeg_args"], "-r", f"{PER_SECOND:g}"]
    return animation.FFMpegWriter(fps=per_second, extra_args=more)
