"""Graphs of any depth and width, on the default stack."""

import pickle

from microbp import dot, total
from microbp.core.engine import Value
from tests.helpers.graphs_by_hand import grads


def fresh_process(python, program):
    """A crash of the C stack would take the whole run of the tests with it."""
    ran = python("import sys\nassert sys.getrecursionlimit() == 1000\n" + program)
    assert (ran.stderr, ran.returncode) == ("", 0)


def test_a_chain_of_a_million_nodes(python):
    program = """
from microbp.core.engine import Value
x = Value(1.0)
y = x
for _ in range(1_000_000):
    y = -y
y.backward()
y.backward()
assert x.grad == 2.0
y.operands[0].backward()
assert x.grad == 1.0
del y
"""
    fresh_process(python, program)


def test_a_long_chain_is_copied_and_pickled_and_its_copies_deleted(python):
    program = """
import copy, pickle
from microbp.core.engine import Value
x = Value(1.0, "x")
y = x
for _ in range(200_000):
    y = y + x
for twin in (copy.deepcopy(y), pickle.loads(pickle.dumps(y)), pickle.loads(pickle.dumps(y, 0))):
    below = twin
    while below.op is not None:
        below, leaf = below.operands
    twin.backward(0.5)
    assert (below, leaf.label, leaf.grad) == (leaf, "x", 100_000.5), leaf
    del below, leaf, twin
assert x.grad == 0.0
"""
    fresh_process(python, program)


def test_a_long_chain_of_wide_nodes(python):
    program = """
import copy, pickle
from microbp import dot, total
from microbp.core.engine import Value
x = Value(1.0)
y = x
for i in range(50_000):
    y = total([y, x, y.detach()]) * 0.5 if i % 2 else dot([y, 0.5], [1.0, x])
y.backward()
assert 1.0 < x.grad < 3.0
assert pickle.loads(pickle.dumps(y)).data == y.data
twin = copy.deepcopy(y)
del y
del twin
"""
    fresh_process(python, program)


def test_a_node_of_a_hundred_thousand_operands():
    x = [Value(float(i)) for i in range(100_000)]
    y = total([*x, *x])
    y.backward()
    assert {leaf.grad for leaf in x} == {2.0}
    z = dot(x, [leaf * 2 for leaf in x], y)
    z.backward()
    assert grads(x[0], x[7], x[-1]) == [4.0, 4.0 + 4 * 7, 4.0 + 4 * 99_999]
    assert len(pickle.loads(pickle.dumps(z)).operands) == len(z.operands) == 200_001


def test_a_leaf_used_a_hundred_thousand_times():
    x = Value(2.0)
    y = total([x * i for i in range(100_000)])
    y.backward()
    assert x.grad == 100_000 * 99_999 / 2
