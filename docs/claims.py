"""The claims of the paper and of PDP chapter 8, each with its answer from our results."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from studies import PER_CASE_LR, XOR_HIDDEN
from study_results import Results, agreement, format_number, of_seeds

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
    """A claim: where it is made, what it says, what we measured, and whether that agrees."""

    where: str
    says: str
    measured: Callable[[Results], str]
    agrees: Callable[[Results], str]


def learned(study: str) -> Callable[[Results], str]:
    """How many of a study's seeds solve the problem, and when."""

    def measured(results: Results) -> str:
        share = results.share(study)
        at = f"; at sweep {results.quartiles(study, 'solved_at')}" if share.number else ""
        return f"solved by {of_seeds(share)}{at}"

    return measured


def of_solved(
    study: str, group: str, result: str = "runs", before: str = ""
) -> Callable[[Results], str]:
    """How many of the solved."""
    return lambda results: f"{before}{results.share(study, group, result)} of the solved"


def _failures(results: Results) -> str:
    parts = [
        f"{name}: {_unsolved(results, least)}, with {more} hidden units {_unsolved(results, study)}"
        for name, least, study, more in MINIMAL
    ]
    return "not solved within 10,000 sweeps, whatever the reason: " + "; ".join(parts)


def _unsolved(results: Results, study: str) -> str:
    share = results.share(study)
    return Share(share.of - share.number, share.of).percent()


def _fewer_failures(results: Results) -> str:
    """How many are rare, and how many clearly (intervals apart) fewer with more units."""
    rare = better = worse = 0
    for _, least, study, _ in MINIMAL:
        few, many = results.share(least).interval(), results.share(study).interval()
        rare += few[0] >= 0.9
        better += many[0] > few[1]
        worse += many[1] < few[0]
    text = f"rare in {rare} of {len(MINIMAL)}; clearly fewer with more units in {better}"
    return f"{text}, more in {worse}" if worse else text


def _held_out(results: Results) -> str:
    runs = results.share(TREES, "all").of
    parts = [
        f"{k}: {Share(line.number if line else 0, runs).percent()}"
        for k, line in ((k, results.line(TREES, f"held_out_right = {k}")) for k in range(5))
    ]
    return f"held out and right, of 4, in {runs} seeds: " + "; ".join(parts)


def _code(results: Results) -> str:
    names = ("nationality", "generation", "branch")
    best = ", ".join(f"{name} {results.quartiles(TREES, name)}" for name in names)
    three = results.share(TREES, "solved three_units=True")
    return (
        f"of a unit's weights with it, the best correlation (of either sign): {best}; three "
        f"different units in {three} of the solved"
    )


def _units_agree(results: Results) -> str:
    names = ("nationality", "generation", "branch")
    clear = [name for name in names if results.median(TREES, name) >= 0.8]
    less = [name for name in names if name not in clear]
    if not less:
        return agreement(results.share(TREES, "solved three_units=True"))
    return f"{' and '.join(clear) or 'none'} clearly, {' and '.join(less)} less so"


def _sweeps(results: Results) -> str:
    parts = [f"{name} {results.quartiles('methods', name)}" for name in METHODS]
    return "sweeps to E < 0.0057: " + "; ".join(parts) + " (- is never within 4,000)"


def _faster(results: Results) -> str:
    quick = max(results.median("methods", name) for name in ("conjugate", "newton"))
    return "yes" if quick < results.median("methods", "momentum") else "no"


def _xor_trend(results: Results) -> str:
    parts = []
    for hidden in XOR_HIDDEN:
        median = results.median(f"xor hidden={hidden} lr=0.25 margin=0.1", "solved_at")
        parts.append(f"H = {hidden}: {format_number(median)} ({280 - 33 * int(math.log2(hidden))})")
    return "median sweep (and reported): " + ", ".join(parts)


def _trend_holds(results: Results) -> str:
    medians = [
        results.median(f"xor hidden={hidden} lr=0.25 margin=0.1", "solved_at")
        for hidden in XOR_HIDDEN
    ]
    falling = all(a > b for a, b in pairwise(medians))
    return "the trend, yes" if falling else "no"


def _per_case(lr: float) -> str:
    return f"symmetry per_case=1 lr={lr} sweeps=1500"


def _is_learned(says: str, study: str) -> Claim:
    return Claim(
        "ch. 8", f"{says} learned", learned(study), lambda results: agreement(results.share(study))
    )


