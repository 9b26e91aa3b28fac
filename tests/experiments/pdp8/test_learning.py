"""What the nets of PDP chapter 8 learn, and their reports."""

import pytest

from microbp.core import engine
from microbp.experiments.pdp8 import addition, encoder, negation, parity, t_c, xor
from microbp.losses import squared_error


def solved_at(run, seed, **settings):
    return run(seed, progress=False, **settings).history.first_all_right()


compiled = pytest.mark.skipif(
    engine.name != "compiled", reason="some minutes by replay through NumPy"
)


@pytest.mark.parametrize(
    ("run", "seed", "settings", "sweep"),
    [
        (xor.run, 1, {}, 508),
        (xor.run, 4, {"hidden": 1, "direct": 1}, 82),
        (parity.run, 6, {}, 427),
        (encoder.run, 1, {}, 861),
        (addition.run, 0, {}, 123),
        (negation.run, 3, {}, 67),
        pytest.param(t_c.run, 2, {"sweeps": 1600}, 1526, marks=compiled),
    ],
)
def test_seeds_that_learn(run, seed, settings, sweep):
    assert solved_at(run, seed, **settings) == sweep


def test_a_local_minimum_of_exclusive_or():
    found = xor.run(2, sweeps=5000, progress=False)
    assert found.history[-1].right == 2
    found.net.zero_grad()
    for inputs, targets in found.cases:
        squared_error(found.net(inputs), targets).backward()
    assert max(abs(p.grad) for p in found.net.parameters()) < 1e-4
    assert found.report().count("wrong\n") == 2
    assert "failed so far: 2 of the 4 cases" in found.verdict()


def test_what_the_book_reports_stands_beside():
    assert (
        "the book reports       558 sweeps"
        in xor.run(sweeps=1, hidden=1, direct=1, progress=False).report()
    )
    assert "the book reports" not in xor.run(sweeps=1, hidden=5, progress=False).report()
    assert "2,825" in parity.run(sweeps=1, progress=False).report()


def test_direct_connections():
    for run, inputs in ((xor.run, 2), (addition.run, 4), (negation.run, 4)):
        direct, layered = (run(sweeps=1, direct=k, progress=False).net for k in (1, 0))
        widths = [len(net.layers["output"].neurons[0].weights) for net in (direct, layered)]
        assert widths[0] == widths[1] + inputs


def test_the_report_shows_every_case():
    report = addition.run(progress=False).report()
    assert "3 + 3   1 1 0    " in report
    assert "wrong" not in report
    assert "### .#. .#.   1        0." in t_c.run(sweeps=1, progress=False).report()


def test_the_code_of_the_encoder():
    found = encoder.run(1, progress=False)
    assert found.binary() == found.numbers()["binary"] == 8
    assert "a binary code" in found.verdict()
    for unit in found.net.layers["hidden"].neurons:
        for p in unit.parameters():
            p.data = 0.0
    assert (found.binary(), found.between()) == (1, 24)
    assert "24 numbers in it lie between" in found.verdict()
