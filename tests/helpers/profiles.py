"""How many examples the Hypothesis tests have: few in a quick run, all of them in a full one."""

import os

from hypothesis import Phase, settings

from microbp.testing import register_profiles

FULL = 100  # Hypothesis's default
QUICK = 10


def load_profile():
    """Load the profile `quick`. The option --hypothesis-profile chooses another."""
    register_profiles()
    base = settings.get_profile("ci" if os.environ.get("CI") else "dev")
    settings.register_profile("full", base, max_examples=FULL)
    settings.register_profile("quick", base, max_examples=QUICK)
    settings.register_profile(  # for the tests of the tests: to fail is enough
        "unshrunk",
        settings.get_profile("ci"),
        max_examples=FULL,
        phases=[Phase.explicit, Phase.generate],
    )
    settings.load_profile("quick")


def examples(number, **options):
    """Settings for so many examples in a full run, and for the same share of them in another."""
    share = settings.default.max_examples / FULL
    return settings(max_examples=max(1, round(number * share)), **options)
