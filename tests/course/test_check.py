"""`check` in any hands: words for whatever is handed in, and a note of what is right."""

import inspect
import json

import numpy as np
import pytest

import microbp
from microbp import Value, course
from microbp._support.atomic_file import FileMismatch
from microbp.course import EXERCISES, check, right_in, solution
from microbp.course.checking import _judge, words
from microbp.course.progress import NAME


class Unpleasant:
    """Raises wherever it can."""

    def __getattr__(self, name):
        raise ZeroDivisionError(name)

    def __eq__(self, other):
        raise ZeroDivisionError

    def __repr__(self):
        raise ZeroDivisionError

    def __str__(self):
        raise ZeroDivisionError

    def __iter__(self):
        raise ZeroDivisionError

    def __float__(self):
        raise ZeroDivisionError

    __hash__ = None


def raises(error):
    def function(*_):
        raise error

    return function


def gives(found):
    return lambda *_: found


def endless(*_):
    while True:
        yield 0.0


def leaves(*_):
    raise SystemExit(3)


PLAIN = [
    ..., None, True, False, "", "7", "x" * 10_000, "\0\n", b"7", 10**400, -(10**400), 1e308, -1e308,
    5e-324, float("nan"), float("inf"), -float("inf"), 0.123456, -7, 2j, [], (), {}, set(), [...],
    [None] * 24, ["a"] * 3, [float("nan")] * 24, [10**400] * 3, {"d": "x"}, {"q": ...},
    dict.fromkeys("dtpq", float("nan")), {key: [1] for key in "dtpq"}, int, float, Value, Exception,
    ValueError("x"), object(), Unpleasant(), [Unpleasant()], len, print, max,
    np.float64("nan"), np.int8(-3), np.zeros(3), np.zeros((2, 2)), np.array("x"), np.bool_(True),
    Value(7.5), Value(float("nan")), [Value(1.0)] * 24, iter([]), range(10**9), endless(), microbp,
]  # fmt: skip
FUNCTIONS = [
    *map(gives, PLAIN),
    *(raises(error) for error in (ValueError("x"), KeyError(), OSError(3, "x"), Exception)),
    raises(RecursionError("x")), raises(type("Own", (Exception,), {"__str__": None})()),
    raises(StopIteration()), raises(MemoryError()), raises(AssertionError("what")),
    leaves, endless, lambda: 7.5, lambda a, b, c, d, e, f, g: 7.5, lambda **_: 7.5,
    gives(0.123456), gives(-3), gives(np.float32(0.1)), gives([0.3, 0.3]), gives((1, 2)),
    lambda *given: given, lambda *given: given[0], lambda x, *_: x.append(3.0),
]  # fmt: skip


@pytest.mark.parametrize("exercise", EXERCISES)
def test_junk_is_never_right_and_never_raises(exercise):
    judge = inspect.signature(_judge(exercise))
    for junk in [*PLAIN, *FUNCTIONS]:
        for answers in {1, len(judge.parameters)}:
            said = words(exercise, *[junk] * answers)
            assert said.startswith(("not right: ", "not yet: ")), said
            assert "\n" not in said
            assert len(said) < 800


def test_ctrl_c_is_no_answer():
    with pytest.raises(KeyboardInterrupt):
        check("01.2", raises(KeyboardInterrupt()))


@pytest.mark.parametrize("name", ["1.2", "01.4", "", None, 1.2, ["01.1"]])
def test_an_exercise_that_the_course_does_not_have(name):
    for function in (lambda: check(name, 7), lambda: solution(name)):
        with pytest.raises(ValueError, match=r"expected an exercise such as '01.2', got"):
            function()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_right_is_kept_and_stays(folder, capsys):
    assert right_in(folder) == []
    check("03.3", 0)
    check("01.1", 7)
    check("01.1", 8)
    check("02.1", {})
    assert right_in(folder) == ["01.1", "03.3"]
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert capsys.readouterr().out.count("right: ") == 4


def test_a_folder_that_can_not_be_written_is_told(folder, capsys):
    (folder / NAME).mkdir()
    check("01.1", 7)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("right: ")
    assert second.startswith("(This is not counted: ")


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"right": "01.1"}', '{"right": 3}', "[" * 99_999, "x" * 200_000]
)
def test_a_note_that_is_no_note(folder, capsys, content):
    (folder / NAME).write_text(content)
    with pytest.raises(FileMismatch, match="delete the file to begin anew"):
        right_in(folder)
    check("01.1", 7)
    assert "not counted" in capsys.readouterr().out
    assert (folder / NAME).read_text() == content


def test_only_exercises_of_the_course_are_counted(folder):
    (folder / NAME).write_text(json.dumps({"right": ["99.9", "10b.1", "02.1", "02.1", None, [1]]}))
    assert right_in(folder) == ["02.1", "10b.1"]


def test_a_solution_shows_itself_as_text_and_in_a_notebook():
    found = solution("01.2")
    assert "return 3 * x**2" in found
    assert repr(found) == str(found) == found._repr_markdown_()
    assert all(solution(exercise) for exercise in EXERCISES)


def test_the_package_is_light(python):
    ran = python(
        "from microbp.course import check; check('04.2', 3); import sys; print(*sys.modules)"
    )
    assert not {"numpy", "matplotlib", "IPython"} & {*ran.stdout.split()}, ran.stderr
    assert course.check is check
