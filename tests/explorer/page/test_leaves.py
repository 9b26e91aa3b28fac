"""The leaves: in order, searchable, whole; the title and the start follow them."""

from microbp import Value, explore
from tests.helpers.explorer_page import line, net_error, type_leaf, unit


def test_inputs_come_first_then_parameters_by_layer(open_graph):
    page = open_graph(net_error())
    assert page.locator("#leaves h3").all_inner_texts() == [
        "Inputs",
        "Parameters of hidden",
        "Parameters of output",
    ]
    names = page.locator("#leaves span").all_text_contents()
    assert names[:3] == ["x1", "x2", "w[hidden1,x1]"]
    assert names[-1] == "b[output1]"


def test_leaves_can_be_found(open_graph):
    page = open_graph(net_error())
    page.keyboard.press("l")
    page.keyboard.type("HIDDEN1 x")
    found = page.locator("#leaves span:visible").all_text_contents()
    assert found == ["w[hidden1,x1]", "w[hidden1,x2]"]
    assert page.locator("#leaves h3:visible").all_inner_texts() == ["Parameters of hidden"]
    assert page.inner_text("#filtered") == "2 of 11 leaves"
    page.fill("#filter", "")
    assert page.locator("#leaves span:visible").count() == 11


def test_long_labels_and_numbers_are_whole(open_graph):
    x, w = Value(-0.30000000000000004, "a " + "very " * 10 + "long label"), Value(0.1, "w")
    page = open_graph(x * w)
    assert page.locator("#leaves span").first.inner_text() == x.label
    cut = "(part) => part.scrollWidth > part.clientWidth + 1"
    for label in page.locator("#leaves span").all():
        assert not label.evaluate(cut)
    for width in (1280, 828, 390):
        page.set_viewport_size({"width": width, "height": 760})
        field = page.locator("#leaves input[type=text]").first
        field.focus()
        assert field.input_value() == "-0.30000000000000004"
        assert not field.evaluate(cut), width


def test_title_and_start_follow_a_changed_leaf(open_graph):
    page = open_graph(unit())
    assert (page.inner_text("#title"), line(page)) == ("y = 0.3775", "y = 0.3775")
    type_leaf(page, 0, "1")
    assert (page.inner_text("#title"), line(page)) == ("y = 0.5", "y = 0.5")
    assert page.title() == "y = 0.5: microbp explorer"
    page.click("#reset")
    assert page.inner_text("#title") == "y = 0.3775"


def test_in_a_notebooks_frame_all_is_in_sight(open_page, tmp_path):
    explore(net_error(), tmp_path / "page.html")
    page = open_page(tmp_path / "page.html", viewport={"width": 828, "height": 760})
    for part in ("#picture", "#line", "#panel", "#leaves", "#check", "#next", "#grain"):
        box = page.locator(part).bounding_box()
        assert box["y"] + min(box["height"], 80) <= 760, part
        assert box["x"] + box["width"] <= 828, part
    for width in (828, 1280):
        page.set_viewport_size({"width": width, "height": 760})
        first, last = (page.locator(part).bounding_box() for part in ("#legend-open", "#zoom-fit"))
        assert first["y"] == last["y"], width
