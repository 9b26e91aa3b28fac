"""Whether an output is right, and what evaluate finds."""

import math

import pytest

from microbp import Value
from microbp.losses import squared_error
from microbp.training import evaluate, right_side
from tests.helpers.training import XOR, xor_net


@pytest.mark.parametrize(
    ("outputs", "targets", "right"),
    [
        ([0.51], [1], True),
        ([0.49], [1], False),
        ([0.5], [1], False),
        ([0.5], [0], False),
        ([0.9, 0.1], [1, 0], True),
        ([0.9, 0.6], [1, 0], False),
        ([math.nan], [1], False),
    ],
)
def test_an_output_is_right_on_its_targets_side_of_a_half(outputs, targets, right):
    assert right_side([Value(y) for y in outputs], targets) is right


def test_evaluating_makes_no_graph_and_changes_nothing():
    net = xor_net()
    before = net.state_dict()
    error, right = evaluate(net, XOR)
    assert error == sum(squared_error(net(i), d).data for i, d in XOR)
    assert right == sum(right_side(net(i), d) for i, d in XOR)
    assert net.state_dict() == before
    assert all(p.grad == 0.0 for p in net.parameters())
