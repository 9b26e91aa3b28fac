"""A training's data in few characters; tests/explorer/training reads them in a browser."""

import random

import pytest

from microbp.explorer.packed_training import runs


def numbers_in(text):
    found = []
    for word in text.split():
        first, _, times = word.partition("*")
        low, dash, high = first.partition("-") if not first.startswith("-") else (first, "", "")
        found += range(int(low), int(high) + 1) if dash else [int(low)] * int(times or 1)
    return found


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([], ""),
        ([7], "7"),
        ([3, 4, 5, 6], "3-6"),
        ([5, 5, 5, 6, 7], "5*3 6-7"),
        ([-1, -1, 0, 1], "-1*2 0-1"),
        ([-2, -1], "-2 -1"),
        ([2, 1, 0], "2 1 0"),
    ],
)
def test_whole_numbers_as_runs(numbers, text):
    assert runs(numbers) == text


def test_runs_keep_every_number():
    rng = random.Random(3)
    for _ in range(300):
        numbers = [rng.randrange(-1, 4) for _ in range(rng.randrange(12))]
        assert numbers_in(runs(numbers)) == numbers
