"""PDP chapter 8: XOR, parity, encoder, addition, negation, T against C."""

import random
from collections import Counter

import pytest

from microbp._support.atomic_file import FileMismatch
from microbp.core import engine
from microbp.experiments.pdp8 import addition, encoder, negation, parity, t_c, xor
from microbp.experiments.pdp8.case_report import bits
from microbp.experiments.tied import AveragedMomentum
from microbp.losses import squared_error
from microbp.nn import Net
from microbp.optim import Momentum


def solved_at(run, seed, **settings):
    return run(seed, progress=False, **settings).history.first_all_right()


compiled = pytest.mark.skipif(
    engine.name != "compiled", reason="some minutes by replay through NumPy"
)

# The cases


def test_xor():
    assert xor.cases() == [((0, 0), [0]), ((0, 1), [1]), ((1, 0), [1]), ((1, 1), [0])]
    assert xor.cases(0.1)[0] == ((0, 0), [0.1])


def test_parity():
    assert len(parity.cases(4)) == 16
    assert dict(parity.cases(4))[1, 0, 1, 1] == [1.0]
    assert parity.cases(2) == xor.cases()


def test_the_encoder_gives_out_what_it_gets():
    assert len(encoder.cases()) == 8
    for inputs, targets in encoder.cases():
        assert inputs == targets
        assert sum(inputs) == 1.0


def test_sums():
    assert len(addition.CASES) == 16
    for (a, b, c, d), (e, f, g) in addition.CASES:
        assert 2 * a + b + 2 * c + d == 4 * e + 2 * f + g


def test_negation():
    assert len(negation.CASES) == 16
    assert ([0.0, 1.0, 1.0, 0.0], [1.0, 1.0, 0.0]) in negation.CASES
    assert ([1.0, 1.0, 1.0, 0.0], [0.0, 0.0, 1.0]) in negation.CASES


def test_bits():
    assert bits(5, 3) == [1.0, 0.0, 1.0]
    assert bits(0, 2) == [0.0, 0.0]


def pairs(cases):
    """How often, in all the pictures, two squares are so far apart."""
    found = Counter()
    for picture, _ in cases:
        on = [divmod(k, 3) for k, x in enumerate(picture) if x]
        found.update((a[0] - b[0], a[1] - b[1]) for a in on for b in on)
    return found


def test_no_pair_of_squares_tells_t_from_c():
    assert [sum(picture) for picture, _ in t_c.CASES] == [5.0] * 8
    assert len({tuple(picture) for picture, _ in t_c.CASES}) == 8
    assert [target for _, target in t_c.CASES] == [[1.0]] * 4 + [[0.0]] * 4
    assert pairs(t_c.CASES[:4]) == pairs(t_c.CASES[4:])


# Learning


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


# One kernel


def test_every_hidden_unit_has_the_same_kernel():
    net = t_c.OneKernel(random.Random(3), init=0.5)
    assert len(t_c.WINDOWS) == 25
    picture = t_c.CASES[5][0]
    wide = {(row + 2, column + 2): x for (row, column), x in
            zip(((r, c) for r in range(3) for c in range(3)), picture, strict=True)}  # fmt: skip
    kernel = [w.data for w in net.kernel.weights]
    total = net.bias.data
    for top in range(5):
        for left in range(5):
            window = [wide.get((top + r, left + c), 0.0) for r in range(3) for c in range(3)]
            x = sum(w * s for w, s in zip(kernel, window, strict=True)) + net.kernel.bias.data
            total += net.weight.data / (1 + 2.718281828459045**-x)
    assert net(picture)[0].data == pytest.approx(1 / (1 + 2.718281828459045**-total), rel=1e-12)


@pytest.mark.parametrize("state", [{}, {"weights": [1.0]}, {"weights": {"a": 1.0}}, None])
def test_the_state_of_another_net_is_refused_and_changes_nothing(state):
    net = t_c.OneKernel(random.Random(3), init=0.5)
    before = net.state_dict()
    with pytest.raises(FileMismatch, match="here"):
        net.load_state_dict(state, "here")
    assert net.state_dict() == before
    other = t_c.OneKernel(random.Random(4), init=0.5)
    other.load_state_dict(before)
    assert other.state_dict() == before


def test_averaging_divides_by_the_copies_and_leaves_the_gradients():
    nets = [Net(2, rng=random.Random(1)).add("a", 1) for _ in range(2)]
    summed = Momentum(nets[0].parameters(), 0.5, 0.9)
    averaged = AveragedMomentum(nets[1].parameters(), [5, 5, 1], 2.5, 0.9)
    for _ in range(2):
        for net, optimizer in zip(nets, (summed, averaged), strict=True):
            for p in net.parameters():
                p.grad = 3.0
            optimizer.step()
            assert [p.grad for p in net.parameters()] == [3.0] * 3
    (a, b, c), (d, e, f) = ([p.data for p in net.parameters()] for net in nets)
    assert (a, b) == pytest.approx((d, e))
    assert c != pytest.approx(f)


def test_unknown_rules_are_refused():
    with pytest.raises(ValueError, match="rule: expected averaged or summed, got 'both'"):
        t_c.run(rule="both", progress=False)
