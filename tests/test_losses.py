"""The losses: their formulas and gradients, and targets that are Values."""

import math
import random

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value, losses
from microbp.core.engine import was_compared
from microbp.core.functions import data_of
from microbp.core.toposort import operands_first
from microbp.nn import ACTIVATIONS, Net
from microbp.training import right_side

moderate = st.floats(-20, 20)
LOSSES = ["squared_error", "banded_squared_error", "cross_entropy", "binary_cross_entropy", "hinge"]


def pairs_of(outputs, targets):
    return st.lists(st.tuples(outputs, targets), min_size=1, max_size=6)


def loss_and_gradient(loss, pairs):
    """The loss and its derivative with respect to each output."""
    outputs = [Value(y) for y, _ in pairs]
    error = loss(outputs, [d for _, d in pairs])
    error.backward()
    return error.data, [y.grad for y in outputs]


@given(pairs_of(moderate, moderate))
def test_squared_error_is_equation_3_and_its_gradient_equation_4(pairs):
    error, grads = loss_and_gradient(losses.squared_error, pairs)
    assert error == pytest.approx(sum((y - d) ** 2 for y, d in pairs) / 2)
    assert grads == pytest.approx([y - d for y, d in pairs])


@given(pairs_of(st.floats(0, 1), st.sampled_from([0.0, 1.0])))
def test_the_band_counts_no_error_on_its_right_side_and_measures_from_its_edge(pairs):
    error, grads = loss_and_gradient(losses.banded_squared_error, pairs)
    excess = [min(y - 0.8, 0.0) if d == 1.0 else max(y - 0.2, 0.0) for y, d in pairs]
    assert error == pytest.approx(sum(e * e for e in excess) / 2, abs=1e-15)
    assert grads == pytest.approx(excess, abs=1e-15)


@given(pairs_of(moderate, st.just(0.0)), st.integers(0, 5))
def test_cross_entropy_is_the_surprise_at_the_right_class(pairs, right):
    right %= len(pairs)
    pairs[right] = (pairs[right][0], 1.0)
    error, grads = loss_and_gradient(losses.cross_entropy, pairs)
    whole = sum(math.exp(y) for y, _ in pairs)
    shares = [math.exp(y) / whole for y, _ in pairs]
    assert error == pytest.approx(-math.log(shares[right]), abs=1e-12)
    assert grads == pytest.approx(
        [p - d for p, (_, d) in zip(shares, pairs, strict=True)], abs=1e-12
    )


@given(pairs_of(moderate, st.floats(0, 1)))
def test_binary_cross_entropy_is_that_of_the_sigmoid(pairs):
    error, grads = loss_and_gradient(losses.binary_cross_entropy, pairs)
    probabilities = [1 / (1 + math.exp(-x)) for x, _ in pairs]
    expected = [d * math.log1p(math.exp(-x)) + (1 - d) * math.log1p(math.exp(x)) for x, d in pairs]
    assert error == pytest.approx(sum(expected))
    assert grads == pytest.approx(
        [p - d for p, (_, d) in zip(probabilities, pairs, strict=True)], abs=1e-12
    )


@pytest.mark.parametrize("loss", [losses.cross_entropy, losses.binary_cross_entropy])
def test_cross_entropy_of_outputs_far_out_is_finite(loss):
    error, grads = loss_and_gradient(loss, [(1000.0, 0.0), (-1000.0, 1.0)])
    assert error in (1000.0 * 2, 2000.0)
    assert grads == [1.0, -1.0]


@given(pairs_of(moderate, st.sampled_from([-1.0, 1.0])))
def test_hinge_is_the_missing_margin(pairs):
    error, grads = loss_and_gradient(losses.hinge, pairs)
    assert error == pytest.approx(sum(max(0.0, 1 - d * y) for y, d in pairs))
    assert grads == [-d if d * y < 1 else 0.0 for y, d in pairs]


FAR = [20.0, 37.0, 50.0, 300.0, 700.0, 740.0, 800.0]


@pytest.mark.parametrize("x", FAR)
def test_a_confident_right_answer_keeps_its_digits(x):
    with mpmath.workdps(400):
        exact = float(mpmath.log1p(mpmath.exp(-x)))
        slope = float(mpmath.exp(-x) / (1 + mpmath.exp(-x)))
    close = {"rel": 1e-13, "abs": 1e-320}
    for at, d in ((x, 1.0), (-x, 0.0)):
        error, (found,) = loss_and_gradient(losses.binary_cross_entropy, [(at, d)])
        assert error == pytest.approx(exact, **close)
        assert found == pytest.approx(slope if at < 0.0 else -slope, **close)
    for pairs in ([(x, 1.0), (0.0, 0.0)], [(0.0, 0.0), (x, 1.0)], [(0.0, 1.0), (-x, 0.0)]):
        error, found = loss_and_gradient(losses.cross_entropy, pairs)
        assert error == pytest.approx(exact, **close)
        assert found == pytest.approx([-slope if d else slope for _, d in pairs], **close)


