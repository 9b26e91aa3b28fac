"""Every test of core runs on both engines, in one process."""

from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
