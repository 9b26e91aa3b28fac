"""Attempts to break microbp: how they are counted, and told."""

from types import SimpleNamespace

import pytest

from benchmarks.reliability import tally
from benchmarks.reliability.__main__ import main


@pytest.fixture
def dice(monkeypatch):
    """A kind that now and then finds something; the numbers that it drew."""
    drawn = []

    def attempt(rng):
        drawn.append(rng.randrange(6))
        if drawn[-1] == 0:
            raise ValueError("a zero")
        return "even" if drawn[-1] % 2 == 0 else "odd"

    kind = SimpleNamespace(WHAT="a throw", TIMES=40, attempt=attempt)
    monkeypatch.setitem(tally.KINDS, "dice", kind)
    return drawn


def test_outcomes_are_counted_and_a_finding_is_told_with_its_command(dice, capsys):
    assert main(["dice", "--seed", "3"]) == 1
    out = capsys.readouterr().out
    assert len(dice) == 40
    found = dice.count(0)
    odd = sum(x % 2 for x in dice)
    counts = sorted([(odd, "odd"), (40 - found - odd, "even")], reverse=True)
    told = ", ".join(f"{number} {what}" for number, what in counts)
    assert f"| a throw | 40 | {told}, **{found} findings** |" in out
    again = f"python -m benchmarks.reliability dice --seed 3 --only {dice.index(0)}"
    assert again in out
    assert main(again.split()[3:]) == 1
    assert dice[-1] == 0


def test_no_finding_is_no_failure(dice, capsys):
    assert main(["dice", "--times", "3", "--seed", "4"]) == 0
    assert 0 not in dice


def test_ctrl_c_ends_the_attempts_and_tells_those_before_it(dice, capsys, monkeypatch):
    before = tally.KINDS["dice"].attempt

    def attempt(rng):
        if len(dice) == 3:
            raise KeyboardInterrupt
        return before(rng)

    monkeypatch.setattr(tally.KINDS["dice"], "attempt", attempt)
    main(["dice", "--seed", "4"])
    assert "| a throw | 3 |" in capsys.readouterr().out


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("allocations", "40"),
        ("hostile-names", "300"),
        ("interrupts", "6"),
        ("junk", "300"),
        ("memory-limits", "6"),
        ("programs", "60"),
        ("recordings", "1"),
        ("threads", "6"),
    ],
)
def test_some_attempts_of_a_kind_find_nothing(kind, times, capsys):
    assert main([kind, "--times", times, "--seed", "7"]) == 0, capsys.readouterr().out
