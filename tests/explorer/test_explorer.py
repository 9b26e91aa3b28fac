import base64
import hashlib
import json
import math
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import microbp
from microbp import Value, explore, operation, sigmoid
from microbp.cli.main import main
from microbp.core.ops import table
from microbp.core.toposort import operands_first
from microbp.drawing.render import GraphvizMissing
from microbp.explorer import explorer as room
from microbp.explorer.explorer import MOST_NODES, Explorer
from microbp.losses import squared_error
from microbp.nn import Net
from tests.helpers.graphs import chain


class Page(HTMLParser):
    """A page taken apart: its elements, its texts, and what scripts and styles it holds."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.raw, self._open = [], {}, []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        assert len(dict(attributes)) == len(attributes)
        self.elements.append((tag, dict(attributes)))
        if tag in ("script", "style", "title", "h1"):
            self._open.append((tag, dict(attributes).get("type", "")))

    def handle_endtag(self, tag):
        if self._open and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data):
        if self._open:
            self.raw[self._open[-1]] = self.raw.get(self._open[-1], "") + data

    @property
    def recorded(self):
        return json.loads(self.raw["script", "application/json"])

    def ids(self):
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]


def unit():
    w, x, b = Value(0.5, "w"), Value(1.0, "x"), Value(-1.0, "b")
    y = sigmoid(w * x + b)
    y.label = "y"
    return y


def net_error():
    net = Net(2, rng=random.Random(3), init=1.0).add("hidden", 2).add("output", 1)
    return squared_error(net([1.0, 0.0]), [1.0])


@st.composite
def graphs(draw):
    """Sums, products and sigmoids of one another, in which nodes are used many times over."""
    pool = [Value(x) for x in draw(st.lists(st.floats(-2, 2), min_size=1, max_size=4))]
    for kind in draw(st.lists(st.sampled_from("+*s"), max_size=20)):
        a, b = (draw(st.sampled_from(pool)) for _ in "ab")
        pool.append(a + b if kind == "+" else a * b if kind == "*" else sigmoid(a))
    return pool[-1]


# What is in the page


def test_the_graph_is_recorded():
    y = unit()
    recorded = Page(explore(y).html).recorded
    names = ["w", "x", "v1", "b", "v2", "y"]
    assert [node["name"] for node in recorded["nodes"]] == names
    assert [node["op"] for node in recorded["nodes"]] == [None, None, "mul", None, "add", "sigmoid"]
    assert [node["operands"] for node in recorded["nodes"]] == [[], [], [0, 1], [], [2, 3], [4]]
    for node, value in zip(recorded["nodes"], operands_first(y), strict=True):
        assert node["data"] == value.data
        assert tuple(node["partials"]) == value.partials
    assert recorded["sweep"] == [5, 4, 2]


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_the_gradients_are_those_of_one_sweep_from_zero(data):
    root = data.draw(graphs())
    recorded = Page(explore(root).html).recorded
    nodes = operands_first(root)
    for node in nodes:
        node.grad = 0.0
    root.backward()
    assert [node["grad"] for node in recorded["nodes"]] == [node.grad for node in nodes]
    # The page adds up in the order of "sweep": that gives the same bits.
    sums = [0.0] * len(nodes)
    sums[-1] = 1.0
    for i in recorded["sweep"]:
        adjoint = sums[i]
        node = recorded["nodes"][i]
        for operand, partial in zip(node["operands"], node["partials"], strict=True):
            if adjoint != 0.0:
                sums[operand] += adjoint * partial
    assert [x.hex() for x in sums] == [node.grad.hex() for node in nodes]


def test_the_users_graph_stays_as_it_is():
    y = unit()
    y.backward()
    y.backward()
    before = [(node.data, node.grad, node.label) for node in operands_first(y)]
    page = Page(explore(y).html)
    assert [(node.data, node.grad, node.label) for node in operands_first(y)] == before
    assert page.recorded["nodes"][-1]["grad"] == 1.0
    (grad,) = (node["grad"] for node in page.recorded["nodes"] if node["name"] == "w")
    assert 2 * grad == before[0][1]


def test_numbers_that_json_has_no_word_for():
    big = Value(1e200, "big")
    y = big * 1e200 - Value(-0.0)
    nodes = Page(explore(y).html).recorded["nodes"]
    assert [node["data"] for node in nodes] == [1e200, 1e200, "inf", -0.0, "inf"]
    assert math.copysign(1.0, nodes[3]["data"]) == -1.0
    assert Page(explore(Value(math.nan)).html).recorded["nodes"][0]["data"] == "nan"
    assert "NaN" not in Page(explore(y).html).raw["script", "application/json"]


def test_a_leaf_alone_has_one_step():
    explorer = explore(Value(3.0, "x"))
    assert repr(explorer) == "<Explorer of x = 3: 1 node, 1 step>"
    assert Page(explorer.html).recorded["sweep"] == []


def test_new_names_differ_from_the_users():
    x = Value(1.0, "v1")
    y = (x * 2.0 + 1.0) * 3.0
    names = [node["name"] for node in Page(explore(y).html).recorded["nodes"]]
    assert names == ["v1", "", "v2", "", "v3", "", "v4"]


def test_every_node_and_edge_has_an_element_and_no_id_is_there_twice():
    for value in (unit(), net_error()):
        page = Page(explore(value).html)
        ids = page.ids()
        assert len(set(ids)) == len(ids)
        nodes = operands_first(value)
        for i, node in enumerate(nodes):
            assert f"n{i}" in ids
            for k in range(len(node.operands)):
                assert f"e{i}_{k}" in ids


def test_units_and_layers_fold():
    page = Page(explore(net_error()).html)
    units, layers = page.recorded["folds"][1:]
    assert [group["name"] for group in units] == ["hidden1", "hidden2", "output1"]
    assert ("select", {"id": "fold"}) in page.elements
    prefixes = [a["data-prefix"] for tag, a in page.elements if "data-prefix" in a]
    assert prefixes == ["", "fold1-", "fold2-"]
    assert {"fold1-u0", "fold1-u1", "fold1-u2", "fold2-u0"} <= set(page.ids())
    assert [group["name"] for group in layers][-2:] == ["hidden", "output"]
    assert ("select", {"id": "fold"}) not in Page(explore(unit()).html).elements


def classes(value):
    """The classes of each node's element, in the picture of every node."""
    found = {a.get("id"): a.get("class", "").split() for _, a in Page(explore(value).html).elements}
    return [found[f"n{i}"] for i, _ in enumerate(operands_first(value))]


