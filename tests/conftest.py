"""What every test runs under."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import microbp
from microbp.core import engine
from tests.helpers.browser import chromium, complaints, open_page  # noqa: F401  # fixtures
from tests.helpers.profiles import load_profile

load_profile()


def pytest_report_header():
    return f"microbp's engine: {engine.name}"


@pytest.fixture(scope="session", autouse=True)
def the_engine_asked_for():
    """Core's tests run on both engines, all others on the one in use, as MICROBP_ENGINE says."""
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
