"""The claims of the paper and of PDP chapter 8, and how each is answered from the results."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from found import Found, number, portion, seeds
from studies import PER_CASE_LR, XOR_HIDDEN

from microbp.experiments.nature1986.second_order import METHODS
from microbp.studies import Share

TREES = "family-trees"
PRINTED = "family-trees settings=printed"
MINIMAL = [
    ("symmetry, lr 0.02", "symmetry lr=0.02", "symmetry hidden=4 lr=0.02", 4),
    ("exclusive or", "xor hidden=2 lr=0.25 margin=0.1", "xor hidden=4 lr=0.25 margin=0.1", 4),
    ("parity", "parity hidden=4", "parity hidden=8", 8),
    ("addition", "addition hidden=2", "addition hidden=4", 4),
]
"""Nets with just enough hidden units, and the same with more."""


class Claim(NamedTuple):
    """What is claimed, where, what we measured, and a word on whether that agrees."""

    where: str
    says: str
    measured: Callable[[Found], str]
    agrees: Callable[[Found], str]


def learned(study: str) -> Callable[[Found], str]:
    """That a study's seeds solve the problem, and when."""

    def told(found: Found) -> str:
        share = found.share(study)
        at = f"; at sweep {found.middle(study, 'solved_at')}" if share.number else ""
        return f"solved by {seeds(share)}{at}"

    return told


def of_solved(
    study: str, group: str, result: str = "runs", before: str = ""
) -> Callable[[Found], str]:
    """How many of the solved."""
    return lambda found: f"{before}{found.share(study, group, result)} of the solved"


def _failures(found: Found) -> str:
    told = [
        f"{name}: {_unsolved(found, least)}, with {more} hidden units {_unsolved(found, study)}"
        for name, least, study, more in MINIMAL
    ]
    return "not solved: " + "; ".join(told)


def _unsolved(found: Found, study: str) -> str:
    share = found.share(study)
    return Share(share.of - share.number, share.of).percent()


def _fewer_failures(found: Found) -> str:
    """How many are rare, and how many fewer with more units, where the intervals are apart."""
    rare = better = worse = 0
    for _, least, study, _ in MINIMAL:
        few, many = found.share(least).interval(), found.share(study).interval()
        rare += few[0] >= 0.9
        better += many[0] > few[1]
        worse += many[1] < few[0]
    told = f"rare in {rare} of {len(MINIMAL)}; clearly fewer with more units in {better}"
    return f"{told}, more in {worse}" if worse else told


def _held_out(found: Found) -> str:
    runs = found.share(TREES, "all").of
    told = [
        f"{k}: {Share(line.number if line else 0, runs).percent()}"
        for k, line in ((k, found.line(TREES, f"held_out_right = {k}")) for k in range(5))
    ]
    return f"held out and right, of 4, in {runs} seeds: " + "; ".join(told)


def _code(found: Found) -> str:
    names = ("nationality", "generation", "branch")
    best = ", ".join(f"{name} {found.middle(TREES, name)}" for name in names)
    three = found.share(TREES, "solved three_units=True")
    return (
        f"of a unit's weights with it, the best correlation (of either sign): {best}; three "
        f"different units in {three} of the solved"
    )


def _told_by_units(found: Found) -> str:
    names = ("nationality", "generation", "branch")
    clear = [name for name in names if found.median(TREES, name) >= 0.8]
    less = [name for name in names if name not in clear]
    if not less:
        return portion(found.share(TREES, "solved three_units=True"))
    return f"{' and '.join(clear) or 'none'} clearly, {' and '.join(less)} less so"


def _sweeps(found: Found) -> str:
    told = [f"{name} {found.middle('methods', name)}" for name in METHODS]
    return "sweeps to E < 0.0057: " + "; ".join(told) + " (- is never within 4,000)"


