"""The steps of a backward pass, drawn and in words."""

import re

from hypothesis import given

import microbp
from microbp import Value
from microbp.core.engine import reverse_order
from microbp.core.toposort import operands_first
from microbp.drawing.backward_steps import _backward, backward_steps
from microbp.drawing.render import rendered
from microbp.testing import expressions
from tests.helpers.nodes import bits

NUMBER = "<text[^>]*>([^<]*)</text>"


def shared():
    """x is used twice, so that its gradient is a sum of two."""
    x, y = Value(3.0, label="x"), Value(-0.5, label="y")
    return microbp.tanh(x * y) + x


def test_each_step_says_what_is_added_to_what():
    before, start, *steps, end = backward_steps(shared())
    assert before.title.endswith("no gradient yet.")
    assert start.title == "The start: the derivative of v3 with respect to itself is 1."
    assert [step.title for step in steps] == [
        "Step 1 of 3: v3 passes back its gradient 1, times each partial",
        "Step 2 of 3: v2 passes back its gradient 1, times each partial",
        "Step 3 of 3: v1 passes back its gradient 0.1807, times each partial",
    ]
    assert [[*step.lines] for step in steps] == [
        ["to v2: 1 × 1 = 1", "to x: 1 × 1 = 1"],
        ["to v1: 1 × 0.1807 = 0.1807"],
        ["to x: 1 + 0.1807 × (−0.5) = 0.9096", "to y: 0.1807 × 3 = 0.5421"],
    ]
    assert end.title == "Done: each gradient is the derivative of v3 with respect to that node."


def test_gradients_appear_when_they_are_known_and_the_step_is_marked():
    before, start, first, *_, end = (rendered(s.source, "svg") for s in backward_steps(shared()))
    known = [svg.count("none yet") for svg in (before, start, first, end)]
    assert known == [5, 4, 2, 0]
    accent = [svg.count("#5b2fc4") for svg in (before, start, first, end)]
    assert accent[0] == accent[-1] == 0
    assert 0 < accent[1] < accent[2]


def test_boxes_stay_where_they_are():
    z = shared() * 1e-7 * Value(-12345.678, label="a")
    places = set()
    for step in backward_steps(z):
        svg = rendered(step.source, "svg")
        boxes = re.findall(
            r'class="node">\s*<title>.*?</title>(?:.*?)(?:points|d)="(.*?)"', svg, re.S
        )
        places.add((re.search("viewBox=.*?>", svg)[0], *boxes))
    assert len(boxes) == len(operands_first(z))
    assert len(places) == 1


def test_a_gradient_of_0_is_passed_back_to_nobody():
    x = Value(-1.0, label="x")
    *_, step, _ = backward_steps(microbp.relu(-microbp.exp(x)) + 0.0)
    assert step.title.endswith("passes back its gradient 0: nothing to add")
    assert step.lines == []


def test_a_leaf_alone_has_two_steps():
    assert len([*backward_steps(Value(1.0))]) == 3


@given(expressions())
def test_the_sums_are_those_of_the_engine(expression):
    y = expression(*map(Value, expression.leaves))
    nodes = operands_first(y)
    for node in nodes:
        node.grad = 0.0
    y.backward()
    found = [bits(node.grad) for node in nodes]
    assert len([*_backward(y, nodes, reverse_order(y))]) == 1 + sum(n.op is not None for n in nodes)
    assert [bits(node.grad) for node in nodes] == found
