"""Junk as any argument of any public function: an error in words, and nothing is changed."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests import test_junk
from tests.helpers import junk as helpers

helper: Any = helpers  # tests are not typed
fault: Any = test_junk.fault  # nor is this
JUNK, calls, generators = helper.JUNK, helper.calls, helper.generators
WHAT = "junk in place of one to three arguments of a public function"
TIMES = 25_000


def attempt(rng: Random) -> str:
    setting = helper.Setting()
    functions = calls(setting)
    name = rng.choice([*functions])
    function, good = functions[name]
    given = {argument: x for argument, x in good.items() if x is not None}
    chosen = rng.sample([*good], k=min(len(good), rng.choice([1, 1, 2, 3])))
    junk = {argument: rng.choice([*JUNK]) for argument in chosen}
    before = setting.state(), generators()
    with _elsewhere(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            function(**{**given, **{argument: JUNK[kind] for argument, kind in junk.items()}})
            wrong = None
        except Exception as error:
            wrong = fault(name, error) and f"{fault(name, error)}: {type(error).__name__}: {error}"
    if wrong is None:
        assert generators() == before[1], f"{name}, {junk}: changed a shared random generator"
        return "accepted"
    assert not wrong, f"{name}, {junk}: {wrong}"
    assert (setting.state(), generators()) == before, f"{name}, {junk}: changed"
    return "refused"


@contextmanager
def _elsewhere() -> Iterator[None]:
    """In a folder of its own, for files that a call writes."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
