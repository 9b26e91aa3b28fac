import sys

import networkx
import pytest
from hypothesis import given

import microbp
from microbp import Value, to_networkx
from microbp.core.toposort import operands_first
from microbp.testing import expressions

pytestmark = pytest.mark.interop


@given(expressions(max_nodes=10))
def test_nodes_and_edges_are_those_of_the_graph(expression):
    root = expression(*map(Value, expression.leaves))
    root.backward()
    graph = to_networkx(root)
    assert [*graph] == operands_first(root)
    for node, shown in graph.nodes(data=True):
        op = node.op.name if node.op else ""
        expected = {"data": node.data, "grad": node.grad, "label": node.label, "op": op}
        assert repr(shown) == repr(expected)  # as a gradient may be NaN
        edges = sorted(graph.in_edges(node, data=True), key=lambda edge: edge[2]["position"])
        assert [operand for operand, _, _ in edges] == [*node.operands]
        assert [repr(edge["partial"]) for _, _, edge in edges] == [*map(repr, node.partials)]


def test_an_operand_used_twice_has_two_edges():
    x = Value(3.0, "x")
    graph = to_networkx(x * x)
    root = [*graph][-1]
    assert graph[x][root] == {
        0: {"partial": 3.0, "position": 0},
        1: {"partial": 3.0, "position": 1},
    }


def test_several_roots_share_what_is_below_them():
    x = Value(3.0, "x")
    graph = to_networkx(x + 1, x * 2, x)
    assert (len(graph), graph.number_of_edges(), graph.out_degree(x)) == (5, 4, 2)


def test_networkx_finds_the_gradient_as_the_sum_over_paths():
    x = Value(0.5, "x")
    h = microbp.tanh(x)
    y = h * h + microbp.sin(x) * h
    y.backward()
    graph = to_networkx(y)
    assert networkx.is_directed_acyclic_graph(graph)
    total = 0.0
    for path in networkx.all_simple_edge_paths(graph, x, y):
        product = 1.0
        for edge in path:
            product *= graph.edges[edge]["partial"]
        total += product
    assert total == pytest.approx(x.grad)


def test_a_graph_of_any_depth():
    node = Value(1.0)
    for _ in range(5000):
        node = -node
    assert networkx.dag_longest_path_length(to_networkx(node)) == 5000


def test_a_graph_can_be_written_to_a_file(tmp_path):
    x = Value(3.0, "<x> & 'y'")
    plain = networkx.convert_node_labels_to_integers(to_networkx(x * x + 1))
    networkx.write_graphml(plain, tmp_path / "graph.xml")
    again = networkx.read_graphml(tmp_path / "graph.xml", force_multigraph=True, node_type=int)
    assert dict(again.nodes(data=True)) == dict(plain.nodes(data=True))
    assert again.number_of_edges(0, 1) == 2


@pytest.mark.parametrize("wrong", [3.0, None, "x", [Value(1.0)]])
def test_only_values_are_taken(wrong):
    with pytest.raises(TypeError, match=r"^to_networkx: expected Values, got "):
        to_networkx(Value(1.0), wrong)
    with pytest.raises(TypeError, match=r"^to_networkx: expected one or more Values, got none$"):
        to_networkx()


def test_without_networkx_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(ImportError, match=r"pip install 'microbp\[networkx\]'$"):
        to_networkx(Value(1.0))