CLAIMS = [
    Claim(
        "Fig. 1",
        "symmetry is learned in 1,425 sweeps",
        lambda results: (
            f"by then {of_seeds(results.share('symmetry', 'all', 'solved by 1425'))}; by sweep "
            f"10,000 {of_seeds(results.share('symmetry'))}, at sweep "
            f"{results.quartiles('symmetry', 'solved_at')}; with lr 0.05, by 1,425 "
            f"{of_seeds(results.share('symmetry lr=0.05', 'all', 'solved by 1425'))}"
        ),
        lambda results: agreement(results.share("symmetry", "all", "solved by 1425")),
    ),
    Claim(
        "Fig. 1",
        "mirror weights become equal and opposite",
        of_solved("symmetry", "solved", "defect < 0.05", "to within 5 %: "),
        lambda results: agreement(results.share("symmetry", "solved", "defect < 0.05")),
    ),
    Claim(
        "Fig. 1",
        "their magnitudes are as 1 : 2 : 4",
        lambda results: (
            f"1 : 2 : 4 in {results.share('symmetry', 'solved kind=1:2:4')} of the solved; "
            f"2 : 3 : 4, which works as well, in {results.share('symmetry', 'solved kind=2:3:4')}"
        ),
        lambda results: agreement(results.share("symmetry", "solved kind=1:2:4")),
    ),
    Claim(
        "Fig. 1",
        "the two hidden units have the same weights with opposite signs",
        of_solved("symmetry", "solved", "twins < 0.05", "to within 5 %: "),
        lambda results: agreement(results.share("symmetry", "solved", "twins < 0.05")),
    ),
    Claim(
        "Fig. 1",
        "hidden biases are negative, the output's is positive",
        of_solved("symmetry", "solved signs=True"),
        lambda results: agreement(results.share("symmetry", "solved signs=True")),
    ),
    Claim(
        "text",
        "weights may also be changed after each case",
        lambda results: (
            "symmetry by sweep 1,425: "
            + "; ".join(
                f"lr {lr}, {of_seeds(results.share(_per_case(lr), 'all', 'solved by 1425'))}"
                for lr in PER_CASE_LR
            )
        ),
        lambda results: agreement(
            max(
                (results.share(_per_case(lr), "all", "solved by 1425") for lr in PER_CASE_LR),
                key=lambda share: share.number,
            )
        ),
    ),
    Claim(
        "text",
        "small random weights are needed to break the symmetry of the units",
        lambda results: f"all weights 0: {learned('symmetry init=0.0 sweeps=2000')(results)}",
        lambda results: "no" if results.share("symmetry init=0.0 sweeps=2000").number else "yes",
    ),
    Claim(
        "text",
        "momentum speeds up descent",
        lambda results: (
            f"symmetry by sweep 1,425: without, "
            f"{of_seeds(results.share('symmetry momentum=0.0', 'all', 'solved by 1425'))}; with, "
            f"{of_seeds(results.share('symmetry', 'all', 'solved by 1425'))}"
        ),
        lambda results: (
            "yes"
            if results.share("symmetry momentum=0.0", "all", "solved by 1425").interval()[1]
            < results.share("symmetry", "all", "solved by 1425").interval()[0]
            else "not seen"
        ),
    ),
    Claim(
        "Figs 2-4",
        "with the printed settings the family trees are learned in 1,500 sweeps",
        learned(PRINTED),
        lambda results: agreement(results.share(PRINTED)),
    ),
    Claim(
        "Figs 2-4",
        "they are learned (here with four deviations)",
        learned(TREES),
        lambda results: agreement(results.share(TREES)),
    ),
    Claim(
        "Figs 2-4",
        "learning begins with 20 sweeps of smaller steps and momentum 0.5",
        lambda results: f"without these {learned(f'{TREES} slow=0')(results)}",
        lambda results: (
            "needed at ten times the printed step"
            if results.share(f"{TREES} slow=0").interval()[1] < results.share(TREES).interval()[0]
            else "not needed"
        ),
    ),
    Claim(
        "Figs 2-4",
        "all four held-out cases come out right",
        _held_out,
        lambda results: agreement(results.share(TREES, "all", "held_out_right = 4")),
    ),
    Claim(
        "Fig. 4",
        "one unit stands for the nation, one for the generation, one for the branch",
        _code,
        _units_agree,
    ),
    Claim(
        "Fig. 5",
        "an iterative net learns with dE/dw averaged over a weight's copies (shift register)",
        lambda results: (
            f"averaged: {learned('iterative steps=2 rule=averaged')(results)}; summed: at sweep "
            f"{results.quartiles('iterative steps=2 rule=summed', 'solved_at')}"
        ),
        lambda results: agreement(results.share("iterative steps=2 rule=averaged")),
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
        lambda results: (
            f"{learned('xor hidden=1 direct=1 init=0.5')(results)}; from weights in [-0.3, 0.3]: "
            f"{results.quartiles('xor hidden=1 direct=1 init=0.3', 'solved_at')}"
        ),
        lambda results: agreement(results.share("xor hidden=1 direct=1 init=0.5")),
    ),
    Claim(
        "ch. 8",
        "exclusive or, 2-2-1: two local minima in hundreds of runs",
        lambda results: (
            "not solved within 10,000 sweeps, from weights in [-0.5, 0.5]: "
            f"{_unsolved(results, 'xor init=0.5')}; in [-0.3, 0.3]: "
            f"{_unsolved(results, 'xor init=0.3')}"
        ),
        lambda results: "rare, yes" if results.share("xor init=0.5").interval()[0] > 0.9 else "no",
    ),
    Claim(
        "ch. 8",
        "exclusive or: 280 - 33 log2 H sweeps, a formula fitted to the book's own runs",
        _xor_trend,
        _trend_holds,
    ),
    Claim(
        "ch. 8",
        "parity of four bits, 4-4-1: 2,825 sweeps",
        lambda results: (
            f"{learned('parity hidden=4')(results)}; by 2,825 "
            f"{of_seeds(results.share('parity hidden=4', 'all', 'solved by 2825'))}"
        ),
        lambda results: agreement(results.share("parity hidden=4")),
    ),
    _is_learned("encoder 8-3-8 is", "encoder"),
    _is_learned("addition of two bits each, 4-3-3, is", "addition hidden=3"),
    _is_learned("negation, 4-6-3, is", "negation"),
    _is_learned("T against C with one kernel, averaged, is", "t-c rule=averaged"),
]
