"""A graph that is no net, in parts: stretches of its operations in the order in which they ran."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value, explore, tanh, total
from microbp.core.toposort import operands_first
from microbp.explorer.parts import parts
from tests.helpers.parsed_page import Page
from tests.helpers.profiles import examples


def chain(length):
    value = Value(0.25, "h0")
    for i in range(length):
        value = tanh(Value(0.9, f"w{i}") * value)
    return value


def sums_and_products(count, seed=0):
    rng = random.Random(seed)
    pool = [Value(rng.uniform(0.9, 1.1), f"x{i}") for i in range(20)]
    for _ in range(count):
        a, b = rng.sample(pool[-100:], 2)
        pool.append(a + b if rng.random() < 0.1 else a * b)
    return total(pool[-100:])


@given(st.integers(1, 300), st.integers(0, 9), st.integers(1, 8), st.sampled_from([1, 2, 6]))
@examples(20)
def test_each_node_is_in_one_part_at_most_and_parts_follow_one_another(size, seed, most, within):
    nodes = operands_first(sums_and_products(size, seed))
    groups = parts(nodes, most, within)
    members = [i for group in groups for i in group.members]
    assert len(members) == len(set(members))
    stretches = [group for group in groups if group.kind == "part"]
    assert len(stretches) <= most * within
    place = {node: i for i, node in enumerate(nodes)}
    of = {i: k for k, group in enumerate(stretches) for i in group.members}
    uses = {(of[place[operand]], of[i]) for i in of for operand in nodes[i].operands
            if place[operand] in of}  # fmt: skip
    names = [group.name.split(" ")[1].rstrip(":").split(".") for group in stretches]
    assert all([*map(int, names[a])] <= [*map(int, names[b])] for a, b in uses)
    for group in stretches:  # what others use is what it shows
        inside = set(group.members)
        used = {place[o] for i, node in enumerate(nodes) for o in node.operands if i not in inside}
        wanted = {i for i in inside & (used | {len(nodes) - 1}) if nodes[i].op is not None}
        assert set(group.outputs) == wanted


def test_small_parts_are_within_parts():
    nodes = operands_first(sums_and_products(400))
    large = [set(group.members) for group in parts(nodes)]
    for group in parts(nodes, within=6):
        assert any(large_one >= set(group.members) for large_one in large)


def test_parts_end_where_few_results_are_needed():
    """A sum of 11 terms takes 21 operations: three sums are three parts, not 21, 21, 20."""
    sums, xs = [], [Value(float(i), f"x{i}") for i in range(4)]
    for _ in range(3):
        value = xs[0] * xs[1]
        for k in range(10):
            value = value + xs[k % 4] * xs[(k + 1) % 4]
        sums.append(value)
    nodes = operands_first(total(sums))
    found = [group for group in parts(nodes, 3) if group.kind == "part"]
    assert [group.count for group in found] == [21, 21, 22]
    assert [len(group.outputs) for group in found] == [1, 1, 1]
    assert next((group.name, group.count) for group in parts(nodes, 3)) == ("x", 4)


def test_a_part_has_the_names_of_what_it_computes():
    value = Value(1.0, "x")
    for i in range(6):
        value = value * Value(2.0)
        value.label = f"y{i}"
    assert [group.name for group in parts(operands_first(value), 2)] == [
        "part 1: y0 … y2", "part 2: y3 … y5"
    ]  # fmt: skip


def test_a_long_chain_opens_in_parts_and_its_nodes_are_in_rows():
    page = Page(explore(chain(60)).html)
    assert [*page.recorded["folds"]] == ["every node", "small parts", "parts"]
    boxes = [a["data-box"].split() for _, a in page.elements if "data-box" in a]
    widths = [float(box[2]) for box in boxes]
    assert max(widths) < 2100  # and not 22,000
    assert any(float(w) < 500 and float(h) < 370 for _, _, w, h in boxes)
    assert [*Page(explore(chain(10)).html).recorded["folds"]] == ["every node"]


@pytest.mark.parametrize("graph", [lambda: chain(2_000), lambda: sums_and_products(10_000)])
def test_a_large_graph_is_a_small_page_of_its_parts(graph):
    value = graph()
    start = time.perf_counter()
    explorer = explore(value)
    assert time.perf_counter() - start < 5
    page = Page(explorer.html)
    rows = [a for tag, a in page.elements if tag == "tr" and "data-box" in a]
    assert 6 <= len(rows) <= 9
    assert len(explorer.html) < 60_000
    assert "in the order in which they ran" in explorer.html
    assert "part 8" in explorer.html
