"""docs/teach: what its pages say of the course, of a class and of the live pages is so."""

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from microbp.cli.main import main
from microbp.course import EXERCISES
from microbp.course.checking import words
from notebooks import times
from tests.docs.class_of_thirty import HAND_INS, LOSS

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "teach"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


SAID = [
    ("misconceptions", "with 0.3 it takes 717 sweeps", "04", "lr 0.3:  717 sweeps"),
    ("misconceptions", "with 0.5 429", "04", "lr 0.5:  429 sweeps"),
    ("misconceptions", "with 0.57 377", "04", "lr 0.57:  377 sweeps"),
    ("misconceptions", "0.58 it never arrives", "04", "lr 0.58:  never"),
    ("misconceptions", "68 sweeps with 0.8", "04", "momentum 0.8 : 68 sweeps"),
    ("misconceptions", "140 with 0.9", "04", "momentum 0.9 : 140 sweeps"),
    ("misconceptions", "1,529 with 0.99", "04", "momentum 0.99: 1529 sweeps"),
    ("misconceptions", "36 of 100", "05", "solved by sweep 1,425: 36 of 100"),
    ("misconceptions", "27.3 to 45.8 %", "05", "36.0 % (27.3 to 45.8)"),
    ("misconceptions", "off by 14 %", "08", "14% off"),
    ("misconceptions", "35 % of its names", "10", "keep the law: 35 %"),
    ("misconceptions", "looks back, in 99 %", "10b", "keep the law: 99 %"),
    ("misconceptions", "16, 24 and 8", "02", "w 16.0  x 24.0  b 8.0"),
    ("lesson-90-minutes", "x3 = 0.4, y3 = 0.5987", "03", "x3 = 0.4000, y3 = 0.5987"),
    ("lesson-90-minutes", "y4 = 0.4745", "03", "y4 = 0.4745, y5 = 0.3324"),
    ("lesson-90-minutes", "dE/dx4 = −0.1310", "03", "dE/dx4 = -0.1310   dE/dw43 = -0.0784"),
    ("lesson-90-minutes", "dE/dx5 = +0.0738", "03", "dE/dx5 = +0.0738"),
    ("lesson-90-minutes", "dE/dy3 = −0.3441", "03", "dE/dy3 = -0.3441   dE/dx3 = -0.0827"),
    ("four-weeks", "36, and 46 by sweep 2,000", "05", "solved by sweep 2,000: 46 of 100"),
    ("lesson-45-minutes", "30.012 times", "01", "30.012"),
]  # fmt: skip
"""What a page says, and the output of a notebook where it is from."""


def page(name):
    return (PAGES / f"{name}.md").read_text("utf-8")


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def title(notebook):
    first = json.loads(notebook.read_text("utf-8"))["cells"][0]["source"]
    return "".join(first).partition("\n")[0].removeprefix("# ")


