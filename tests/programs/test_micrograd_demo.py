"""The demo of micrograd with its own Neuron, Layer and MLP: with our Value, the same losses."""

import gc
import random

import pytest

from microbp import Value, datasets


def losses(value, nn, steps):
    """Its demo's loop: 100 points on two moons, hinge loss and L2, falling step size."""
    random.seed(1337)
    X, y = datasets.moons(100, noise=0.1, seed=1)
    model = nn.MLP(2, [16, 16, 1])
    for k in range(steps):
        inputs = [[value(x) for x in row] for row in X]
        scores = list(map(model, inputs))
        margins = [(1 + -yi * s).relu() for yi, s in zip(2 * y - 1, scores, strict=True)]
        total = sum(margins) * (1.0 / len(margins)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
        right = [(yi > 0) == (s.data > 0) for yi, s in zip(y, scores, strict=True)]
        yield total.data, sum(right)


@pytest.mark.thorough
def test_the_losses_are_micrograds(monkeypatch):
    import micrograd.engine
    import micrograd.nn

    gc.disable()  # micrograd is ten times slower with it
    try:
        theirs = list(losses(micrograd.engine.Value, micrograd.nn, 100))
    finally:
        gc.enable()
    monkeypatch.setattr(micrograd.nn, "Value", Value)
    ours = list(losses(Value, micrograd.nn, 100))
    assert ours[-1][1] == 100
    assert [right for _, right in ours] == [right for _, right in theirs]
    assert [loss for loss, _ in ours] == pytest.approx([loss for loss, _ in theirs], rel=1e-13)
