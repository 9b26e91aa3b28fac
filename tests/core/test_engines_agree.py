"""The two engines, side by side: any program does the same on both, to the last bit."""

import copy
import inspect
import math
import random
import struct
from array import array
from contextlib import nullcontext
from operator import attrgetter, getitem

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from microbp import detect_anomaly, no_grad
from microbp.core import compiled, ops
from microbp.core.python import node, optimizer_steps, value
from microbp.core.toposort import operands_first
from microbp.drawing.dot import dot_text
from tests.helpers.strategies import OPS, numbers, operands_of, operands_outside

pytestmark = [
    pytest.mark.engine(),
    pytest.mark.skipif(bool(compiled.fault), reason="there was no C compiler"),
]
if not compiled.fault:
    from microbp.core.compiled import optimizer_steps as steps_in_c
    from microbp.core.compiled import value as value_in_c

    ENGINES = [(value, optimizer_steps), (value_in_c, steps_in_c)]


def bits(x):
    """A float's own bits; one NaN is as good as another."""
    return "nan" if math.isnan(x) else struct.pack("<d", x)


# --- Each operation


def shown(node):
    return bits(node.data), [bits(partial) for partial in node.partials], node.op


def outcome(act):
    """What came out, or which exception."""
    try:
        return act()
    except Exception as error:
        return type(error), str(error)


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@given(data=st.data())
def test_an_operation_gives_the_same_bits(op, data):
    xs = data.draw(
        st.one_of(operands_of(op, infinite=True, nan=True), operands_of(op, smooth=True))
    )
    ours, theirs = (shown(e.apply(op, *map(e.Value, xs))) for e, _ in ENGINES)
    assert ours == theirs


@pytest.mark.parametrize("op", [op for op in OPS if op.domain], ids=attrgetter("name"))
@given(data=st.data())
def test_an_operation_outside_its_domain_gives_the_same_error(op, data):
    xs = data.draw(operands_outside(op))
    ours, theirs = (outcome(lambda e=e: e.apply(op, *map(e.Value, xs))) for e, _ in ENGINES)
    assert ours == theirs
    assert ours[0] is ops.DomainError


@pytest.mark.parametrize("op", OPS, ids=attrgetter("name"))
@pytest.mark.parametrize("count", range(5))
def test_any_number_of_operands_gives_the_same_or_an_error(op, count):
    xs = [0.5, 0.25, 0.75, 0.125][:count]
    ours, theirs = (outcome(lambda e=e: shown(e.apply(op, *map(e.Value, xs)))) for e, _ in ENGINES)
    assert ours == theirs


OPERATORS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
    "neg": lambda a, b: -a,
    "abs": lambda a, b: abs(a),
}


@pytest.mark.parametrize("name", OPERATORS)
@given(a=numbers(infinite=True, nan=True), b=numbers(infinite=True, nan=True))
@example(a=-0.0, b=1e-16)
def test_an_operator_gives_the_same_bits(name, a, b):
    """value.py has formulas of its own for the operators."""
    run = OPERATORS[name]
    ours, theirs = (outcome(lambda e=e: shown(run(e.Value(a), e.Value(b)))) for e, _ in ENGINES)
    assert ours == theirs


# --- Each optimizer's step


@given(st.integers(0, 10**6), st.integers(0, 40), st.integers(1, 30))
def test_an_update_gives_the_same_bits(seed, size, steps):
    after = []
    for e, u in ENGINES:
        rng = random.Random(seed)
        parameters = [e.Value(rng.gauss(0.0, 1.0)) for _ in range(size)]
        velocity, mean, square = (array("d", [0.0] * size) for _ in range(3))
        for step in range(1, steps + 1):
            for p in parameters:
                p.grad = rng.gauss(0.0, 1.0)
            u.descend(parameters, 0.1, 0.998)
            u.gather_momentum(parameters, velocity, 0.1, 0.9, 1.0)
            u.adapt(parameters, mean, square, step, 0.01, 0.9, 0.99, 1e-8, 0.999)
        data = [bits(p.data) for p in parameters]
        u.zero_grads(parameters)
        assert [p.grad for p in parameters] == [0.0] * size
        after.append((data, velocity, mean, square))
    assert after[0] == after[1]


# --- Any program at all

CUBE = ops.Op("cube", "cube", lambda m, a: a * a * a, lambda m, y, a: (3 * a * a,))
STRANGE = ["x", None, 2, True, 10**400, 1j, [1.0], object(), math.nan, -0.0]
SURROUNDINGS = [nullcontext, no_grad, detect_anomaly]


def remade(node):
    """What a pickle makes of a node, with the same operands: pickle itself knows one engine."""
    make, fields = node.__reduce_ex__(2)[:2]
    if make is getitem:  # of a graph, which knows how each of its nodes is made
        make, fields = fields[0].reduced(node)
    return make(*fields)


