"""Labels are text in a page, and nothing gets past its policy."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from microbp import Value, explore, sigmoid
from tests.helpers.explorer_page import WITH_PAGE, open_again, unit

HOSTILE = [
    "</script><script>hit = 1</script>",
    "<img src=x onerror='hit = 1'>",
    "<svg/onload=hit=1>",
    "--><script>hit = 1</script><!--",
    "]]><script>hit=1</script>",
    "\"'><b onmouseover=hit=1>",
    "'; hit = 1; //",
    "${hit = 1}",
    "$title $recorded ${script}",
    "javascript:hit=1",
    "a\u2028b\u2029c",
    "\x00\x01\x07\x1b[31m\x7f\x85",
    "\u202egnirts\u202c \u2066x\u2069",
    "\ud800 alone",
    "line\nbreak\ttab",
    "&lt;&amp;&#60;script>",
    "__proto__",
    "constructor",
    "\\N \\G \\l {a|b} <TABLE>",
    "x" * 500,
    "w\u0301\u0302\u0303" * 20,
    "👩‍👩‍👧‍👦🏳️‍🌈",
]


def labeled(label):
    x, w = Value(0.5, label), Value(2.0, label)
    y = sigmoid(x * w)
    y.label = label
    return y


def see_label(page, label):
    """Walk through the page: the label is text there, as it was typed, and nothing else."""
    page.click("#n0")
    heading = page.evaluate("document.querySelector('#panel h3').firstChild.textContent")
    assert heading == (label or "0.5")
    if label.isprintable() and len(label) <= 15:
        assert label.strip() in page.text_content("#n0").replace("\xa0", " ")
    page.click("#check")
    page.click("#last")
    assert page.evaluate("typeof hit") == "undefined"
    assert page.locator("img, b[onmouseover], #picture script, #picture foreignObject").count() == 0
    assert page.locator("script").count() == 2
    assert page.evaluate("typeof ({}).hit") == "undefined"


def hostile(test):
    for label in HOSTILE:
        test = example(label)(test)
    return test


@settings(WITH_PAGE, max_examples=10)
@given(st.text(st.characters(), max_size=30))
@hostile
def test_labels_are_text_and_do_nothing(open_page, tmp_path_factory, label):
    page = open_again(open_page, tmp_path_factory, labeled(label))
    see_label(page, label)


def test_the_policy_holds(open_page, tmp_path, complaints):
    explore(unit(), tmp_path / "page.html")
    page = open_page(tmp_path / "page.html")
    tries = """
    () => {
      const script = document.createElement("script");
      script.textContent = "hit = 1";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='hit = 1'>");
      return fetch("https://example.org/").then(() => "answered", () => "refused");
    }
    """
    assert page.evaluate(tries) == "refused"
    assert page.evaluate("typeof hit") == "undefined"
    said = "\n".join(complaints.said)
    for refused in ("inline script", "inline event handler", "https://example.org/", "the image"):
        assert re.search(f"{refused}.* violates", said), refused
    complaints.said.clear()  # this once they were asked for
