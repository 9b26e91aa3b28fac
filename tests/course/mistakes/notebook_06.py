"""What students get wrong in notebook 06: for each exercise, the check's words and the code."""

WIDE = """
def wide_net(rng):
    net = Net({{"person": 24, "relation": 12}}, rng=rng, init=1.0)
{}
"""

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
        ("and not 0.8", "half_life = 3.1062837195053903"),
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
        (
            "the other way round",
            "is_a_man = [1 - (name in men) for name in family_data.PEOPLE]",
        ),
        ("'1' is text", "is_a_man = ['1'] * 24"),
    ],
    [
        ("wide_net gave None", WIDE.format("")),
        ("there is no layer 'central'", WIDE.format("    return net")),
        (
            "keeps its 12 units",
            WIDE.format('    return net.add("central", 6).add("penultimate", 6).add("output", 24)'),
        ),
        ("still go through the person code", "wide_net = family_trees.family_net"),
        (
            "fed by all 24 + 12 inputs",
            WIDE.format(
                '    net.add("central", 12, of=["person"])\n'
                '    return net.add("penultimate", 6).add("output", 24)'
            ),
        ),
    ],
]
