"""What `check` says of right answers, of typical mistakes, and of what is no answer at all.

An exercise, its check and the code around it are taken from the notebooks themselves.
"""

import json
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from microbp import course
from microbp.course import EXERCISES
from microbp.studies import Study
from tests.course.right_answers import RIGHT

NOTEBOOKS = Path(course.__file__).parents[2] / "notebooks"
IMPORTS = """
import math
import random
import warnings

import microbp
from microbp import Value
from microbp.experiments.nature1986 import family_data, family_trees, iterative
from microbp.experiments.nature1986.family_data import ENGLISH, ITALIAN, relatives
from microbp.nn import Net
from microbp.replay import record
"""
AROUND = {"02b": ["the-class"], "07": ["far"], "08": ["own-code"], "10": ["softmax-code"]}
"""The cells of a notebook that its exercises and checks use."""


@cache
def cells(notebook):
    (path,) = NOTEBOOKS.glob(f"{notebook}-*.ipynb")
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(notebook, cell):
    (found,) = ("".join(each["source"]) for each in cells(notebook) if each["id"] == cell)
    return found


@cache
def around(notebook):
    """The names that an exercise of this notebook can use."""
    names = {}
    exec(IMPORTS, names)
    for cell in AROUND.get(notebook, []):
        exec(source(notebook, cell), names)
    if notebook == "05":
        names["found"] = found_study
    if notebook == "06":
        names["men"] = {c.husband for c in [*names["ENGLISH"], *names["ITALIAN"]]}
        names["men"] |= {"Colin", "Alfonso"}
        rng = names["random"].Random(0)
        code = [[rng.uniform(-1, 1) for _ in range(24)] for _ in range(6)]
        names["result"] = type("Result", (), {"code": lambda self: code})()
    if notebook == "07":
        names["nets"] = [names["iterative"].run(seed=seed, progress=False).net for seed in (0, 3)]
    if notebook == "10b":
        functions, _, _ = source("10b", "from-10").partition("by_last = ")
        exec(re.sub(r"(from matplotlib|import numpy).*", "", functions), names)  # slow, unused
        exec(source("10b", "attend").partition("\n\n\nresult")[0], names)
        exec(source("10b", "gpt-code"), names)
    return names


def code_of(exercise):
    """The code in its solution."""
    (code,) = re.findall(r"```python\n(.*?)```", course.solution(exercise), re.DOTALL)
    return code


def found_study(lr=0.04, solved=17, seeds=range(20), **settings):
    """A study as symmetry.run.study gives it, without the training."""
    rows = [{"seed": s, "solved_at": 900 if i < solved else None} for i, s in enumerate(seeds)]
    settings = {"sweeps": 1000, "lr": lr, "momentum": 0.9, "init": 0.3, "hidden": 2, **settings}
    return Study(rows, "symmetry", settings)


def said(exercise, code, capsys):
    """What the check of this exercise prints, with this code in the exercise's cell."""
    notebook, _, number = exercise.partition(".")
    names = dict(around(notebook))
    exec(compile(code.strip("\n"), "<a learner's cell>", "exec"), names)
    _cached_lines(code)
    capsys.readouterr()
    exec("from microbp.course import check\n" + source(notebook, f"check{number}"), names)
    return capsys.readouterr().out.rstrip("\n")


def _cached_lines(code):
    """So that a traceback has the line, as IPython's has."""
    import linecache

    lines = code.strip("\n").splitlines(keepends=True)
    linecache.cache["<a learner's cell>"] = (len(code), None, lines, "<a learner's cell>")


@pytest.fixture(autouse=True)
def an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_mistake_gets_its_words(exercise, capsys):
    notebook, _, number = exercise.partition(".")
    mistakes = import_module(f"tests.course.mistakes.notebook_{notebook}").MISTAKES
    for words, code in mistakes[int(number) - 1]:
        text = said(exercise, code, capsys)
        assert text.startswith(("not right: ", "not yet: ")), f"{code}\n{text}"
        assert words in text, f"{code}\n{text}"
        assert "\n" not in text, f"{code}\n{text}"


@pytest.mark.parametrize("exercise", EXERCISES)
def test_an_exercise_as_it_is_is_not_yet_done(exercise, capsys):
    notebook, _, number = exercise.partition(".")
    text = said(exercise, source(notebook, f"ex{number}"), capsys)
    assert text.startswith("not yet: ")
    assert not Path(course.progress.NAME).exists()


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e != "05.4"])
def test_the_solution_is_right(exercise, capsys):
    assert said(exercise, code_of(exercise), capsys).startswith("right: ")
    assert course.right_in(".") == [exercise]


@pytest.mark.parametrize("exercise", dict.fromkeys(exercise for exercise, _ in RIGHT))
def test_other_ways_to_be_right(exercise, capsys):
    for one, code in RIGHT:
        if one == exercise:
            text = said(exercise, code, capsys)
            assert text.startswith("right: "), f"{code}\n{text}"