def test_the_picture_shows_kinds_and_gradients_without_a_script():
    x, w = Value(2.0, "x"), Value(-0.05, "w")
    kinds = ["input", "parameter", "operation", "constant", "operation"]
    found = classes(x * w + 3.0)
    assert [names[:2] for names in found] == [["node", kind] for kind in kinds]
    assert [names[2] for names in found] == ["tint-3", "tint5", "tint5", "tint5", "tint5"]
    assert [("root" in names) for names in found] == [False] * 4 + [True]
    assert classes(Value(0.0, "x") * 1e-3 + 0.0)[0][2] == "tint2"
    assert classes(Value(0.0) * 0.0)[0][2] == "tint0"
    assert classes(Value(math.inf) * 0.5 - math.inf)[-1][2] == "tint5"
    assert classes(Value(1.0) * math.nan)[0][2] == "tintnan"


def test_the_page_styles_the_picture():
    page = Page(explore(net_error()).html)
    drawn = [(tag, a) for tag, a in page.elements if tag in ("polygon", "path", "text", "g")]
    assert len(drawn) > 100
    for _, attributes in drawn:
        assert attributes.keys().isdisjoint({"fill", "stroke", "style", "font-family"})
    boxes = [a.get("class") for tag, a in drawn if tag == "polygon"]
    assert set(boxes) == {"box", "rim", None}  # None: the heads of arrows
    edges = sum("edge" in a.get("class", "") for _, a in drawn)
    assert boxes.count(None) == edges  # and no background
    assert [tag for tag, _ in page.elements].count("title") == 1


def test_the_finished_gradients_stand_in_the_picture():
    html = explore(unit()).html
    svg = html[html.index("<svg xmlns") : html.index("</svg>")]
    texts = re.findall('<text[^>]*class="(data|grad)"[^>]*>([^<]*)<', svg)
    grads = [text for name, text in texts if name == "grad"]
    assert sorted(grads) == ["0.1175", "0.235", "0.235", "0.235", "0.235", "1"]
    assert all(
        'text-anchor="end"' in tag for tag in re.findall('<text[^>]*class="grad"[^>]*>', svg)
    )


def test_what_the_page_cannot_compute_is_named():
    double = operation("my_double", value=lambda m, x: x + x, partials=lambda m, y, x: (2.0,))
    try:
        assert Page(explore(double(Value(3.0))).html).recorded["own"] == ["my_double"]
    finally:
        del table["my_double"]
    assert Page(explore(unit()).html).recorded["own"] == []


