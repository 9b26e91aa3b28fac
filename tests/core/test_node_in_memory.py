"""A node of the compiled engine takes one line of the cache: 64 bytes, all counted."""

import mmap
import subprocess
import sys
import textwrap
from itertools import pairwise

import pytest

from microbp import Value, dot
from microbp.core.engine import apply
from microbp.core.ops import Op

pytestmark = pytest.mark.engine("compiled")

LINE = 64


def test_nodes_lie_in_lines_of_the_cache():
    """All there is of a node: its neighbors begin where it ends."""
    x = Value(0.5)
    nodes = [(x + i).tanh() for i in range(10_000)]
    places = sorted(map(id, [*nodes, *(n.operands[0] for n in nodes)]))
    assert {place % LINE for place in places} == {places[0] % LINE}
    gaps = [b - a for a, b in pairwise(places)]
    assert min(gaps) == LINE
    assert gaps.count(LINE) > 0.3 * len(gaps)  # the constant of each sum lies between


x = Value(3.0)
TWICE = Op("twice", "2x", value=lambda m, x: 2.0 * x, partials=lambda m, y, x: (2.0,))
KINDS = {
    "leaf": lambda: Value(1.0),
    "one operand": lambda: x.tanh(),
    "two operands": lambda: x * x,
    "many": lambda: dot([x, x], [1.0, 2.0]),
    "by hand": lambda: Value(1.0, (x,), (2.0,)),
    "custom": lambda: apply(TWICE, x),
    "with an attribute": lambda: with_attribute(x + 1.0),
    "leaf with an attribute": lambda: with_attribute(Value(2.0)),
}


def with_attribute(node):
    node.held = [1]
    return node


@pytest.mark.parametrize("kind", KINDS)
def test_a_label_is_kept_and_let_go(kind):
    """It has a place of its own in each kind of node."""
    make = KINDS[kind]
    first, second = "".join(["fir", "st"]), "".join(["sec", "ond"])  # no constants
    before = sys.getrefcount(first), sys.getrefcount(second)
    node = make()
    told = node.data, node.op, node.operands, node.partials
    node.label = ""
    for label in (first, first, second, "", first):
        node.label = label
        assert node.label == label
        node.backward()
        assert (node.data, node.op, node.operands, node.partials) == told
        assert repr(label) in repr(node) or not label
    del label
    other = make()
    other.label = first
    del other
    assert sys.getrefcount(first) == before[0] + 1
    node.later = x  # makes it wide, if it isn't
    assert node.label is first
    assert (node.op, node.operands, node.partials) == told[1:]
    del node
    assert (sys.getrefcount(first), sys.getrefcount(second)) == before


FAR_APART = """
    import copy, gc, mmap, pickle
    from microbp import Value, detect_anomaly, dot, no_grad, record

    def graph():
        x = Value(2.0, "x")
        made = [x * 3.0]
        if apart:
            walls.append(mmap.mmap(-1, 1 << 38, flags | 0x4000, 0))  # MAP_NORESERVE
            while abs(id(made[-1]) - id(x)) < 1 << 37:
                made.append(made[-1] - 0.0)
        y = x * made[-1] + made[0].tanh()
        y.label = "y"
        z = dot([x, y], [y, x], 1.0) ** 2 + y.exp() / (1 - y) + abs(-y)
        with detect_anomaly(), no_grad():
            z + z
        z.backward()
        y.backward()
        again = pickle.loads(pickle.dumps(copy.deepcopy(z)))
        again.backward()
        program = record(z, [x], [])
        return repr((x, y, z, z.partials, z.operands, again, program.input_gradient([[2.5]])))

    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    walls, found = [], []
    for apart in (False, True, False):
        found.append(graph())
    assert found[0] == found[1] == found[2], found
    print(len(walls))
"""


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="maps memory as Linux does")
def test_operands_may_be_far_away_in_memory():
    """Where 32 bits don't reach from a node to its operand: 256 GB of addresses lie between."""
    try:
        mmap.mmap(-1, 1 << 38, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, 0).close()
    except OSError:
        pytest.skip("as much may not be reserved here")
    code = textwrap.dedent(FAR_APART)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("1\n", "")
