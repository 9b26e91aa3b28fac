"""Profiles for Hypothesis."""

from __future__ import annotations

from hypothesis import settings


def register_profiles() -> None:
    """Register the profiles `dev`, `ci` and `thorough` with Hypothesis; none is loaded.

    dev: no deadline, since a busy machine would miss it. ci: also the same examples in every
    run, no database, and a blob to repeat a failure with. thorough: as dev, with 2,000 examples
    for each test.

    In a conftest.py, before `hypothesis.settings.load_profile("ci")`:

    >>> from hypothesis import settings
    >>> register_profiles()
    >>> settings.get_profile("thorough").max_examples
    2000

    Profiles with these names are replaced; one that is loaded changes at once, such as
    Hypothesis's own `ci`, which it loads in continuous integration.
    """
    default = settings.get_profile("default")
    settings.register_profile("dev", default, deadline=None)
    settings.register_profile(
        "ci", default, deadline=None, derandomize=True, database=None, print_blob=True
    )
    settings.register_profile("thorough", default, deadline=None, max_examples=2_000)