def _faster(found: Found) -> str:
    quick = max(found.median("methods", name) for name in ("conjugate", "newton"))
    return "yes" if quick < found.median("methods", "momentum") else "no"


def _xor_trend(found: Found) -> str:
    told = []
    for hidden in XOR_HIDDEN:
        median = found.median(f"xor hidden={hidden} lr=0.25 margin=0.1", "solved_at")
        told.append(f"H = {hidden}: {number(median)} ({280 - 33 * int(math.log2(hidden))})")
    return "median sweep (and reported): " + ", ".join(told)


def _trend_holds(found: Found) -> str:
    medians = [
        found.median(f"xor hidden={hidden} lr=0.25 margin=0.1", "solved_at")
        for hidden in XOR_HIDDEN
    ]
    falling = all(a > b for a, b in pairwise(medians))
    return "the trend, yes" if falling else "no"


def _per_case(lr: float) -> str:
    return f"symmetry per_case=1 lr={lr} sweeps=1500"


def _is_learned(says: str, study: str) -> Claim:
    return Claim(
        "ch. 8", f"{says} learned", learned(study), lambda found: portion(found.share(study))
    )


LISTED = [
    Claim(
        "Fig. 1",
        "symmetry is learned in 1,425 sweeps",
        lambda found: (
            f"by then {seeds(found.share('symmetry', 'all', 'solved by 1425'))}; by sweep "
            f"10,000 {seeds(found.share('symmetry'))}, at sweep "
            f"{found.middle('symmetry', 'solved_at')}; with lr 0.05, by 1,425 "
            f"{seeds(found.share('symmetry lr=0.05', 'all', 'solved by 1425'))}"
        ),
        lambda found: portion(found.share("symmetry", "all", "solved by 1425")),
    ),
    Claim(
        "Fig. 1",
        "mirror weights become equal and opposite",
        of_solved("symmetry", "solved", "defect < 0.05", "to within 5 %: "),
        lambda found: portion(found.share("symmetry", "solved", "defect < 0.05")),
    ),
    Claim(
        "Fig. 1",
        "their magnitudes are as 1 : 2 : 4",
        lambda found: (
            f"1 : 2 : 4 in {found.share('symmetry', 'solved kind=1:2:4')} of the solved; "
            f"2 : 3 : 4, which works as well, in {found.share('symmetry', 'solved kind=2:3:4')}"
        ),
        lambda found: portion(found.share("symmetry", "solved kind=1:2:4")),
    ),
    Claim(
        "Fig. 1",
        "the two hidden units have the same weights with opposite signs",
        of_solved("symmetry", "solved", "twins < 0.05", "to within 5 %: "),
        lambda found: portion(found.share("symmetry", "solved", "twins < 0.05")),
    ),
    Claim(
        "Fig. 1",
        "hidden biases are negative, the output's is positive",
        of_solved("symmetry", "solved signs=True"),
        lambda found: portion(found.share("symmetry", "solved signs=True")),
    ),
    Claim(
        "text",
        "weights may also be changed after each case",
        lambda found: (
            "symmetry by sweep 1,425: "
            + "; ".join(
                f"lr {lr}, {seeds(found.share(_per_case(lr), 'all', 'solved by 1425'))}"
                for lr in PER_CASE_LR
            )
        ),
        lambda found: portion(
            max(
                (found.share(_per_case(lr), "all", "solved by 1425") for lr in PER_CASE_LR),
                key=lambda share: share.number,
            )
        ),
    ),
    Claim(
        "text",
        "small random weights are needed to break the symmetry of the units",
        lambda found: f"all weights 0: {learned('symmetry init=0.0 sweeps=2000')(found)}",
        lambda found: "no" if found.share("symmetry init=0.0 sweeps=2000").number else "yes",
    ),
    Claim(
        "text",
        "momentum speeds descent up",
        lambda found: (
            f"symmetry by sweep 1,425: without, "
            f"{seeds(found.share('symmetry momentum=0.0', 'all', 'solved by 1425'))}; with, "
            f"{seeds(found.share('symmetry', 'all', 'solved by 1425'))}"
        ),
        lambda found: (
            "yes"
            if found.share("symmetry momentum=0.0", "all", "solved by 1425").interval()[1]
            < found.share("symmetry", "all", "solved by 1425").interval()[0]
            else "not seen"
        ),
    ),
    Claim(
        "Figs 2-4",
        "with the printed settings the family trees are learned in 1,500 sweeps",
        learned(PRINTED),
        lambda found: portion(found.share(PRINTED)),
    ),
    Claim(
        "Figs 2-4",
        "they are learned (here with four deviations)",
        learned(TREES),
        lambda found: portion(found.share(TREES)),
    ),
    Claim(
        "Figs 2-4",
        "learning begins with 20 sweeps of smaller steps and momentum 0.5",
        lambda found: f"without these {learned(f'{TREES} slow=0')(found)}",
        lambda found: (
            "needed"
            if found.share(f"{TREES} slow=0").interval()[1] < found.share(TREES).interval()[0]
            else "not needed"
        ),
    ),
    Claim(
        "Figs 2-4",
        "all four held-out cases come out right",
        _held_out,
        lambda found: portion(found.share(TREES, "all", "held_out_right = 4")),
    ),
    Claim(
        "Fig. 4",
        "a unit tells the nation, one the generation, one the branch",
        _code,
        _told_by_units,
    ),
    Claim(
        "Fig. 5",
        "an iterative net learns with dE/dw averaged over a weight's copies (shift register)",
        lambda found: (
            f"averaged: {learned('iterative steps=2 rule=averaged')(found)}; summed: at sweep "
            f"{found.middle('iterative steps=2 rule=summed', 'solved_at')}"
        ),
        lambda found: portion(found.share("iterative steps=2 rule=averaged")),
    ),
    Claim(
        "text",
        "poor local minima are rare, and met mostly with only just enough connections",
        _failures,
        _fewer_failures,
    ),
    Claim(
        "text",
        "descent is slower than methods that use second derivatives",
        _sweeps,
        _faster,
    ),
    Claim(
        "ch. 8",
        "exclusive or, one hidden unit and direct connections: 558 sweeps",
        lambda found: (
            f"{learned('xor hidden=1 direct=1 init=0.5')(found)}; from weights in [-0.3, 0.3]: "
            f"{found.middle('xor hidden=1 direct=1 init=0.3', 'solved_at')}"
        ),
        lambda found: portion(found.share("xor hidden=1 direct=1 init=0.5")),
    ),
    Claim(
        "ch. 8",
        "exclusive or, 2-2-1: two local minima in hundreds of runs",
        lambda found: (
            f"not solved, from weights in [-0.5, 0.5]: {_unsolved(found, 'xor init=0.5')}; in "
            f"[-0.3, 0.3]: {_unsolved(found, 'xor init=0.3')}"
        ),
        lambda found: "rare, yes" if found.share("xor init=0.5").interval()[0] > 0.9 else "no",
    ),
    Claim("ch. 8", "exclusive or: 280 - 33 log2 H sweeps", _xor_trend, _trend_holds),
    Claim(
        "ch. 8",
        "parity of four bits, 4-4-1: 2,825 sweeps",
        lambda found: (
            f"{learned('parity hidden=4')(found)}; by 2,825 "
            f"{seeds(found.share('parity hidden=4', 'all', 'solved by 2825'))}"
        ),
        lambda found: portion(found.share("parity hidden=4")),
    ),
    _is_learned("encoder 8-3-8 is", "encoder"),
    _is_learned("addition of two bits each, 4-3-3, is", "addition hidden=3"),
    _is_learned("negation, 4-6-3, is", "negation"),
    _is_learned("T against C with one kernel, averaged, is", "t-c rule=averaged"),
]
