import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value, dot, losses, sigmoid, total
from microbp.core.toposort import operands_first
from microbp.drawing.grouping import folded
from microbp.experiments.nature1986.family_trees import CASES, family_net
from microbp.nn import Layer, Net, Neuron


def net(**options):
    return Net(6, rng=random.Random(8)).add("hidden", 2, **options).add("output", 1, **options)


def groups(value, by):
    return folded(operands_first(value), by)


def summary(found):
    return [(g.kind, g.name, g.count, len(g.members), len(g.outputs), len(g.parameters))
            for g in found]  # fmt: skip


def check_whole(nodes, found):
    """Each node in at most one group, each group of two or more, told as promised."""
    members = [i for group in found for i in group.members]
    assert len(members) == len(set(members))
    assert set(members) <= set(range(len(nodes)))
    for group in found:
        assert len(group.members) > 1
        assert group.members == tuple(sorted(group.members))
        assert group.outputs
        assert set(group.outputs) | set(group.parameters) <= set(group.members)
    firsts = [group.outputs[0] for group in found]
    assert firsts == sorted(firsts)


def test_a_unit_is_its_output_its_total_input_and_its_parameters():
    (y,) = net()([0, 1, 0, 0, 1, 0])
    nodes = operands_first(y)
    found = folded(nodes, "unit")
    assert summary(found) == [
        ("unit", "hidden1", 1, 9, 1, 7),
        ("unit", "hidden2", 1, 9, 1, 7),
        ("unit", "output1", 1, 5, 1, 3),
    ]
    labels = [nodes[i].label for i in found[2].members]
    assert sorted(labels) == ["", "b[output1]", "output1", "w[output1,hidden1]",
                              "w[output1,hidden2]"]  # fmt: skip
    assert [nodes[i].label for i in found[2].outputs] == ["output1"]
    check_whole(nodes, found)


def test_a_layer_is_its_units_and_inputs_are_a_group():
    (y,) = net()([0, 1, 0, 0, 1, 0])
    assert summary(groups(y, "layer")) == [
        ("inputs", "x", 6, 6, 6, 0),
        ("layer", "hidden", 2, 18, 2, 14),
        ("layer", "output", 1, 5, 1, 3),
    ]


def test_a_linear_unit_is_its_total_input():
    (y,) = net(activation="linear")([0, 1, 0, 0, 1, 0])
    assert summary(groups(y, "unit"))[0] == ("unit", "hidden1", 1, 8, 1, 7)


def test_the_family_trees_are_seven_boxes_and_those_of_the_error():
    family = family_net(random.Random(1))
    inputs, targets = CASES[0]
    outputs = family(inputs)
    assert summary(groups(total(outputs), "layer")) == [
        ("inputs", "person", 24, 24, 24, 0),
        ("layer", "person code", 6, 162, 6, 150),
        ("inputs", "relation", 12, 12, 12, 0),
        ("layer", "relation code", 6, 90, 6, 78),
        ("layer", "central", 12, 180, 12, 156),
        ("layer", "penultimate", 6, 90, 6, 78),
        ("layer", "output", 24, 216, 24, 168),
    ]
    found = groups(losses.squared_error(outputs, targets), "layer")
    assert summary(found[-2:]) == [("operations", "-", 24, 48, 24, 0),
                                   ("operations", "×", 24, 24, 24, 0)]  # fmt: skip


def test_many_cases_through_the_same_units_are_one_net():
    n = net()
    cases = [([float(i >> k & 1) for k in range(6)], [1.0]) for i in range(64)]
    error = sum(losses.squared_error(n(bits), targets) for bits, targets in cases)
    nodes = operands_first(error)
    for by, inputs in (("unit", 6), ("layer", 1)):
        found = folded(nodes, by)
        check_whole(nodes, found)
        assert sum(group.kind == "inputs" for group in found) == inputs
        (sums,) = [group for group in found if group.name == "+"]
        assert [nodes[i] for i in sums.outputs] == [error]
        assert len(nodes) - sum(len(group.members) - 1 for group in found) < 20
        assert sum(len(group.outputs) for group in found if group.name.startswith("hidden")) == 128


def test_two_nets_of_the_same_labels_stay_apart():
    x = [Value(0.5, f"x{i}") for i in range(1, 7)]
    y = total([*net()(x), *net()(x)])
    assert [g.name for g in groups(y, "unit")] == ["hidden1", "hidden2", "output1"] * 2
    assert [g.name for g in groups(y, "layer")] == ["x", *["hidden", "output"] * 2]


def steps_of(found):
    return [(g.name, g.step, len(g.members), len(g.parameters), len(g.tied)) for g in found]


