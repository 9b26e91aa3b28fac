"""The state of a net in a file: to the same bits, or refused."""

import json
import math
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
    with pytest.raises(FileMismatch, match=r"^w.json: not a JSON file: "):
        net_621().load(path)


REPLACED = [
    ("1.5", "1.25", "the numbers are not those of its checksum: it is damaged, or was edited by"),
    ("1.5", "1" + "0" * 400, "a whole number of 401 digits; expected at most 20"),
    ("1.5", "1e999", "no float can hold '1e999'"),
    ("1.5", "NaN", "NaN is not a JSON number"),
    ("1.5", "-Infinity", "-Infinity is not a JSON number"),
    ("1.5", "[" * 200_000, "nested too deeply"),
    ('"inputs"', '"layers": 1, "inputs"', "an object with the same key twice"),
    ('"checksum"', '"checksun"', "unknown key 'checksun'"),
    ('"checksum": "', '"checksum": "0', "the numbers are not those of its checksum"),
    ("1.5", "1.5" + " " * 2**21, "not a file of this net: expected at most 1,049,664 bytes, got"),
]


@pytest.mark.parametrize(("old", "new", "message"), REPLACED)
def test_a_damaged_file_is_told_and_nothing_changed(tmp_path, old, new, message):
    path = tmp_path / "w.json"
    net = net_621()
    net.parameters()[3].data = 1.5
    net.save(path)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    other = net_621(seed=1)
    before = other.state_dict()
    with pytest.raises(FileMismatch) as error:
        other.load(path)
    assert str(error.value).startswith(f"w.json: {message}")
    assert other.state_dict() == before


def test_another_layout_or_no_checksum_is_no_damage(tmp_path):
    path = tmp_path / "w.json"
    net, other = net_621(), net_621(seed=1)
    net.parameters()[0].data = math.nan
    net.save(path)
    state = json.loads(path.read_text())
    path.write_text(json.dumps(state, indent=3).replace("\n", "\r\n"))
    other.load(path)
    assert repr(other.state_dict()) == repr(net.state_dict())
    del state["checksum"]
    state["layers"][0]["biases"][0] = 0.25
    path.write_text(json.dumps(state))
    other.load(path)
    assert other.state_dict()["layers"][0]["biases"][0] == 0.25


def test_a_state_with_a_number_too_large_is_refused():
    net = net_621()
    state = net.state_dict()
    state["layers"][0]["weights"][0][0] = 10**400
    with pytest.raises(FileMismatch, match="does not hold the state of a net"):
        net.load_state_dict(state)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"net"'])
def test_json_of_something_else_is_refused(tmp_path, text):
    path = tmp_path / "w.json"
    path.write_text(text)
    with pytest.raises(FileMismatch, match=r"^w.json does not hold the state of a net: expected"):
        net_621().load(path)
