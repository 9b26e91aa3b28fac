"""Experiments to study, and what the tests of studies share."""

import json
import random
from pathlib import Path

import microbp


def study(experiment, *arguments, **options):
    return microbp.study(experiment, *arguments, **{"progress": False, "jobs": 1, **options})


def guess(seed, sweeps=100):
    """An experiment: half of the seeds are solved at some sweep."""
    rng = random.Random(seed)
    at = rng.randrange(2 * sweeps)
    return {
        "kind": "slow" if at > sweeps else "quick",
        "solved_at": at if at <= sweeps else None,
        "error": rng.random(),
    }


def fails_at_3(seed, mended=""):
    if seed == 3 and not (mended and Path(mended).exists()):
        raise ZeroDivisionError("division by the seed")
    return {"twice": 2 * seed}


def lines(path):
    """The header and the rows in a file, without their checksums."""
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert all(row.pop("checksum") for row in found)
    return found
