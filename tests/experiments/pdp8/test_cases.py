"""The cases of XOR, parity, encoder, addition, negation, and T against C."""

from collections import Counter

import pytest

from microbp.experiments.pdp8 import addition, encoder, negation, parity, t_c, xor
from microbp.experiments.pdp8.addition import bits


def test_xor():
    assert xor.cases() == [((0, 0), [0]), ((0, 1), [1]), ((1, 0), [1]), ((1, 1), [0])]
    assert xor.cases(0.1)[0] == ((0, 0), [0.1])


def test_parity():
    assert len(parity.cases(4)) == 16
    assert dict(parity.cases(4))[1, 0, 1, 1] == [1.0]
    assert parity.cases(2) == xor.cases()
    with pytest.raises(ValueError, match=r"parity: bits: .* from 1 to 16, got 99999999"):
        parity.cases(99999999)


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
