"""The state of a net in a file: to the same bits, or refused."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp.nn import FileMismatch, Net
from tests.helpers.nets import net_621


@given(st.lists(st.floats(), min_size=17, max_size=17))
def test_a_saved_net_comes_back_bit_for_bit(tmp_path_factory, numbers):
    path = tmp_path_factory.mktemp("net") / "weights.json"
    net, other = net_621(), net_621(seed=9)
    for p, x in zip(net.parameters(), numbers, strict=True):
        p.data = x
    net.save(path)
    other.load(path)
    pairs = zip(net.parameters(), other.parameters(), strict=True)
    assert all(a.data.hex() == b.data.hex() for a, b in pairs)


def mutated(change):
    state = net_621().state_dict()
    change(state)
    return state


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda s: s.update(Net(6, rng=random.Random(0)).add("hidden", 6).state_dict()),
            "w.json holds 1 layers where this net has 2",
        ),
        (
            lambda s: s["layers"][0].update(biases=[0.0] * 6),
            "w.json holds a layer of 6 units where this net has 2 (layer 1)",
        ),
        (
            lambda s: s["layers"][0]["weights"].pop(),
            "w.json holds a layer of 1 units where this net has 2 (layer 1)",
        ),
        (
            lambda s: s.update(inputs={"x": 5}),
            "w.json holds a net with inputs {'x': 5} where this net has {'x': 6}",
        ),
        (
            lambda s: s["layers"][1].update(activation="tanh"),
            "w.json: activation is 'tanh' where this net has 'sigmoid' (layer 2)",
        ),
        (
            lambda s: s["layers"][0].update(name="first"),
            "w.json: name is 'first' where this net has 'hidden' (layer 1)",
        ),
        (
            lambda s: s["layers"][1].update(fed_by=["x"]),
            "w.json: fed_by is ['x'] where this net has ['hidden'] (layer 2)",
        ),
        (
            lambda s: s["layers"][0]["weights"][1].pop(),
            "w.json holds a unit of 5 weights where this net has 6 (layer 1)",
        ),
        (
            lambda s: s["layers"][1]["biases"].__setitem__(0, "0.5"),
            "w.json holds '0.5' for a weight (layer 2)",
        ),
        (
            lambda s: s.pop("layers"),
            "w.json does not hold the state of a net: expected what state_dict() gives, which has "
            "'layers'",
        ),
        (
            lambda s: s["layers"][0].pop("biases"),
            "w.json does not hold the state of a net: expected what state_dict() gives, which has "
            "'biases'",
        ),
        (
            lambda s: s.update(inputs=3),
            "w.json does not hold the state of a net: expected what state_dict() gives",
        ),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_named(tmp_path, change, message):
    path = tmp_path / "w.json"
    path.write_text(json.dumps(mutated(change)))
    net = net_621(seed=1)
    before = net.state_dict()
    with pytest.raises(FileMismatch) as error:
        net.load(path)
    assert str(error.value) == message
    assert net.state_dict() == before


@pytest.mark.parametrize("text", ["", "[1, 2", "\x00"])
def test_a_file_that_is_no_json_is_refused(tmp_path, text):
    path = tmp_path / "w.json"
    path.write_text(text)
    with pytest.raises(FileMismatch, match=r"^w.json is not a JSON file: "):
        net_621().load(path)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"net"'])
def test_json_of_something_else_is_refused(tmp_path, text):
    path = tmp_path / "w.json"
    path.write_text(text)
    with pytest.raises(FileMismatch, match=r"^w.json does not hold the state of a net: expected"):
        net_621().load(path)
