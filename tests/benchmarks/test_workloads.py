"""The workloads are as large as they say."""

import pytest

from benchmarks.operation_count import count_operations
from benchmarks.workloads import WORKLOADS
from benchmarks.workloads.synthetic import chain


def test_operations_are_counted():
    assert count_operations(chain(5)) == 5
    assert count_operations(WORKLOADS["moons-dot"]) == count_operations(WORKLOADS["moons"])
    assert 55_000 < count_operations(WORKLOADS["gpt"]) < 65_000
    assert count_operations(WORKLOADS["replay-gpt"]) == count_operations(WORKLOADS["gpt"])
    assert count_operations(WORKLOADS["replay-symmetry"]) == 64 * 35
    assert count_operations(WORKLOADS["replay-nodes-1000"]) == 4_096 * 1_000


@pytest.mark.parametrize("nodes", [1_000, 10_000])
def test_a_random_graph_has_no_node_in_vain(nodes):
    class Node:
        made = 0

        def __init__(self, *operands):
            self.operands = operands

        def __add__(self, other):
            Node.made += 1
            return Node(self, other)

        __mul__ = __add__

    replay = WORKLOADS[f"replay-nodes-{nodes}"].replay
    inputs = [Node() for _ in replay.cases()[0]]
    todo = [replay.error(None, [Node() for _ in range(8)], inputs)]
    seen = set(todo)
    while todo:
        new = set(todo.pop().operands) - seen
        seen |= new
        todo += new
    assert Node.made == nodes
    assert len(seen) == nodes + 16 + 8