def test_goals_have_each_notebook_with_its_minutes_and_exercises():
    text = page("goals")
    sections = dict(re.findall(r"^## ([^\n]*)\n\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(sections) == [title(notebook) for notebook in NOTEBOOKS]
    assert f"The course has {len(EXERCISES)} exercises" in text
    for notebook, section in zip(NOTEBOOKS, sections.values(), strict=True):
        read, do = (5 * round(part / 5) for part in times.minutes(notebook))
        assert f"**Minutes:** {read + do}, of which {read} are for reading." in section
        name = notebook.name.partition("-")[0]
        numbers = [one.partition(".")[2] for one in EXERCISES if one.startswith(f"{name}.")]
        assert numbers[-1] in section.partition("**Exercises:**")[2]


@pytest.mark.parametrize(("name", "said", "notebook", "printed"), SAID)
def test_numbers_on_the_pages_are_those_of_the_notebooks(name, said, notebook, printed):
    (path,) = (ROOT / "notebooks").glob(f"{notebook}-*.ipynb")
    outputs = [
        "".join(output.get("text", []))
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        for output in cell.get("outputs", [])
    ]
    assert said in " ".join(page(name).split())
    assert printed in "".join(outputs)


@pytest.mark.parametrize("name", ["lesson-45-minutes", "lesson-90-minutes", "four-weeks"])
def test_the_minutes_of_a_plan_follow_each_other(name):
    rows = re.findall(r"^\| (\d+) to (\d+) \|", page(name), re.MULTILINE)
    lessons = [[]]
    for start, end in [tuple(map(int, row)) for row in rows]:
        if start == 0 and lessons[-1]:
            lessons.append([])
        lessons[-1].append((start, end))
    assert len(lessons) == (8 if name == "four-weeks" else 1)
    for lesson in lessons:
        assert lesson[0][0] == 0
        assert lesson[-1][1] == (45 if name == "lesson-45-minutes" else 90)
        assert all(before[1] == after[0] for before, after in pairwise(lesson))


def test_the_three_rules_of_the_play_give_42_12_and_30():
    arrows = {"y": {"u": 6, "v": 3}, "u": {"h": 1}, "v": {"h": 3}, "h": {"x": 2}, "x": {}}
    for rule, ends in [("at once", 42), ("the first time", 12), ("wait", 30)]:
        has, said = dict.fromkeys("uvhx", 0) | {"y": 1}, []

        def tell(who, rule=rule, has=has, said=said):
            said.append(who)
            for whom, arrow in arrows[who].items():
                has[whom] += has[who] * arrow
                if rule == "at once" or (rule == "the first time" and whom not in said):
                    tell(whom)

        for who in "yuvh" if rule == "wait" else "y":
            tell(who)
        assert has["x"] == ends


def test_the_checks_say_what_the_page_of_misconceptions_quotes():
    def cube(body):
        names = {}
        exec(f"def partial_of_cube(x):\n    {body}", names)
        return words("01.2", names["partial_of_cube"])

    rows = dict(re.findall(r"^\| (.+) \| (.+) \|$", page("misconceptions"), re.MULTILINE))
    rows = {wrote: said.replace("`x**2`", "x**2") for wrote, said in rows.items()}
    assert rows["`3*x^2`"] in cube("return 3*x^2")
    assert rows["a function without `return`"] in cube("3*x**2")
    assert rows["`x(3 * x)`"] in cube("return x(3 * x)")
    assert rows['`"7"`'] in words("01.1", "7")
    assert rows["`math.exp(x)` for a Value"] in cube(
        "import math, microbp; return math.exp(microbp.Value(x))"
    )


def test_the_count_is_out_of_all_exercises():
    assert page("grade-a-class").count(f" of {len(EXERCISES)} right   students/") == 4


def test_the_sheet_for_students_begins_as_their_files_do():
    (sheet,) = blocks(page("grade-a-class"), "python")
    assert sheet == f"{LOSS}def grad(w):\n    return ...  # a list of three numbers\n"


@pytest.mark.thorough
def test_a_class_of_thirty_gets_the_grades_on_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("handed-in").mkdir()
    for name, text in HAND_INS.items():
        Path("handed-in", f"{name}.py").write_text(text)
    command = blocks(page("grade-a-class"), "sh")[0].replace("\\\n", "")
    assert main(shlex.split(command)[1:]) == 1
    grades, end = blocks(page("grade-a-class"), "text")[:2]
    assert Path("grades.csv").read_text() == grades
    in_words = [row for row in grades.splitlines() if ",fail," in row and "in place of" not in row]
    assert len(in_words) == 7
    assert capsys.readouterr().out.endswith(end)


def test_binder_installs_what_the_notebooks_ask_for():
    asked = set()
    for notebook in NOTEBOOKS:
        for extras in re.findall(r"install '\.\[([\w,]+)\]'", notebook.read_text("utf-8")):
            asked |= set(extras.split(","))
    installed = re.search(r"^\.\[(.*)\]$", (ROOT / "binder" / "requirements.txt").read_text(), re.M)
    assert asked <= set(installed[1].split(","))
    assert f"[{installed[1]}]" in page("run-it")