@pytest.mark.parametrize("activation", ["sigmoid", "linear"])
def test_a_unit_that_feeds_itself_is_a_group_for_each_step_with_its_parameters_once(activation):
    unit = Neuron(2, rng=random.Random(0), label="h1", sources=["x1", "h1"], activation=activation)
    h = Value(0.0, "start")
    for _ in range(3):
        h = unit([Value(1.0, "x1"), h])
    nodes = 2 if activation == "sigmoid" else 1
    assert steps_of(groups(h, "unit")) == [
        ("h1", 1, nodes + 3, 3, 0),
        ("h1", 2, nodes, 0, 3),
        ("h1", 3, nodes, 0, 3),
    ]


def test_units_that_feed_one_another_in_a_circle_are_in_step():
    one, two = (
        Neuron(1, rng=random.Random(0), label=label, sources=[source])
        for label, source in (("h1", "h2"), ("h2", "h1"))
    )
    x, y = Value(0.0, "start1"), Value(0.0, "start2")
    for _ in range(3):
        x, y = one([y]), two([x])
    found = [(g.name, g.step, len(g.outputs)) for g in groups(total([x, y]), "unit")]
    assert sorted(found) == [(f"h{i}", step, 1) for i in (1, 2) for step in (1, 2, 3)]


def test_units_that_feed_one_another_once_are_no_steps():
    h = Value(0.0, "x")
    for i in range(3):
        h = Neuron(1, rng=random.Random(0), label=f"h{i}", sources=["x"])([h])
    assert not any(group.step for group in groups(h, "unit"))


def test_cases_are_no_steps_but_each_step_holds_all_of_them():
    unit = Neuron(2, rng=random.Random(0), label="h1", sources=["x1", "h1"])
    start, ends = Value(0.0, "start"), []
    for case in range(4):
        h = start
        for _ in range(2):
            h = unit([Value(case, "x1"), h])
        ends.append(h)
    found = groups(total(ends), "unit")
    assert sorted(steps_of(found)) == [
        ("h1", 1, 11, 3, 0),
        ("h1", 2, 8, 0, 3),
        ("x1", 1, 4, 0, 0),
        ("x1", 2, 4, 0, 0),
    ]
    assert not any(group.step for group in groups(net()([0.0] * 6)[0], "unit"))


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ({"h1": 3, "h2": 2}, ["h1", "h2"]),
        ({"h": 12}, ["h"]),
        ({"h1": 12, "h2": 11}, ["h1", "h2"]),
        ({"12": 2}, ["12"]),
        ({"h0": 2, "a b": 1}, ["h0", "a b"]),
        ({"]": 2, "[": 2, ",": 1}, ["]", "[", ","]),
        ({"\n1": 2}, ["\n1"]),
    ],
)
def test_layers_whose_names_end_in_a_number_or_are_odd(sizes, names):
    n = Net(2, rng=random.Random(0))
    for name, size in sizes.items():
        n.add(name, size)
    found = groups(total(n([0.0, 1.0])), "layer")
    assert [group.name for group in found if group.kind == "layer"] == names
    assert [group.count for group in found if group.kind == "layer"] == [*sizes.values()]


def test_no_unit_goes_without_its_labels():
    y = sigmoid(dot([Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)], Value(5.0)))
    y.label = "hidden1"
    assert groups(y, "unit") == groups(y, "layer") == []
    assert groups(total(Layer(2, 3, rng=random.Random(0))([1.0, 2.0])), "layer") == []
    assert groups(Value(1.0), "unit") == []


LABELS = st.sampled_from(
    ["", "h1", "h2", "h11", "h", "1", "w[h1,h1]", "w[h1,h2]", "w[h2,h1]", "b[h1]", "b[h2]", "w[h1,",
     "w[h1]", "h10", "w[,]", "b[]", "h0", "w[h1,h1]]", "h1\n", "h٣"]
)  # fmt: skip


@given(st.data())
def test_any_labels_on_any_graph_lose_no_node(data):
    leaves = [Value(0.5, data.draw(LABELS)) for _ in range(data.draw(st.integers(1, 5)))]
    pool = [*leaves]
    for _ in range(data.draw(st.integers(0, 8))):
        pick = st.sampled_from(pool)
        kind = data.draw(st.sampled_from(["unit", "sigmoid", "+", "-", "total"]))
        if kind == "unit":
            size = data.draw(st.integers(0, 2))
            terms = [[data.draw(pick) for _ in range(size)] for _ in range(2)]
            y = dot(*terms, data.draw(pick))
        elif kind == "sigmoid":
            y = sigmoid(data.draw(pick))
        elif kind == "total":
            y = total(data.draw(st.lists(pick, min_size=1, max_size=4)))
        else:
            a, b = data.draw(pick), data.draw(pick)
            y = a + b if kind == "+" else a - b
        if not y.label:
            y.label = data.draw(LABELS)
        pool.append(y)
    nodes = operands_first(*pool)
    for by in ("unit", "layer"):
        check_whole(nodes, folded(nodes, by))
