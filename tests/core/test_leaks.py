"""Nothing leaks, after errors either."""

from pathlib import Path

import pytest

from microbp import Value, detect_anomaly, dot, logsumexp, total
from microbp.core import engine, ops
from microbp.core.custom_op import operation
from tests.helpers.robustness import counts, resident


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells memory in /proc")
def test_a_million_graphs_leave_nothing():
    x, w, label = Value(0.5), Value(2.0), "a label of some length"

    def graphs(number):
        for _ in range(number):
            y = x * w + x
            y.label = label
            y.backward()

    graphs(1000)
    before, held = counts(x, w, label), resident()
    graphs(1_000_000 if engine.name == "compiled" else 100_000)
    assert counts(x, w, label) == before
    assert resident() - held < 1_000_000


class Explosive:
    def __float__(self):
        raise RuntimeError("no number after all")


def attempts(x):
    """Each fails somewhere in the middle."""
    boom = Explosive()
    wrong = operation("wrong", value=lambda m, a, b: a, partials=lambda m, y, a, b: (1.0, None))
    short = operation("short", value=lambda m, a, b: a, partials=lambda m, y, a, b: (1.0,))
    failing = operation("failing", value=lambda m, a: 1 / 0, partials=lambda m, y, a: (a,))
    y = x * 3.0
    return [
        lambda: x * boom,
        lambda: boom - x,
        lambda: Value(boom),
        lambda: Value(1.0, 7),
        lambda: dot([x, y, boom], [x, y, 1.0]),
        lambda: dot([x, y], [x, boom]),
        lambda: dot([x, y], [x, y], boom),
        lambda: total([x, y, x, boom]),
        lambda: logsumexp([x, 2.0, boom]),
        lambda: wrong(x, y),
        lambda: short(x, y),
        lambda: failing(x),
        lambda: y.backward(boom),
        lambda: setattr(y, "grad", boom),
        lambda: setattr(x, "data", boom),
        lambda: setattr(y, "data", 1.0),
        lambda: setattr(y, "label", boom),
        lambda: (x - x).log(),
        lambda: x / (x - x),
        lambda: engine.apply(ops.ADD, x),
        lambda: engine.restored(1.0, 0.0, "", ops.ADD, (1.0,), (x, y)),
        lambda: engine.restored("x", 0.0, "", ops.ADD, (1.0, 1.0), (x, y)),
        lambda: engine.optimizer_steps.descend([x, y], 0.1, 1.0),
    ]


@pytest.mark.parametrize("which", range(23))
def test_an_error_in_the_middle_leaks_nothing_and_changes_nothing(which, monkeypatch):
    monkeypatch.setattr("microbp.core.custom_op._own", {})  # what is made here is forgotten again
    monkeypatch.setattr("microbp.core.custom_op.table", dict(ops.table))
    x = Value(0.5, "x")
    attempt = attempts(x)[which]

    def often():
        for _ in range(50):
            with pytest.raises(
                (TypeError, ValueError, AttributeError, RuntimeError, ArithmeticError)
            ):
                attempt()
            with detect_anomaly(), pytest.raises((*(Exception,),)):
                attempt()

    often()
    before = counts(x)
    often()
    assert counts(x) == before
    assert (x.data, x.grad, x.label) == (0.5, 0.0, "x")
