"""The backward pass as a moving picture: microbp.animate."""

import pytest
from PIL import Image, ImageSequence

import microbp
from microbp import Value
from microbp.plots import backward_movie


def unit():
    x, w, b = Value(0.5, label="x"), Value(-3.0, label="w"), Value(2.0, label="b")
    y = microbp.sigmoid(w * x + b)
    y.label = "y"
    return y, x


def test_a_gif_has_a_frame_for_each_step(tmp_path):
    y, x = unit()
    x.grad = 7.0
    path = microbp.animate(y, tmp_path / "backward.gif")
    assert [*tmp_path.iterdir()] == [path]
    assert x.grad == 7.0
    with Image.open(path) as picture:
        times = [frame.info["duration"] for frame in ImageSequence.Iterator(picture)]
    assert times == [2000] * 5 + [4000]  # before, the start, three operations, the end
    assert path.stat().st_size < 150_000


def test_the_sums_are_above_the_picture():
    few = backward_movie._few(["a"] * 6)
    many = backward_movie._few(["a"] * 9)
    assert few == ["a"] * 6
    assert many == ["a"] * 5 + ["and 4 more sums"]


@pytest.mark.parametrize(
    ("value", "name", "error", "message"),
    [
        (3.0, "a.gif", TypeError, r"animate: expected a Value, got 3\.0"),
        (Value(3.0), "a.png", ValueError, r"animate: expected a name that ends in \.gif or \.mp4"),
        (
            microbp.total([Value(1.0) for _ in range(40)]),
            "a.gif",
            ValueError,
            r"at most 40 nodes, got one of 41: take a Value .* or explore\(value\)",
        ),
    ],
    ids=["no Value", "other suffix", "too large"],
)
def test_what_cannot_be_animated_is_refused(value, name, error, message, tmp_path):
    with pytest.raises(error, match=message):
        microbp.animate(value, tmp_path / name)
    assert [*tmp_path.iterdir()] == []


def test_labels_are_data(tmp_path):
    y = Value(2.0, label="$x^$\n" + "<b>" * 40) * 1e-9
    assert microbp.animate(y, tmp_path / "a.gif").stat().st_size
