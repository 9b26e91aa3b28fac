"""Copies and pickles of graphs: same bits, same sharing."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import detect_anomaly, dot, no_grad
from microbp.core.engine import Value
from tests.helpers.nodes import NAN, graph, state


def assert_same_graph(root, copied, shared=lambda node: False):
    """Every field alike bit for bit, every sharing alike, and no node in common but `shared`."""
    twin, pending = {}, [(root, copied)]
    while pending:
        ours, theirs = pending.pop()
        if ours in twin:
            assert twin[ours] is theirs
            continue
        twin[ours] = theirs
        assert (ours is theirs) == shared(ours)
        assert state(ours)[:4] == state(theirs)[:4]
        assert state(ours)[5] == state(theirs)[5]
        pending += zip(ours.operands, theirs.operands, strict=True)
    assert len(set(twin.values())) == len(twin)


COPIERS = {
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda x, protocol=protocol: pickle.loads(pickle.dumps(x, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}
each_copier = pytest.mark.parametrize("copier", COPIERS.values(), ids=COPIERS)


@each_copier
def test_copies_keep_every_bit(copier):
    for root in (graph(), Value(-0.0, "x"), Value(NAN)):
        assert_same_graph(root, copier(root))


@each_copier
@given(data=st.floats(), grad=st.floats(), label=st.text())
def test_copies_keep_any_leaf_and_node(copier, data, grad, label):
    x = Value(data, label)
    y = x + data
    y.label = label
    x.grad = y.grad = grad
    # As text, in protocol 0, a NaN loses its sign and payload: no float keeps those for sure.
    for node in (x, y):
        copied = copier(node)
        fields = (node.data, node.grad), (copied.data, copied.grad)
        assert repr(fields[0]) == repr(fields[1])
        assert copied.label == label


@each_copier
def test_copies_sweep_to_the_same_bits(copier):
    x = Value(0.3, "x")
    y = x
    for i in range(50):
        y = (y * x + x.exp() / (i + 1)).tanh() - y
    twin = copier(y)
    y.backward(0.1)
    twin.backward(0.1)
    assert x.grad != 0.0
    assert_same_graph(y, twin)


@each_copier
def test_values_copied_together_share_their_leaves(copier):
    x, w = Value(2.0, "x"), Value(3.0)
    x2, y2, z2, w2 = copier([x, x * w, w + x, w])
    assert y2.operands == (x2, w2)
    assert z2.operands == (w2, x2)
    assert len({x, w, x2, w2}) == 4


def test_deepcopy_keeps_shared_nodes_shared():
    x = Value(2.0)
    h = x * x
    copied = copy.deepcopy({"roots": [h * 5, h * 6], "h": h})
    five, six = copied["roots"]
    assert five.operands[0] is six.operands[0] is copied["h"]
    five.backward()
    six.backward()
    assert copied["h"].operands[0].grad == 44.0
    assert (x.grad, h.grad) == (0.0, 0.0)


def test_a_plain_copy_shares_the_operands():
    y = graph()
    assert_same_graph(y, copy.copy(y), shared=lambda node: node is not y)
    for node in (y, *y.operands, *y.operands[0].operands):
        twin = copy.copy(node)
        assert twin is not node
        assert state(twin) == state(node)


def test_a_plain_copy_of_a_leaf_is_a_leaf_of_its_own():
    x = Value(2.0, "x")
    twin = copy.copy(x)
    twin.data = 3.0
    (twin * x).backward()
    assert (x.data, x.grad, twin.grad) == (2.0, 3.0, 2.0)


def test_a_plain_copy_can_be_computed_with():
    x = Value(2.0)
    y = x * x
    twin = copy.copy(y)
    (y + twin * 10).backward()
    assert (x.grad, y.grad, twin.grad) == (44.0, 1.0, 10.0)


@pytest.mark.parametrize("copier", [copy.copy, *COPIERS.values()], ids=["copy", *COPIERS])
@pytest.mark.parametrize("surroundings", [no_grad, detect_anomaly])
def test_copies_are_no_operations(copier, surroundings):
    """Under no_grad they keep the graph, and under detect_anomaly their infinities."""
    y = graph()
    with surroundings():
        copied = copier(y)
    assert_same_graph(y, copied, shared=lambda node: copier is copy.copy and node is not y)


def test_a_pickle_opens_in_another_process(python, tmp_path):
    x = Value(0.3, "x")
    y = dot([x, x.exp()], [x, 3.0], x / 7).sigmoid()
    (tmp_path / "y.pickle").write_bytes(pickle.dumps([x, y]))
    ran = python(
        "import pathlib, pickle, sys\n"
        "x, y = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "y.backward()\n"
        "print(x.label, y.op.name, y.data.hex(), x.grad.hex())",
        tmp_path / "y.pickle",
    )
    y.backward()
    expected = ["x", "sigmoid", y.data.hex(), x.grad.hex()]
    assert (ran.stdout.split(), ran.stderr) == (expected, "")
