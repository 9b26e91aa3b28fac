"""What every test runs under."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import Phase, settings

import microbp
from microbp.core import engine
from microbp.testing import register_profiles
from tests.helpers.browser import chromium, complaints, open_page  # noqa: F401  # fixtures

register_profiles()
settings.register_profile(  # for the tests of the tests: to fail is enough, and quick
    "unshrunk", settings.get_profile("ci"), phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_report_header():
    return f"microbp's engine: {engine.name}"


@pytest.fixture(scope="session", autouse=True)
def the_engine_asked_for():
    """All tests run on the engine in use: on each in turn, as MICROBP_ENGINE says."""
    assert engine.name == os.environ.get("MICROBP_ENGINE", engine.name)


@pytest.fixture(scope="session")
def python():
    """Run code in a Python of its own, which imports the very microbp under test."""
    home = str(Path(microbp.__file__).parents[1])

    def run(code, *arguments, **environment):
        path = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": path, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