def test_a_comparison_is_warned_of():
    x = Value(3.0, "x")
    assert x > 2
    assert "compared x " in Page(explore(x * x).html).recorded["compared"]
    assert Page(explore(unit()).html).recorded["compared"] == ""


def test_equal_graphs_give_equal_pages():
    assert explore(unit()).html == explore(unit()).html
    assert explore(net_error()).html == explore(net_error()).html


def test_a_small_graph_takes_tens_of_kilobytes():
    assert len(explore(unit()).html) < 100_000


# What the page may do


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
@settings(deadline=None, max_examples=25)
def test_any_label_makes_a_page(label):
    page = Page(explore(Value(2.0, label) * 3.0).html)
    assert page.recorded["nodes"][0]["name"] == label


def test_the_title_is_escaped_and_can_be_written(tmp_path):
    x = Value(1.0, "<b>\ud800\x00&")
    page = explore(x, tmp_path / "a.html")
    assert Page(page.html).raw["title", ""].startswith("<b>\\ud800\\x00& = 1")
    assert (tmp_path / "a.html").read_text("utf-8") == page.html


# Refusals


@pytest.mark.parametrize("wrong", [3.0, None, "x", [Value(1.0)]])
def test_only_a_value_can_be_explored(wrong):
    with pytest.raises(TypeError, match="explore: expected a Value, got"):
        explore(wrong)


def test_a_larger_graph_is_refused_before_any_work(monkeypatch):
    monkeypatch.setattr(room, "Explorer", lambda value: pytest.fail("work"))
    with pytest.raises(ValueError, match="explore") as caught:
        explore(chain(MOST_NODES + 1))
    assert str(caught.value) == (
        "explore: expected a graph of at most 2,000 nodes, got one of 2,001: explore a Value "
        "nearer to the leaves, or a smaller case"
    )


def test_the_largest_graph_is_not_refused(monkeypatch):
    monkeypatch.setattr(room, "Explorer", lambda value: "page")
    assert explore(chain(MOST_NODES)) == "page"


@pytest.mark.parametrize("name", ["a.svg", "a", ".html", "a.html.txt"])
def test_another_ending_is_refused_before_any_work(tmp_path, monkeypatch, name):
    explorer = explore(unit())
    monkeypatch.setattr(room, "Explorer", lambda value: pytest.fail("work"))
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


# Files and notebooks


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
    ((tag, frame),) = Page(bundle["text/html"]).elements
    assert tag == "iframe"
    assert frame["srcdoc"] == explorer.html
    assert frame["sandbox"] == "allow-scripts"
    assert frame["title"] == "Explorer of y = 0.3775"
    assert int(frame["height"]) >= 600


def test_every_part_of_the_page_is_used():
    folder = Path(room.__file__).parent / "page"
    used = {"page.html", "page.css", *(f"{name}.js" for name in room.SCRIPTS)}
    assert {path.name for path in folder.iterdir()} == used


def test_explore_is_a_public_name():
    assert microbp.explore is explore
    assert "explore" in microbp.__all__


# The command


def test_the_command_writes_a_page(tmp_path, capsys):
    path = tmp_path / "page.html"
    formula = "sigmoid(w*x + b)"
    assert main(["explore", formula, "--at", "w=0.5,x=1,b=-1", "-o", str(path)]) == 0
    assert capsys.readouterr().out == f"Written:\n  {path}\n"
    assert Page(path.read_text("utf-8")).raw["h1", ""] == "0.3775"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["log(x)", "--at", "x=-1", "-o", "a.html"], "log(x = -1.0): the logarithm is defined"),
        (["x*2", "--at", "x=1", "-o", "a.svg"], "expected a file name in .html, got 'a.svg'"),
        (["x*2", "--at", "x=1", "-o", "no/a.html"], "can't write 'no/a.html': No such file"),
        (["1 + 2", "-o", "a.html"], "there is nothing to sweep: the formula has no name"),
        (["x*2", "--at", "x=1"], "the following arguments are required: -o"),
        (["x*2", "-o", "a.html"], "--at gives nothing; the formula has x"),
    ],
)
def test_the_command_fails_in_words(tmp_path, capsys, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(["explore", *arguments])
    assert caught.value.code == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_in_words_that_there_is_no_layout(capsys, tmp_path, monkeypatch):
    def none(*_):
        raise RuntimeError("dot found no layout")

    monkeypatch.setattr("microbp.explorer.inline_svg.rendered", none)
    page = tmp_path / "page.html"
    with pytest.raises(SystemExit, match="2"):
        main(["explore", "x*x", "--at", "x=3", "-o", str(page)])
    assert capsys.readouterr().err.endswith("error: dot found no layout\n")
    assert not page.exists()
