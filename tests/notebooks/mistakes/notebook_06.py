"""What students get wrong in notebook 06: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("a list of names", "def grandfathers(family, person):\n    return 'Andrew'"),
        (
            "the father of Colin",
            """
def grandfathers(family, person):
    return relatives(family, person)["father"]
""",
        ),
        *(
            (
                words,
                f"""
def grandfathers(family, person):
    mine = relatives(family, person)
    found = []
    for parent in {parents}:
        found += {found}
    return found
""",
            )
            for words, parents, found in [
                (
                    "the mother's side counts",
                    'mine["father"]',
                    'relatives(family, parent)["father"]',
                ),
                (
                    "Christine is no grandfather",
                    'mine["father"] + mine["mother"]',
                    'sum([relatives(family, parent)[r] for r in ("father", "mother")], [])',
                ),
                (
                    "a name twice",
                    '2 * (mine["father"] + mine["mother"])',
                    'relatives(family, parent)["father"]',
                ),
            ]
        ),
    ],
    [
        ("above 0", "half_life = -346"),
        ("of what is left", "half_life = 250"),
        ("0.368 of it is left", "half_life = 500"),
    ],
    [
        ("expected 24 numbers", "is_a_man = [1, 0] * 6"),
        ("only 0 and 1", "is_a_man = [1, -1] * 12"),
        ("Arthur is a man", "is_a_man = [1, 0, 0] * 8"),
        (
            "Colin is a man",
            "is_a_man = [n in [c.husband for c in ENGLISH + ITALIAN] for n in family_data.PEOPLE]",
        ),
    ],
]
