"""What the page may do: its content security policy, and labels as mere data."""

import base64
import hashlib
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value, explore, sigmoid
from microbp.losses import squared_error
from microbp.nn import Net
from tests.helpers.parsed_page import Page
from tests.helpers.profiles import examples


def unit():
    w, x, b = Value(0.5, "w"), Value(1.0, "x"), Value(-1.0, "b")
    y = sigmoid(w * x + b)
    y.label = "y"
    return y


def net_error():
    net = Net(2, rng=random.Random(3), init=1.0).add("hidden", 2).add("output", 1)
    return squared_error(net([1.0, 0.0]), [1.0])


def policy(page):
    (content,) = (
        a["content"]
        for tag, a in page.elements
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    return dict(part.strip().split(" ", 1) for part in content.split(";"))


def test_the_policy_allows_this_script_and_this_style_and_nothing_else():
    page = Page(explore(unit()).html)
    digests = {
        kind: base64.b64encode(hashlib.sha256(page.raw[kind, ""].encode()).digest()).decode()
        for kind in ("script", "style")
    }
    assert policy(page) == {
        "default-src": "'none'",
        "script-src": f"'sha256-{digests['script']}'",
        "style-src": f"'sha256-{digests['style']}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_nothing_in_the_page_needs_more_than_the_policy_allows():
    html = explore(net_error()).html
    page = Page(html)
    for _, attributes in page.elements:
        assert not any(
            name.startswith("on") or name in ("style", "src", "href") for name in attributes
        )
    assert set(re.findall("https?://[^\"' ]+", html)) <= {"http://www.w3.org/2000/svg"}
    script = page.raw["script", ""]
    for word in ("eval(", "innerHTML", "outerHTML", "fetch(", "XMLHttp", "import(", "Function("):
        assert word not in script


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]",
    "]]>",
    "\"'><img src=x onerror=alert(1)>",
    "$title $script ${policy}",
    "{{x}} %s \\N \\G",
    "a\nb\tc",
    "\x00\x1b[31m\x7f",
    "\ud800",
    "\u202eabc",
    "∂🎉",
    "__proto__",
    "n" * 500,
]


@pytest.mark.parametrize("label", HOSTILE)
def test_labels_are_data(label):
    def page(label):
        x = Value(2.0, label)
        y = x * x + x
        y.label = label
        return Page(explore(y).html)

    found, harmless = page(label), page("x")
    assert found.recorded["nodes"][0]["name"] == label
    assert found.recorded["nodes"][-1]["name"] == label
    assert [tag for tag, _ in found.elements if tag not in ("text", "tspan")] == [
        tag for tag, _ in harmless.elements if tag not in ("text", "tspan")
    ]
    assert found.raw["script", ""] == harmless.raw["script", ""]


@given(st.text())
@examples(25)
def test_any_label_makes_a_page(label):
    page = Page(explore(Value(2.0, label) * 3.0).html)
    assert page.recorded["nodes"][0]["name"] == label


def test_the_title_is_escaped_and_can_be_written(tmp_path):
    x = Value(1.0, "<b>\ud800\x00&")
    page = explore(x, tmp_path / "a.html")
    assert Page(page.html).raw["title", ""].startswith("<b>\\ud800\\x00& = 1")
    assert (tmp_path / "a.html").read_text("utf-8") == page.html
