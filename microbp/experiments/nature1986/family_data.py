"""The two families of the paper's Fig. 2: who is whose uncle, in two trees of the same shape.

A fact is a triple such as (Colin, uncle, Arthur): it follows from who married whom and whose
children they had, which is all that is written down of a family. A case asks for everybody who
stands in one relationship to one person.
"""

from __future__ import annotations

from typing import NamedTuple


class Couple(NamedTuple):
    """A marriage and the children of it."""

    husband: str
    wife: str
    sons: tuple[str, ...] = ()
    daughters: tuple[str, ...] = ()

    @property
    def children(self) -> tuple[str, ...]:
        return self.sons + self.daughters


ENGLISH = (
    Couple("Christopher", "Penelope", sons=("Arthur",), daughters=("Victoria",)),
    Couple("Andrew", "Christine", sons=("James",), daughters=("Jennifer",)),
    Couple("Arthur", "Margaret"),
    Couple("James", "Victoria", sons=("Colin",), daughters=("Charlotte",)),
    Couple("Charles", "Jennifer"),
)
ITALIAN = (
    Couple("Roberto", "Maria", sons=("Emilio",), daughters=("Lucia",)),
    Couple("Pierro", "Francesca", sons=("Marco",), daughters=("Angela",)),
    Couple("Emilio", "Gina"),
    Couple("Marco", "Lucia", sons=("Alfonso",), daughters=("Sophia",)),
    Couple("Tomaso", "Angela"),
)
"""The English family, person by person."""
FAMILIES = (ENGLISH, ITALIAN)

RELATIONSHIPS = (
    "father", "mother", "husband", "wife", "son", "daughter",
    "uncle", "aunt", "brother", "sister", "nephew", "niece",
)  # fmt: skip


def people(family: tuple[Couple, ...]) -> list[str]:
    """Everybody in it, in the order in which they are first named: each couple, then its children.

    >>> people(ENGLISH)[:4]
    ['Christopher', 'Penelope', 'Arthur', 'Victoria']
    """
    named = (name for c in family for name in (c.husband, c.wife, *c.children))
    return list(dict.fromkeys(named))


def relatives(family: tuple[Couple, ...], person: str) -> dict[str, list[str]]:
    """Who is what to this person: the names under each relationship, of which there may be none.

    Uncles, aunts, nephews and nieces run through blood and marriage; brothers and sisters
    through blood.

    >>> relatives(ENGLISH, "Colin")["uncle"]
    ['Arthur', 'Charles']
    """
    parents = _parents(family, person)
    siblings = _siblings(family, person)
    spouse = _spouses(family, person)
    kin = [s for parent in parents for s in _siblings(family, parent)]
    kin += _spouses(family, *kin)
    generation = siblings + [s for name in spouse for s in _siblings(family, name)]
    offspring = _children(family, *generation)
    children = _children(family, person)
    men = {c.husband for c in family} | {son for c in family for son in c.sons}
    both = {
        ("father", "mother"): parents,
        ("husband", "wife"): spouse,
        ("son", "daughter"): children,
        ("uncle", "aunt"): kin,
        ("brother", "sister"): siblings,
        ("nephew", "niece"): offspring,
    }
    found = {}
    for (his, hers), names in both.items():
        found[his] = [name for name in names if name in men]
        found[hers] = [name for name in names if name not in men]
    return found


def _parents(family: tuple[Couple, ...], person: str) -> list[str]:
    return [name for c in family if person in c.children for name in (c.husband, c.wife)]


def _siblings(family: tuple[Couple, ...], person: str) -> list[str]:
    homes = [c.children for c in family if person in c.children]
    return [name for children in homes for name in children if name != person]


def _spouses(family: tuple[Couple, ...], *persons: str) -> list[str]:
    husbands = [c.husband for c in family if c.wife in persons]
    return husbands + [c.wife for c in family if c.husband in persons]


def _children(family: tuple[Couple, ...], *persons: str) -> list[str]:
    couples = [c for c in family if c.husband in persons or c.wife in persons]
    return [name for couple in couples for name in couple.children]


PEOPLE = [name for family in FAMILIES for name in people(family)]
"""All 24, the English first: the order of the person inputs, and of the outputs."""

ANSWERS: dict[tuple[str, str], list[str]] = {
    (person, relationship): found
    for family in FAMILIES
    for person in people(family)
    for relationship, found in relatives(family, person).items()
    if found
}
"""The 104 questions that have an answer, a person and a relationship each; eight have two."""

QUESTIONS = list(ANSWERS)
"""By the number of their case in `CASES`."""

FACTS = [(*question, answer) for question, answers in ANSWERS.items() for answer in answers]
"""The 112 triples of a person, a relationship, and who stands in it to that person."""


def _on(names: list[str], on: list[str]) -> list[float]:
    """1 for the names that are on, 0 for the others."""
    return [float(name in on) for name in names]


CASES: list[tuple[dict[str, list[float]], list[float]]] = [
    (
        {"person": _on(PEOPLE, [person]), "relation": _on([*RELATIONSHIPS], [relationship])},
        _on(PEOPLE, answers),
    )
    for (person, relationship), answers in ANSWERS.items()
]
"""The questions as the net sees them: one person and one relationship on, and all answers."""


def generation(person: str) -> int:
    """1 for grandparents, 2 for parents, uncles and aunts, 3 for the children.

    >>> generation("Christopher"), generation("Margaret"), generation("Sophia")
    (1, 2, 3)
    """
    family = _family_of(person)
    parents = _parents(family, person)
    if parents:
        return 1 + generation(parents[0])
    born_here = [name for name in _spouses(family, person) if _parents(family, name)]
    return generation(born_here[0]) if born_here else 1


def branch(person: str) -> int:
    """-1 for the first couple of the family's tree and theirs, 1 for the second; 0 for both's.

    A person of no couple's family belongs to the branch they married into.

    >>> branch("Arthur"), branch("Margaret"), branch("James"), branch("Colin")
    (-1, -1, 1, 0)
    """
    family = _family_of(person)
    couples = [(c.husband, c.wife) for c in family if generation(c.husband) == 1]
    parents = _parents(family, person)
    if not parents:
        born_here = [name for name in _spouses(family, person) if _parents(family, name)]
        return branch(born_here[0]) if born_here else 2 * (person in couples[1]) - 1
    return sum(branch(parent) for parent in parents) // 2


def _family_of(person: str) -> tuple[Couple, ...]:
    for family in FAMILIES:
        if person in people(family):
            return family
    raise ValueError(f"expected one of {', '.join(PEOPLE)}; got {person!r}")
