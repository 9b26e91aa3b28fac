"""Movies as .mp4 files, by an ffmpeg that pip has installed."""

import re
import subprocess

import imageio_ffmpeg
import pytest

import microbp
from microbp import Value
from microbp.plots import movie
from tests.helpers.training import trained, xor_net

pytestmark = pytest.mark.thorough


def looked_at(path):
    """What ffmpeg says of the movie, and its frames in gray, as bytes."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-i", path, "-f", "rawvideo", "-pix_fmt", "gray"]
    run = subprocess.run([*command, "-"], capture_output=True, check=True)
    (said,) = re.findall("Stream #0:0.*Video: (.*)", run.stderr.decode().split("Output #0")[0])
    width, height = map(int, re.search(r" (\d+)x(\d+)[ ,]", said).groups())
    size = width * height
    assert len(run.stdout) % size == 0
    return said, [run.stdout[i : i + size] for i in range(0, len(run.stdout), size)]


@pytest.fixture(params=["the system's", "pip's"])
def either_ffmpeg(request, monkeypatch):
    from matplotlib import rcParams

    found = imageio_ffmpeg.get_ffmpeg_exe() if request.param == "the system's" else "no-such-ffmpeg"
    monkeypatch.setitem(rcParams, "animation.ffmpeg_path", found)


def test_a_backward_pass(tmp_path, either_ffmpeg):
    x = Value(3.0, label="x")
    said, frames = looked_at(microbp.animate(x * x, tmp_path / "backward.mp4"))
    assert [*tmp_path.iterdir()] == [tmp_path / "backward.mp4"]
    assert re.match("h264.*yuv420p.* 8 fps", said)
    assert len(frames) == 8 * 2 * 5  # before, the start, one operation, and the end twice as long
    ink = [sum(gray < 100 for gray in frames[i]) for i in (0, 20)]
    assert 500 < ink[0] < ink[1], "the start marks the result"


def test_a_training(tmp_path, either_ffmpeg):
    history = trained(xor_net(), sweeps=20, keep="weights", every=5)
    said, frames = looked_at(history.animate(tmp_path / "xor.mp4", frames=3))
    assert re.match("h264.*yuv420p.*720x480", said)
    assert len(frames) == 3 + 8


def test_an_interrupted_one_leaves_the_file_of_before(tmp_path, monkeypatch):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"before")

    def interrupted(frames, unit):
        yield frames[0]
        raise KeyboardInterrupt

    monkeypatch.setattr(movie, "with_progress", interrupted)
    with pytest.raises(KeyboardInterrupt):
        microbp.animate(Value(3.0) * 2.0, path)
    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]
