"""What is in the explorer's page: the graph, its pictures, its names."""

import math
import random
import re

from hypothesis import given
from hypothesis import strategies as st

from microbp import Value, explore, operation, sigmoid
from microbp.core.ops import table
from microbp.core.toposort import operands_first
from microbp.losses import binary_cross_entropy, squared_error
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


@st.composite
def graphs(draw):
    """Sums, products and sigmoids of one another, in which nodes are used many times over."""
    pool = [Value(x) for x in draw(st.lists(st.floats(-2, 2), min_size=1, max_size=4))]
    for kind in draw(st.lists(st.sampled_from("+*s"), max_size=20)):
        a, b = (draw(st.sampled_from(pool)) for _ in "ab")
        pool.append(a + b if kind == "+" else a * b if kind == "*" else sigmoid(a))
    return pool[-1]


def with_leaves(recorded):
    """As the page's script completes it: how a node was computed stands only where it was."""
    leaf = {"op": "", "operands": [], "partials": []}
    return recorded | {"nodes": [leaf | node for node in recorded["nodes"]]}


def test_the_graph_is_recorded():
    y = unit()
    recorded = with_leaves(Page(explore(y).html).recorded)
    names = ["w", "x", "v1", "b", "v2", "y"]
    assert [node["name"] for node in recorded["nodes"]] == names
    assert [node["op"] for node in recorded["nodes"]] == ["", "", "mul", "", "add", "sigmoid"]
    assert [node["operands"] for node in recorded["nodes"]] == [[], [], [0, 1], [], [2, 3], [4]]
    for node, value in zip(recorded["nodes"], operands_first(y), strict=True):
        assert node["data"] == value.data
        assert tuple(node["partials"]) == value.partials
    assert recorded["backward_order"] == [5, 4, 2]


@given(st.data())
@examples(30)
def test_the_gradients_are_those_of_one_sweep_from_zero(data):
    root = data.draw(graphs())
    recorded = with_leaves(Page(explore(root).html).recorded)
    nodes = operands_first(root)
    for node in nodes:
        node.grad = 0.0
    root.backward()
    # The page adds up in "backward_order": that gives the same bits.
    sums = [0.0] * len(nodes)
    sums[-1] = 1.0
    for i in recorded["backward_order"]:
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
    page = explore(y).html
    assert [(node.data, node.grad, node.label) for node in operands_first(y)] == before
    assert page == explore(unit()).html  # whose gradients are those of one pass


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
    assert Page(explorer.html).recorded["backward_order"] == []


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
        for i, node in enumerate(with_leaves(page.recorded)["nodes"]):
            assert f"n{i}" in ids
            for k in range(len(node["operands"])):
                assert f"e{i}_{k}" in ids


def test_units_and_layers_fold():
    page = Page(explore(net_error()).html)
    assert page.recorded["fold_names"] == ["every node", "units", "layers", "layers"]
    assert [*page.recorded["folds"]] == ["every node", "units", "layers"]
    units, layers = page.recorded["folds"]["units"], page.recorded["folds"]["layers"]
    assert [group["name"] for group in units] == ["hidden1", "hidden2", "output1"]
    assert ("select", {"id": "fold"}) in page.elements
    prefixes = [a["data-prefix"] for tag, a in page.elements if "data-prefix" in a]
    assert prefixes == ["", "fold1-", "fold2-", "fold3-"]
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
    page = Page(explore(unit()).html)
    drawn = [(tag, a) for tag, a in page.elements if tag in ("polygon", "path", "text", "g")]
    assert len(drawn) > 30
    for _, attributes in drawn:
        assert attributes.keys().isdisjoint({"fill", "stroke", "style", "font-family"})
    boxes = [a.get("class") for tag, a in drawn if tag == "polygon"]
    assert set(boxes) == {"box", None}  # None: the heads of arrows
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
        assert Page(explore(double(Value(3.0))).html).recorded["custom"] == ["my_double"]
    finally:
        del table["my_double"]
    assert Page(explore(unit()).html).recorded["custom"] == []


def test_a_comparison_is_warned_of():
    x = Value(3.0, "x")
    assert x > 2
    assert "compared x " in Page(explore(x * x).html).recorded["compared"]
    assert Page(explore(unit()).html).recorded["compared"] == ""


def test_equal_graphs_give_equal_pages():
    assert explore(unit()).html == explore(unit()).html
    assert explore(net_error()).html == explore(net_error()).html


def test_a_nets_inputs_come_first_then_its_parameters_by_layer():
    names = [node["name"] for node in Page(explore(net_error()).html).recorded["nodes"]]
    assert names[:5] == ["x1", "x2", "w[hidden1,x1]", "w[hidden1,x2]", "b[hidden1]"]
    assert names[8:11] == ["w[output1,hidden1]", "w[output1,hidden2]", "b[output1]"]


def test_the_page_of_micrograds_net_is_small():
    for activation in ("relu", "tanh", "sigmoid"):
        net = Net(2, [16, 16, 1], activation=activation, output="sigmoid", seed=1)
        assert len(explore(net, [0.5, 1.0]).html) <= 400_000
        error = binary_cross_entropy(net([0.123456789, 1.0]), [1.0])
        assert len(explore(error).html) <= 400_000


def test_a_small_graph_takes_little_room():
    assert len(explore(unit()).html) < 140_000
