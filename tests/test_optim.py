"""Descent, momentum and Adam: their equations, schedules and state."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import Value
from microbp.optim import Adam, Descent, Momentum, at

grads = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20)
MAKERS = {
    "descent": lambda ps: Descent(ps, 0.1, decay=0.01),
    "momentum": lambda ps: Momentum(ps, 0.1, 0.9, decay=0.01),
    "adam": lambda ps: Adam(ps, 0.1),
}


def walk(optimizer, w, slopes):
    """The positions of one weight under these gradients."""
    places = []
    for slope in slopes:
        w.grad = slope
        optimizer.step()
        places.append(w.data)
    return places


@given(grads)
def test_descent_is_equation_8(slopes):
    w, expected = Value(1.0), 1.0
    for place, slope in zip(walk(Descent([w], 0.25), w, slopes), slopes, strict=True):
        expected += -0.25 * slope
        assert place == expected


@pytest.mark.parametrize("name", MAKERS)
def test_a_weight_that_was_compared_is_a_weight_still(name):
    weights = Value(1.0), Value(1.0)
    assert weights[0] > 0
    for w in weights:
        walk(MAKERS[name]([w]), w, [1.0, -0.25])
    assert weights[0].data == weights[1].data != 1.0


@given(grads)
def test_momentum_is_equation_9(slopes):
    w, expected, change = Value(1.0), 1.0, 0.0
    for place, slope in zip(walk(Momentum([w], 0.25, 0.5), w, slopes), slopes, strict=True):
        change = -0.25 * slope + 0.5 * change
        expected += change
        assert place == expected


@given(grads)
def test_adam_is_kingma_and_ba(slopes):
    w, expected, m, v = Value(1.0), 1.0, 0.0, 0.0
    places = walk(Adam([w], lr=0.01, beta1=0.8, beta2=0.99, eps=1e-6), w, slopes)
    for t, (place, g) in enumerate(zip(places, slopes, strict=True), 1):
        m = 0.8 * m + 0.2 * g
        v = 0.99 * v + 0.01 * g**2
        expected -= 0.01 * (m / (1 - 0.8**t)) / (math.sqrt(v / (1 - 0.99**t)) + 1e-6)
        assert place == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_decay_shrinks_every_weight_after_its_change():
    w = Value(2.0)
    w.grad = 1.0
    Descent([w], 0.5, decay=0.002).step()
    assert w.data == 1.5 * 0.998


def test_decay_does_not_touch_the_velocity():
    w = Value(2.0)
    w.grad = 1.0
    momentum = Momentum([w], 0.5, 0.9, decay=0.002)
    momentum.step()
    assert list(momentum.velocity) == [-0.5]


def test_schedules_are_asked_for_the_sweep():
    lrs, momenta = [], []
    momentum = Momentum(
        [Value(0)], lambda t: lrs.append(t) or 0.1, lambda t: momenta.append(t) or 1
    )
    momentum.step()
    momentum.step()
    momentum.step(sweep=20)
    assert lrs == momenta == [0, 1, 20]


def test_the_papers_schedule_for_the_family_trees():
    momentum = lambda sweep: 0.5 if sweep < 20 else 0.9  # noqa: E731
    assert [at(momentum, t) for t in (0, 19, 20)] == [0.5, 0.5, 0.9]


@pytest.mark.parametrize("kind", MAKERS)
def test_a_step_leaves_the_gradients_and_zero_grad_clears_them(kind):
    w = Value(1.0)
    w.grad = 3.0
    optimizer = MAKERS[kind]([w])
    optimizer.step()
    assert w.grad == 3.0
    optimizer.zero_grad()
    assert w.grad == 0.0


@pytest.mark.parametrize("kind", MAKERS)
@given(slopes=grads, cut=st.integers(0, 20))
def test_an_optimizer_goes_on_from_its_saved_state_to_the_same_bits(kind, slopes, cut):
    w = Value(1.0)
    straight = walk(MAKERS[kind]([w]), w, slopes)
    w = Value(1.0)
    first = MAKERS[kind]([w])
    places = walk(first, w, slopes[:cut])
    second = MAKERS[kind]([w])
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert places + walk(second, w, slopes[cut:]) == straight


def test_eps_is_adams_alone_and_no_step_size():
    w, other = Value(1.0), Value(1.0)
    slopes = [1.0, -0.5, 2.0]
    assert walk(Adam([w], eps=1e-8), w, slopes) == walk(Adam([other]), other, slopes)
    for kind in (Descent, Momentum):
        with pytest.raises(TypeError, match="eps"):
            kind([w], eps=1e-8)


@pytest.mark.parametrize("kind", MAKERS)
def test_each_finds_the_bottom_of_a_bowl(kind):
    x, y = Value(1.0), Value(-2.0)
    optimizer = MAKERS[kind]([x, y])
    for _ in range(500):
        optimizer.zero_grad()
        (x * x + (y - 1.0) ** 2 * 0.5).backward()
        optimizer.step()
    assert abs(x.data) < 0.1
    assert abs(y.data - 1.0) < 0.2  # decay pulls it somewhat short


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("wrong", [Value(1.0) * 2.0, 3.0, None], ids=["node", "number", "None"])
def test_only_leaves_are_parameters(kind, wrong):
    with pytest.raises(TypeError) as error:
        MAKERS[kind]([Value(1.0), wrong])
    assert str(error.value) == f"{kind.capitalize()}: expected leaves, got {wrong!r}"
