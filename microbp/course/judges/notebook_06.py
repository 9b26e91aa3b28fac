"""Notebook 6: family trees."""

from __future__ import annotations

import math
import random
from typing import Any

from microbp._support.coerce import shown
from microbp.course.answers import called, items, near, number, numbers
from microbp.course.verdicts import NotRight
from microbp.experiments.nature1986.family_data import (
    ENGLISH,
    ITALIAN,
    PEOPLE,
    RELATIONSHIPS,
    relatives,
)
from microbp.nn import Net


def grandfathers(mine: Any) -> str:
    for family, person, expected in [
        (ENGLISH, "Colin", ["Andrew", "Christopher"]),
        (ITALIAN, "Sophia", ["Pierro", "Roberto"]),
        (ENGLISH, "Arthur", []),
    ]:
        found = items(called(mine, family, person, gives="a list of names"), "a list of names")
        if not all(isinstance(name, str) for name in found):
            raise NotRight(f"expected a list of names, got {shown(found)}")
        if sorted(found) == expected:
            continue
        known = relatives(family, person)
        if sorted(found) == sorted(known["father"]):
            raise NotRight(f"{found} is the father of {person}. Go one step further")
        if len(set(found)) < len(found):
            raise NotRight(f"{found} has a name twice")
        missing = [name for name in expected if name not in found]
        if missing and set(found) < set(expected):
            side = "mother's" if missing[0] in _fathers(family, known["mother"]) else "father's"
            raise NotRight(f"{missing[0]} is missing: a grandfather on the {side} side counts")
        wrong = [name for name in found if name not in expected]
        raise NotRight(f"{wrong[0]} is no grandfather of {person}")
    return "for Colin, Sophia and Arthur"


def _fathers(family: Any, persons: list[str]) -> list[str]:
    return [father for person in persons for father in relatives(family, person)["father"]]


def half_life(answer: Any) -> str:
    sweeps = number(answer)
    if sweeps <= 0:
        raise NotRight(f"{sweeps:g}. Expected a number of sweeps above 0")
    left = math.exp(sweeps * math.log(0.998))
    if abs(left - 0.5) < 0.001:
        return f"after {sweeps:.0f} sweeps {left:.3f} of it is left"
    if sweeps == 250:
        raise NotRight("each sweep takes 0.2 % of what is left, and not of what was at first")
    if near(sweeps, 3) or near(sweeps, math.log(0.5) / math.log(0.8)):
        raise NotRight("0.2 % of a weight is 0.002 of it, so 0.998 is left, and not 0.8")
    raise NotRight(f"after {sweeps:g} sweeps {left:.3f} of it is left")


MEN = {couple.husband for family in (ENGLISH, ITALIAN) for couple in family} | {"Colin", "Alfonso"}


def men(is_a_man: Any, code: Any) -> str:
    what = "24 numbers, one for each person"
    plain = [int(x) if isinstance(x, bool) else x for x in items(is_a_man, what)]
    given = numbers(plain, 24, what)
    if set(given) - {0.0, 1.0}:
        raise NotRight("expected only 0 and 1")
    if given == [float(name not in MEN) for name in PEOPLE]:
        raise NotRight("the other way round: 1 for a man, and 0 for a woman")
    for name, number_of in zip(PEOPLE, given, strict=True):
        if number_of != (name in MEN):
            raise NotRight(f"{name} is {'a man' if name in MEN else 'a woman'}")
    best = max(abs(_correlation(weights, given)) for weights in code)
    return (
        f"and no unit tells them apart; the best |correlation| is {best:.2f}. It doesn't matter "
        "who asks: a brother and a sister have the same father, aunts and uncles"
    )


def _correlation(xs: Any, ys: Any) -> float:
    mean_x, mean_y = math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)
    pairs = [(x - mean_x, y - mean_y) for x, y in zip(xs, ys, strict=True)]
    both = math.sqrt(math.fsum(x * x for x, _ in pairs) * math.fsum(y * y for _, y in pairs))
    return math.fsum(x * y for x, y in pairs) / both


def wide_net(make_net: Any) -> str:
    net = called(make_net, random.Random(0), gives="the net")
    if not isinstance(net, Net):
        raise NotRight(f"expected a Net, got {shown(net)}")
    if net.inputs != {"person": len(PEOPLE), "relation": len(RELATIONSHIPS)}:
        raise NotRight(
            f"the inputs stay as they were: 24 persons, 12 relationships; got {net.inputs}"
        )
    for name, units in [("central", 12), ("penultimate", 6), ("output", 24)]:
        if name not in net.layers:
            raise NotRight(f"there is no layer {name!r}. Only the two codes are left out")
        if len(net.layers[name].neurons) != units:
            raise NotRight(f"the layer {name!r} keeps its {units} units")
    if "person code" in net.layers:
        raise NotRight("the persons still go through the person code")
    if len(net.layers) > 3 or len(net.parameters()) != 12 * 37 + 6 * 13 + 24 * 7:
        raise NotRight(
            "'central' is fed by all 24 + 12 inputs, 'penultimate' by it, and 'output' by that: "
            f"690 weights and biases. Yours has {len(net.parameters())}"
        )
    return "690 weights, where the net with the codes has 630. Now train it"


JUDGES = (grandfathers, half_life, men, wide_net)
