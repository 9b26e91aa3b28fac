"""What every test runs under."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import microbp
from microbp.core import custom_op, engine, ops
from tests.helpers.browser import chromium, complaints, open_page  # noqa: F401  # fixtures
from tests.helpers.profiles import load_profile

load_profile()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol():
    """Forget a test's custom operations, or another test's random graphs would have them."""
    tables = [ops.table, custom_op._own]
    before = [dict(table) for table in tables]
    yield
    for table, kept in zip(tables, before, strict=True):
        if table != kept:
            table.clear()
            table.update(kept)


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
