"""The data of the paper's Figs 2-4: its own counts, and the facts it prints."""

import random
from collections import Counter

import pytest

from microbp.experiments.family_trees import (
    ANSWERS,
    CASES,
    ENGLISH,
    FACTS,
    ITALIAN,
    PEOPLE,
    RELATIONSHIPS,
    family_net,
    people,
    relatives,
)

TRANSLATED = {
    "Christopher": "Roberto", "Penelope": "Maria", "Andrew": "Pierro", "Christine": "Francesca",
    "Margaret": "Gina", "Arthur": "Emilio", "Victoria": "Lucia", "James": "Marco",
    "Jennifer": "Angela", "Charles": "Tomaso", "Colin": "Alfonso", "Charlotte": "Sophia",
}  # fmt: skip


def test_the_tree_holds_112_facts_in_104_cases():
    assert len(FACTS) == len(set(FACTS)) == 112
    assert len(ANSWERS) == len(CASES) == 104


def test_each_relationship_has_as_many_cases_as_counted():
    counts = Counter(relationship for _, relationship in ANSWERS)
    assert counts == {
        **dict.fromkeys(("father", "mother", "son", "daughter"), 12),
        **dict.fromkeys(("husband", "wife"), 10),
        **dict.fromkeys(("nephew", "niece"), 8),
        **dict.fromkeys(("brother", "sister"), 6),
        **dict.fromkeys(("uncle", "aunt"), 4),
    }
    assert set(counts) == set(RELATIONSHIPS)


def test_eight_questions_have_two_answers():
    two = {question: set(names) for question, names in ANSWERS.items() if len(names) == 2}
    assert two == {
        ("Colin", "uncle"): {"Charles", "Arthur"},
        ("Colin", "aunt"): {"Jennifer", "Margaret"},
        ("Charlotte", "uncle"): {"Charles", "Arthur"},
        ("Charlotte", "aunt"): {"Jennifer", "Margaret"},
        ("Alfonso", "uncle"): {"Tomaso", "Emilio"},
        ("Alfonso", "aunt"): {"Angela", "Gina"},
        ("Sophia", "uncle"): {"Tomaso", "Emilio"},
        ("Sophia", "aunt"): {"Angela", "Gina"},
    }
    assert all(len(names) == 1 for names in ANSWERS.values() if len(names) != 2)


@pytest.mark.parametrize(
    ("person", "relationship", "answers"),
    [
        ("Victoria", "father", ["Christopher"]),
        ("Colin", "mother", ["Victoria"]),
        ("Jennifer", "husband", ["Charles"]),
        ("Andrew", "wife", ["Christine"]),
        ("Penelope", "son", ["Arthur"]),
        ("James", "daughter", ["Charlotte"]),
        ("Jennifer", "brother", ["James"]),
        ("Colin", "sister", ["Charlotte"]),
        ("Margaret", "nephew", ["Colin"]),  # through marriage
        ("Arthur", "niece", ["Charlotte"]),  # through blood
        ("Margaret", "brother", []),
        ("James", "brother", []),  # neither Arthur nor Charles, who are so by marriage
        ("Christopher", "uncle", []),
    ],
)
def test_relatives(person, relationship, answers):
    assert relatives(ENGLISH, person)[relationship] == answers


def test_the_italian_family_is_the_english_one_person_by_person():
    assert people(ITALIAN) == [TRANSLATED[name] for name in people(ENGLISH)]
    assert people(ENGLISH) + people(ITALIAN) == PEOPLE
    translated = {(TRANSLATED[a], r, TRANSLATED[b]) for a, r, b in FACTS if a in TRANSLATED}
    assert translated == {fact for fact in FACTS if fact[0] not in TRANSLATED}


def test_a_case_has_one_person_and_one_relationship_on():
    for (inputs, targets), ((person, relationship), answers) in zip(
        CASES, ANSWERS.items(), strict=True
    ):
        assert [len(inputs["person"]), len(inputs["relation"]), len(targets)] == [24, 12, 24]
        assert [p for p, on in zip(PEOPLE, inputs["person"], strict=True) if on] == [person]
        assert [r for r, on in zip(RELATIONSHIPS, inputs["relation"], strict=True) if on] == [
            relationship
        ]
        assert {p for p, on in zip(PEOPLE, targets, strict=True) if on} == set(answers)


def test_the_net_has_630_parameters_drawn_layer_by_layer():
    net = family_net(random.Random(60), init=1.0)
    assert list(net.layers) == ["person code", "relation code", "central", "penultimate", "output"]
    rng = random.Random(60)
    assert [p.data for p in net.parameters()] == [rng.uniform(-1.0, 1.0) for _ in range(630)]
    inputs, targets = CASES[0]
    assert len(net(inputs)) == len(targets) == 24
