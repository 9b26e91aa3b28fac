"""Files under attack, for a few seconds: `python -m benchmarks.reliability` does so for longer."""

import sys
from random import Random

import pytest

from benchmarks.reliability.kinds import KINDS

TIMES = {"disk-full": 12, "garbled-files": 300, "kills": 20}


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform == "win32", reason="forks, signals and limits are POSIX's")
@pytest.mark.parametrize("kind", TIMES)
def test_no_attempt_on_a_file_succeeds(kind):
    for number in range(TIMES[kind]):
        assert KINDS[kind].attempt(Random(f"7/{number}"))