@pytest.mark.parametrize("x", FAR)
def test_a_confident_wrong_answer_costs_what_it_is_off(x):
    error, found = loss_and_gradient(losses.binary_cross_entropy, [(x, 0.0)])
    assert (error, found) == (pytest.approx(x), pytest.approx([1.0]))
    for pairs in ([(x, 0.0), (0.0, 1.0)], [(0.0, 1.0), (x, 0.0)]):
        error, found = loss_and_gradient(losses.cross_entropy, pairs)
        assert error == pytest.approx(x)
        assert found == pytest.approx([-1.0 if d else 1.0 for _, d in pairs])


@pytest.mark.parametrize("classes", [1, 2, 3, losses.MANY, losses.MANY + 1, 60])
@pytest.mark.parametrize("whole", [0.0, 1.0, 2.5])
def test_cross_entropy_of_any_targets_is_its_definition(classes, whole):
    rng = random.Random(classes)
    xs = [rng.uniform(-5.0, 5.0) for _ in range(classes)]
    ds = [rng.random() for _ in range(classes)]
    ds = [whole * d / sum(ds) for d in ds]
    shares = [math.exp(x) / sum(map(math.exp, xs)) for x in xs]
    error, found = loss_and_gradient(losses.cross_entropy, list(zip(xs, ds, strict=True)))
    expected = -sum(d * math.log(share) for d, share in zip(ds, shares, strict=True))
    assert error == pytest.approx(expected, rel=1e-12, abs=1e-12)
    slopes = [sum(ds) * share - d for d, share in zip(ds, shares, strict=True)]
    assert found == pytest.approx(slopes, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize("d", [0.0, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("x", [-40.0, -1.5, 0.0, 2.0, 40.0])
def test_binary_cross_entropy_of_any_target_is_its_definition(x, d):
    with mpmath.workdps(60):
        y = 1 / (1 + mpmath.exp(-mpmath.mpf(x)))
        expected = float(-(d * mpmath.log(y) + (1 - d) * mpmath.log(1 - y)))
        slope = float(y - d)
    error, (found,) = loss_and_gradient(losses.binary_cross_entropy, [(x, d)])
    assert (error, found) == (pytest.approx(expected, rel=1e-14), pytest.approx(slope, rel=1e-14))


@pytest.mark.parametrize("name", LOSSES)
def test_unequal_numbers_of_outputs_and_targets_are_refused(name):
    with pytest.raises(ValueError, match=f"^{name}: 2 outputs but 1 targets$"):
        getattr(losses, name)([0.5, 0.5], [1.0])


@pytest.mark.parametrize("target", [0.5, Value(0.5), -1, math.nan])
def test_the_band_wants_targets_of_0_or_1(target):
    with pytest.raises(ValueError, match=rf"expected targets of 0 or 1, got {data_of(target)!r}$"):
        losses.banded_squared_error([0.5], [target])


@pytest.mark.parametrize("name", LOSSES)
def test_an_output_that_is_no_number_is_refused_in_the_name_of_the_loss(name):
    with pytest.raises(TypeError, match=f"^{name}: expected a real number or a Value, got 'on'$"):
        getattr(losses, name)(["on"], [1.0])


# --- Targets that are Values


TARGETS = {"hinge": [-1.0, 1.0]}


def shape(loss, pairs):
    """The graph over outputs and targets that are Values: each operation, of what; constants."""
    outputs, targets = ([Value(x) for x in column] for column in zip(*pairs, strict=True))
    nodes = operands_first(loss(outputs, targets))
    place = {node: i for i, node in enumerate(nodes)}
    given = dict.fromkeys((*outputs, *targets), "given")
    return [(x.op or given.get(x, x.data), [place[y] for y in x.operands]) for x in nodes]


@pytest.mark.parametrize("name", LOSSES)
@given(data=st.data())
def test_targets_may_be_values(name, data):
    """They give the same error and gradients, and the same graph, whatever they are."""
    loss, wanted = getattr(losses, name), st.sampled_from(TARGETS.get(name, [0.0, 1.0]))
    pairs = data.draw(pairs_of(moderate, wanted))
    others = [(y, data.draw(wanted)) for y, _ in pairs]
    with_values = [(y, Value(d)) for y, d in pairs]
    assert loss_and_gradient(loss, with_values) == loss_and_gradient(loss, pairs)
    shapes = [shape(loss, each) for each in (pairs, others)]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("name", LOSSES)
def test_neither_nets_nor_losses_compare_values(name, activation):
    """A program that does so chooses its graph by their data: `record` warns of it."""
    inputs = [Value(0.5), Value(-0.0)]
    targets = [Value(d) for d in TARGETS.get(name, [0.0, 1.0])]
    net = Net(2, rng=random.Random(1)).add("a", 2, activation=activation).add("b", 2)
    error = getattr(losses, name)(net(inputs), targets)
    error.backward()
    right_side(net(inputs), targets)
    nodes = operands_first(error)
    assert {*inputs, *net.parameters()} <= {*nodes}
    assert not any(was_compared(node) for node in (*nodes, *targets))
