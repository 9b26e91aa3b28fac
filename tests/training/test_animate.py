"""A training as a moving picture: History.animate."""

import copy
import math

import pytest
from PIL import Image, ImageSequence

from microbp.nn import Net
from microbp.plots import movie, training_movie
from microbp.training import train
from microbp.training.history import evenly
from tests.helpers.training import XOR, numbers, trained, xor_net


def frames_of(path):
    with Image.open(path) as picture:
        assert picture.format == "GIF"
        return [
            (frame.convert("RGB"), frame.info["duration"])
            for frame in ImageSequence.Iterator(picture)
        ]


def test_a_gif_shows_the_sweeps_and_leaves_the_net_alone(tmp_path):
    net = xor_net()
    history = trained(net, sweeps=20, keep="weights", every=5)
    before = numbers(net)
    path = history.animate(tmp_path / "xor.gif", frames=3)
    assert path == tmp_path / "xor.gif"
    assert [*tmp_path.iterdir()] == [path]
    frames = frames_of(path)
    assert frames[0][0].size == (720, 480)
    assert len({frame.tobytes() for frame, _ in frames}) == 3
    assert frames[-1][1] > frames[0][1]  # the end stays longer
    assert numbers(net) == before
    assert path.stat().st_size < 100_000


@pytest.mark.parametrize(
    ("net", "panels"),
    [
        (Net(2, [2, 1]), ["the net", "weights into", "output"]),
        (Net(3, [2, 1]), ["the net", "weights into"]),
        (Net(2, [40, 1]), ["weights into", "output"]),
        (copy, ["weights:"]),
    ],
    ids=["xor", "three inputs", "wide", "no Net"],
)
def test_a_net_is_shown_as_far_as_it_can_be_read(net, panels):
    found = training_movie._panels(net, [], XOR, 1.0)
    assert [title.startswith(start) for (title, _), start in zip(found, panels, strict=True)] == [
        True
    ] * len(panels)


@pytest.mark.parametrize("panels", [1, 2, 3])
def test_there_is_a_place_for_each_panel_and_the_error(panels):
    from matplotlib.figure import Figure

    places, curve = training_movie._layout(Figure(), panels)
    assert len({ax.get_position().bounds for ax in [*places, curve]}) == panels + 1


def test_without_weights_it_says_how_to_keep_them(tmp_path):
    history = trained(xor_net(), sweeps=2)
    with pytest.raises(ValueError, match=r'no weights: train\(\.\.\., keep="weights"\) keeps them'):
        history.animate(tmp_path / "a.gif")
    kept = copy.copy(trained(xor_net(), sweeps=2, keep="weights"))
    with pytest.raises(ValueError, match="a copy of a history has no net and no cases"):
        kept.animate(tmp_path / "a.gif")
    with pytest.raises(ValueError, match=r"ends in \.gif or \.mp4, got 'a\.png'"):
        kept.animate(tmp_path / "a.png")
    with pytest.raises(ValueError, match="animate: frames: expected"):
        kept.animate(tmp_path / "a.gif", frames=0)
    assert [*tmp_path.iterdir()] == []


def test_without_ffmpeg_it_says_what_to_install(tmp_path, monkeypatch):
    from matplotlib.animation import FFMpegWriter

    monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda cls: False))
    monkeypatch.setattr(movie, "find_spec", lambda name: None)
    history = trained(xor_net(), sweeps=1, keep="weights")
    with pytest.raises(
        RuntimeError, match=r"apt install ffmpeg\), .*'microbp\[mp4\]', or write a \.gif"
    ):
        history.animate(tmp_path / "a.mp4")


def test_ctrl_c_leaves_the_file_of_before(tmp_path, monkeypatch):
    path = tmp_path / "a.gif"
    path.write_bytes(b"before")
    history = trained(xor_net(), sweeps=1, keep="weights")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(movie, "with_progress", interrupted)
    with pytest.raises(KeyboardInterrupt):
        history.animate(path)
    assert path.read_bytes() == b"before"
    assert [*tmp_path.iterdir()] == [path]


def test_names_and_infinite_errors_are_shown(tmp_path):
    net = Net({"$x^$": 2}, seed=0).add("<b>_{", 1)
    cases = [({"$x^$": inputs}, targets) for inputs, targets in XOR]
    history = train(net, cases, sweeps=1, keep="weights", progress=False)
    history.sweeps[-1] = history.sweeps[-1]._replace(error=math.inf)
    assert len(frames_of(history.animate(tmp_path / "a.gif"))) == 2


def test_evenly():
    assert evenly([4, 7, 9], 5) == [4, 7, 9]
    assert evenly([*range(0, 101)], 3) == [0, 50, 100]
    assert evenly([4, 7, 9], 1) == [9]
