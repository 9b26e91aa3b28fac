"""Any program's gradients, against a model in plain Python."""

import math

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from microbp import dot, total
from microbp.core.engine import Value


class Programs(RuleBasedStateMachine):
    """Build, go backward, set and zero in any order.

    The model differentiates forward: it keeps, for every node, its derivative with respect to
    each node that it was made from, computed as it is made; and beside it the same sum over all
    paths without signs, which says how far rounding may reach.
    """

    nodes = Bundle("nodes")
    numbers = st.floats(-2, 2).map(lambda x: round(x, 3))
    seeds = st.sampled_from([1.0, -1.0, 0.5, 3.0, 0.0])

    def __init__(self):
        super().__init__()
        self.derivatives = {}
        self.expected = {}  # the gradient of every node, and its tolerance

    def made(self, node, data, operands=(), partials=()):
        """Note a new node that should come out as `data` with these partials."""
        assert node.data == pytest.approx(data, rel=1e-12, abs=1e-12)
        assert node.operands == tuple(operands)
        assert node.partials == pytest.approx(tuple(partials), rel=1e-12, abs=1e-12)
        by = {node: (1.0, 1.0)}
        for operand, partial in zip(operands, partials, strict=True):
            for below, (slope, paths) in self.derivatives[operand].items():
                s, p = by.get(below, (0.0, 0.0))
                by[below] = (s + partial * slope, p + abs(partial) * paths)
        self.derivatives[node] = by
        self.expected[node] = (0.0, 0.0)
        return node

    def tamed(self, node):
        """Large numbers go through tanh, that none overflows."""
        if abs(node.data) <= 10:
            return node
        y = math.tanh(node.data)
        return self.made(node.tanh(), y, [node], [1 / math.cosh(node.data) ** 2])

    @initialize(target=nodes, x=numbers)
    def first(self, x):
        return self.made(Value(x, "first"), x)

    @rule(target=nodes, x=numbers)
    def leaf(self, x):
        return self.made(Value(x), x)

    @rule(target=nodes, a=nodes, b=nodes)
    def add(self, a, b):
        return self.tamed(self.made(a + b, a.data + b.data, [a, b], [1, 1]))

    @rule(target=nodes, a=nodes, b=nodes)
    def sub(self, a, b):
        return self.tamed(self.made(a - b, a.data - b.data, [a, b], [1, -1]))

    @rule(target=nodes, a=nodes, b=nodes)
    def mul(self, a, b):
        return self.tamed(self.made(a * b, a.data * b.data, [a, b], [b.data, a.data]))

    @rule(target=nodes, a=nodes, b=nodes)
    def div(self, a, b):
        c = self.made(b * b, b.data**2, [b, b], [b.data, b.data])
        one = self.made(Value(1.0), 1.0)
        c = self.made(c + one, c.data + 1, [c, one], [1, 1])
        return self.made(a / c, a.data / c.data, [a, c], [1 / c.data, -a.data / c.data**2])

    @rule(target=nodes, a=nodes)
    def neg(self, a):
        return self.made(-a, -a.data, [a], [-1])

    @rule(target=nodes, a=nodes)
    def tanh(self, a):
        return self.made(a.tanh(), math.tanh(a.data), [a], [1 / math.cosh(a.data) ** 2])

    @rule(target=nodes, ws=st.lists(nodes, max_size=3), data=st.data(), bias=nodes)
    def dot(self, ws, data, bias):
        ys = data.draw(st.lists(self.nodes, min_size=len(ws), max_size=len(ws)))
        w, y = [v.data for v in ws], [v.data for v in ys]
        whole = math.fsum([*map(float.__mul__, w, y), bias.data])
        return self.tamed(self.made(dot(ws, ys, bias), whole, [*ws, *ys, bias], [*y, *w, 1]))

    @rule(target=nodes, xs=st.lists(nodes, min_size=1, max_size=4))
    def total(self, xs):
        whole = math.fsum(x.data for x in xs)
        return self.tamed(self.made(total(xs), whole, xs, [1] * len(xs)))

    @rule(root=nodes, seed=seeds)
    def backward(self, root, seed):
        root.backward(seed)
        for node, (slope, paths) in self.derivatives[root].items():
            before, scale = self.expected[node] if node.op is None else (0.0, 0.0)
            self.expected[node] = (before + seed * slope, scale + abs(seed) * paths)

    @rule(seed=seeds)
    def backward_from_all(self, seed):
        """From the sum of all that is no operand yet: every sharing so far counts."""
        operands = {operand for node in self.derivatives for operand in node.operands}
        ends = [node for node in self.derivatives if node not in operands]
        whole = math.fsum(node.data for node in ends)
        self.backward(self.made(total(ends), whole, ends, [1] * len(ends)), seed)

    @rule(leaf=nodes, x=numbers)
    def set_data(self, leaf, x):
        if leaf.op is None:
            leaf.data = x

    @rule()
    def zero_the_leaves(self):
        for node in self.expected:
            if node.op is None:
                node.grad = 0.0
                self.expected[node] = (0.0, 0.0)

    @rule(node=nodes, grad=numbers)
    def set_grad(self, node, grad):
        node.grad = grad
        self.expected[node] = (grad, abs(grad))

    @invariant()
    def every_gradient_is_as_expected(self):
        for node, (grad, scale) in self.expected.items():
            assert abs(node.grad - grad) <= 1e-12 * scale + 1e-300, (node, grad)


def test_any_program_has_the_gradients_of_the_model():
    run_state_machine_as_test(Programs, settings=settings(max_examples=60, stateful_step_count=40))