class Twins:
    """A program as it runs: the same nodes on both engines, and what it said last."""

    def __init__(self):
        self.nodes = [[], []]
        self.leaves = [[], []]

    def do(self, act, surroundings=nullcontext):
        """Let both do the same; the outcomes must be alike. Values are kept, errors compared."""
        said = []
        for side, (e, u) in enumerate(ENGINES):
            with surroundings():
                try:
                    made = act(e, u, self.nodes[side])  # on one line: errors name it
                except Exception as error:
                    said.append((type(error), str(error)))
                    continue
            if isinstance(made, e.Value):
                self.nodes[side].append(made)
                made = "a Value"
            said.append(repr(made))
        assert said[0] == said[1]

    def compare(self):
        """Both have all the same fields, down to the leaves, and the same sharing."""
        twin = {}
        pending = list(zip(*self.nodes, strict=True))
        while pending:
            ours, theirs = pending.pop()
            if ours in twin:
                assert twin[ours] is theirs
                continue
            twin[ours] = theirs
            assert shown(ours) == shown(theirs)
            assert (bits(ours.grad), ours.label) == (bits(theirs.grad), theirs.label)
            assert repr(ours) == repr(theirs)
            assert node.was_compared(ours) is value_in_c.was_compared(theirs)
            assert len(ours.operands) == len(theirs.operands)
            pending += zip(ours.operands, theirs.operands, strict=True)
        assert len(set(twin.values())) == len(twin)


def picture(root):
    return dot_text(operands_first(root), [root])


@st.composite
def acts(draw, held):
    """One thing to do with the nodes held so far, as a function of an engine and the nodes."""
    i, j, k = (draw(st.integers(0, max(held - 1, 0))) for _ in range(3))
    x = draw(numbers(infinite=True, nan=True))
    op = draw(st.sampled_from([*OPS, CUBE]))
    odd = draw(st.sampled_from(STRANGE))
    label = draw(st.text(max_size=4))
    run = draw(st.sampled_from(list(OPERATORS.values())))
    if held == 0:
        return lambda e, u, n: e.Value(x, label)
    return draw(
        st.sampled_from(
            [
                lambda e, u, n: e.Value(x, label),
                lambda e, u, n: run(n[i], n[j]),
                lambda e, u, n: run(n[-1], n[j]),
                lambda e, u, n: run(x, n[j]),
                lambda e, u, n: run(n[i], odd),
                lambda e, u, n: run(odd, n[i]),
                lambda e, u, n: e.call(op, *[n[i], n[j], n[k]][: op.arity]),
                lambda e, u, n: e.call(op, *[n[-1], x, n[k]][: op.arity]),
                lambda e, u, n: e.call(op, n[i], odd),
                lambda e, u, n: e.call(op, *[x, 2.0, x][: op.arity]),
                lambda e, u, n: e.dot([n[i], n[j]], (n[k], x), n[-1]),
                lambda e, u, n: e.dot([n[i]], [n[k], n[j]], 1.0),
                lambda e, u, n: e.call(ops.LOGSUMEXP, *n),
                lambda e, u, n: [n[i] < n[j], n[i] <= x, n[i] > odd, n[i] >= n[k]],
                lambda e, u, n: [n[i] == n[j], n[i] != n[j], n[i] == x, bool(n[i]), float(n[i])],
                lambda e, u, n: [f"{n[i]:.3f}", str(n[i]), int(n[i]), round(n[i], 2)],
                lambda e, u, n: n[i].backward(),
                lambda e, u, n: n[-1].backward(x),
                lambda e, u, n: n[-1].backward(odd),
                lambda e, u, n: setattr(n[i], "data", x),
                lambda e, u, n: setattr(n[i], "data", odd),
                lambda e, u, n: setattr(n[i], "grad", x),
                lambda e, u, n: setattr(n[i], "label", label),
                lambda e, u, n: setattr(n[i], "label", odd),
                lambda e, u, n: u.descend([p for p in n if p.op is None], 0.1, 0.9),
                lambda e, u, n: u.zero_grads([p for p in n if p.op is None]),
                lambda e, u, n: n[i].detach(),
                lambda e, u, n: copy.copy(n[i]),
                lambda e, u, n: copy.deepcopy(n[-1]),
                lambda e, u, n: remade(n[-1]),
                lambda e, u, n: n.pop(i) and None,
                lambda e, u, n: n[i].exp() + n[i].tanh() * n[j].sigmoid() - n[k].relu(),
                lambda e, u, n: n[i].log(),
                lambda e, u, n: picture(n[-1]),
            ]
        )
    )


@settings(max_examples=300)
@given(st.data())
def test_any_program_does_the_same_on_both_engines(data):
    twins = Twins()
    for _ in range(data.draw(st.integers(1, 25))):
        act = data.draw(acts(len(twins.nodes[0])))
        twins.do(act, data.draw(st.sampled_from(SURROUNDINGS)))
    twins.compare()


# --- What a reader sees

FACE = sorted(name for name in dir(value.Value) if not name.startswith("_"))


def test_both_have_the_same_face():
    for e, _ in ENGINES:
        names = [name for name in dir(e.Value) if not name.startswith("_")]
        own = {name for name in names if type(getattr(e.Value, name)).__name__ == "Attribute"}
        assert sorted({*names} - own) == FACE  # other tests set attributes on leaves


@pytest.mark.parametrize("name", ["Value", *(f"Value.{name}" for name in FACE), "apply", "call"])
def test_both_say_the_same_of_themselves(name):
    ours, theirs = (attrgetter(name)(e) for e, _ in ENGINES)
    assert inspect.getdoc(ours) == inspect.getdoc(theirs)
    if name.startswith("Value.") and callable(ours):
        assert parameters(ours) == parameters(theirs)


def parameters(function):
    return [(p.name, p.default) for p in inspect.signature(function).parameters.values()]


def test_help_tells_the_arguments():
    for e, _ in ENGINES:
        arguments = list(inspect.signature(e.Value).parameters)
        assert arguments == ["data", "children", "local_grads", "label"]
        arguments = list(inspect.signature(e.Value.backward).parameters)
        assert arguments == ["self", "seed", "retain_graph"]
