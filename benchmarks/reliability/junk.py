"""Junk as any argument of any public function: an error in words, and nothing is changed."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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
    setting, functions = _kept.pop() if _kept else _fresh()
    name = rng.choice([*functions])
    function, good = functions[name]
    given = {argument: x for argument, x in good.items() if x is not None}
    chosen = rng.sample([*good], k=min(len(good), rng.choice([1, 1, 2, 3])))
    junk = {argument: rng.choice([*JUNK]) for argument in chosen}
    before = setting.state(), generators()
    with _within(_folder()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            function(**{**given, **{argument: JUNK[kind] for argument, kind in junk.items()}})
            wrong = None
        except Exception as error:
            wrong = fault(name, error) and f"{fault(name, error)}: {type(error).__name__}: {error}"
    for path in Path(_folder()).iterdir():  # or a later call would find it
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if wrong is None:
        assert generators() == before[1], f"{name}, {junk}: changed a shared random generator"
        return "accepted"
    assert not wrong, f"{name}, {junk}: {wrong}"
    assert (setting.state(), generators()) == before, f"{name}, {junk}: changed"
    _kept.append((setting, functions))
    return "refused"


_kept: list[tuple[Any, Any]] = []
"""What nothing has changed, for the next attempt: it takes long to make."""


def _fresh() -> tuple[Any, Any]:
    setting = helper.Setting()
    return setting, calls(setting)


@cache
def _folder() -> str:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def _within(folder: str) -> Iterator[None]:
    """In this folder, for files that a call writes."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
