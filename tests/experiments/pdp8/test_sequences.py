"""Sequences of two letters and four digits, by an iterative net."""

import random

import pytest

from microbp.experiments.pdp8 import sequences


def test_sequences_are_their_letters_codes():
    assert len(sequences.SEQUENCES) == len(set(sequences.SEQUENCES)) == 25
    assert sequences.SEQUENCES[:2] == ["AA1212", "AB1221"]
    assert len(set(sequences.CODE.values())) == 5
    inputs, targets = sequences.CASES[1]
    assert inputs == [1, 0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert targets == [1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0]


def test_letters_come_at_their_steps_and_digits_from_the_third_on():
    net = sequences.SequenceNet(2, rng=random.Random(1), init=0.5)
    inputs, _ = sequences.CASES[8]
    y = [0.0] * 5
    said = []
    for step in range(6):
        letters = inputs[5 * step : 5 * step + 5] if step < 2 else [0.0] * 5
        y = [unit([*letters, *y]).data for unit in net.layer.neurons]
        said += y[:3] if step >= 2 else []
    assert [v.data for v in net(inputs)] == pytest.approx(said, rel=1e-14)
    assert len(net.parameters()) == 5 * (5 + 5 + 1)


def test_a_seed_learns_its_20_sequences_and_is_asked_the_others():
    found = sequences.run(1, sweeps=400, progress=False)
    assert found.history.first_all_right() == 350
    assert (found.history.cases, len(found.held_out)) == (20, 5)
    report = found.report()
    for case in found.held_out:
        line = f"{sequences.SEQUENCES[case]}     {found.continued(case)}"
        assert line in report
    learned = [case for case in range(25) if case not in found.held_out]
    assert all(found.continued(case) == sequences.SEQUENCES[case][2:] for case in learned)
    right = sum(map(found.is_right, found.held_out))
    assert found.numbers()["held_out_right"] == right
    assert f"and {right} of the 5 it never saw" in found.verdict()
