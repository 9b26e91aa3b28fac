"""Names that the page shows: of the tenth unit of layer hidden1, "hidden1_10"."""

import json
import re

from microbp import explore
from microbp.explorer.unit_names import unit_names
from microbp.nn import Net


def recorded(value):
    found = re.search(r'id="recorded">(.*?)</script>', explore(value).html, re.DOTALL)
    return json.loads(found[1])


def test_units_of_a_layer_that_ends_with_a_digit_have_a_mark_between():
    net = Net(2, [11, 2, 1], seed=1)
    (y,) = net([0.5, 1.0])
    before = [*net.state_dict()]
    page = recorded(y)
    names = {node["name"] for node in page["nodes"]}
    assert {
        "hidden1_1",
        "hidden1_10",
        "b[hidden2_2]",
        "w[hidden2_1,hidden1_11]",
        "output1",
    } <= names
    assert not any("hidden110" in name for name in names)
    assert [group["name"] for group in page["folds"]["layers"]] == [
        "x",
        "hidden1",
        "hidden2",
        "output",
    ]
    assert "hidden1_10" in [group["name"] for group in page["folds"]["units"]]
    assert [*net.state_dict()] == before  # files of weights go by the labels
    assert "w[hidden110,x1]" in [parameter.label for parameter in net.parameters()]


def test_other_names_stay():
    net = Net(2, seed=1).add("hidden", 12).add("output", 1)
    labels = [parameter.label for parameter in net.parameters()]
    assert unit_names([*labels, "hidden12", "hidden110"]) == {}
    assert unit_names(["h12", "w[h12]", "b[", "w[a,b],c]", ""]) == {}
    layers = recorded(net([0.0, 1.0])[0])["folds"]["layers"]
    assert [group["name"] for group in layers] == ["x", "hidden", "output"]
    own = Net(2, seed=1).add("h_", 2).add("y", 1)
    layers = recorded(own([0.0, 1.0])[0])["folds"]["layers"]
    assert [group["name"] for group in layers] == ["x", "h_", "y"]
