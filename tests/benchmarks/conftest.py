"""What the tests of the benchmarks run under."""

import gc
import sys

import pytest


@pytest.fixture(autouse=True)
def as_before():
    """A worker usually has a process to itself, and changes it."""
    limit = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(limit)
    gc.enable()
