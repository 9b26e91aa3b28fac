"""`explore`: what it refuses, and where it puts the page."""

import random
from pathlib import Path

import pytest

import microbp
from microbp import Value, explore, sigmoid, total
from microbp.drawing.render import GraphvizMissing
from microbp.explorer import assemble, training_page
from microbp.explorer import explorer as explorer_module
from microbp.explorer.explorer import Explorer
from microbp.nn import Net
from tests.helpers.parsed_page import Page


def unit():
    w, x, b = Value(0.5, "w"), Value(1.0, "x"), Value(-1.0, "b")
    y = sigmoid(w * x + b)
    y.label = "y"
    return y


@pytest.mark.parametrize("wrong", [3.0, None, "x", [Value(1.0), 2.0], sigmoid])
def test_only_values_and_nets_can_be_explored(wrong):
    with pytest.raises(TypeError, match="explore: expected Values or a net, got"):
        explore(wrong)


def test_of_several_outputs_the_sum_is_explored():
    net = Net(2, rng=random.Random(8)).add("output", 2)
    assert str(explore(net([1.0, 0.0]))) == str(explore(total(net([1.0, 0.0]))))
    assert str(explore(net([1.0, 0.0])[:1])) == str(explore(net([1.0, 0.0])[0]))
    assert explore(net).html == explore(net([0.0, 0.0])).html


def test_a_net_is_explored_for_inputs(tmp_path):
    net = Net(2, rng=random.Random(8)).add("output", 2)
    expected = explore(net([1.0, 0.5])).html
    assert explore(net, [1.0, 0.5]).html == explore(net, {"x": [1.0, 0.5]}).html == expected
    explore(net, [1.0, 0.5], tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text("utf-8") == expected
    with pytest.raises(ValueError, match="net: expected 2 inputs x, got 3"):
        explore(net, [1.0, 0.5, 2.0])
    with pytest.raises(
        TypeError, match="expected the name of a file, as only a net takes inputs, got"
    ):
        explore(unit(), [1.0, 0.5])


@pytest.mark.parametrize("name", ["a.svg", "a", ".html", "a.html.txt"])
def test_another_ending_is_refused_before_any_work(tmp_path, monkeypatch, name):
    explorer = explore(unit())
    monkeypatch.setattr(explorer_module, "Explorer", lambda value: pytest.fail("work"))
    with pytest.raises(ValueError, match=r"expected a file name in \.html, got"):
        explore(unit(), tmp_path / name)
    with pytest.raises(ValueError, match=r"save: expected a file name in \.html, got"):
        explorer.save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_without_graphviz_it_says_how_to_get_one(monkeypatch, tmp_path):
    monkeypatch.setattr("microbp.drawing.render.shutil.which", lambda name: None)
    monkeypatch.setattr("microbp.drawing.render._packaged", lambda: None)
    with pytest.raises(GraphvizMissing, match="install"):
        explore(unit(), tmp_path / "a.html")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        explore(unit(), tmp_path / "missing" / "a.html")


def test_the_page_is_written(tmp_path):
    explorer = explore(unit(), tmp_path / "a.html")
    assert isinstance(explorer, Explorer)
    assert (tmp_path / "a.html").read_text("utf-8") == explorer.html
    assert explorer.save(tmp_path / "b.HTM") == tmp_path / "b.HTM"
    assert (tmp_path / "b.HTM").read_text("utf-8") == explorer.html


def test_a_notebook_shows_the_page_in_a_frame_that_cannot_reach_out():
    explorer = explore(unit())
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == "<Explorer of y = 0.3775: 6 nodes, 9 steps>"
    assert "trust this notebook to step through it" in bundle["text/html"]
    elements = Page(bundle["text/html"]).elements
    (image,) = (a for tag, a in elements if tag == "img")
    assert image["src"].startswith("data:image/svg+xml;base64,")
    (frame,) = (a for tag, a in elements if tag == "iframe")
    assert frame["srcdoc"] == explorer.html
    assert frame["sandbox"] == "allow-scripts"
    assert frame["title"] == "Explorer of y"  # and not its value, which may be to guess
    assert int(frame["height"]) >= 600


def test_every_part_of_the_page_is_used():
    folder = Path(assemble.__file__).parent / "page"
    used = {"page.html", "base.css", "page.css", *(f"{name}.js" for name in assemble.EMBEDDED)}
    shared = {f"{name}.js" for name in training_page.SCRIPTS if "/" not in name}
    assert {path.name for path in folder.iterdir() if path.is_file()} == used | shared
    assert {path.name for path in (folder / "layers").iterdir()} == {
        f"layers.{kind}" for kind in ("html", "css", "js")
    }


def test_explore_is_a_public_name():
    assert microbp.explore is explore
    assert "explore" in microbp.__all__
