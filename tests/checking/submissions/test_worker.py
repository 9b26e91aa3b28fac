"""What is said of a file that can't be checked: one line, with the place in it."""

import json

import pytest

from microbp.checking.submissions.outcome import LONGEST, Outcome

RIGHT = """
def loss(x):
    return x[0] ** 2 + 3 * x[1]

def grad(x):
    return [2 * x[0], 3.0]
"""
FILES = {
    "not a number": (RIGHT.replace("3.0]", "float('nan')]"), "fail", ""),
    "no infinite loop when imported": (
        RIGHT + "if __name__ == '__main__':\n    while True: pass\n",
        "pass",
        "",
    ),
    "a dataclass": (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass A:\n    x: float\n" + RIGHT,
        "pass",
        "",
    ),
    "exit": (
        RIGHT.replace("    return x", "    import sys; sys.exit(0)\n    return x"),
        "error",
        "line 3, in loss: it ends the program: sys.exit(0)",
    ),
    "syntax": (
        "def loss(x)\n    return x\n",
        "error",
        "line 1: syntax error: expected ':': def loss(x)",
    ),
    "a null byte": (b"x = 1\x00", "error", "null bytes"),
    "Latin-1": (b"name = '\xe9'\n", "error", "syntax error: (unicode error)"),
    "an import": (
        "import numpyy\n",
        "error",
        "line 1: ModuleNotFoundError: No module named 'numpyy'",
    ),
    "a name": (
        RIGHT.replace("loss", "losss"),
        "error",
        "there is no function 'loss': did you mean 'losss'?",
    ),
    "another name": (
        RIGHT.replace("loss", "cost"),
        "error",
        "there is no function 'loss'; there are cost, grad",
    ),
    "no function": (RIGHT + "loss = 3\n", "error", "loss is no function, but int"),
    "an empty file": ("", "error", "there is no function 'loss': no function is defined"),
    "an exception": (
        RIGHT.replace("return [2", "return [2 / 0"),
        "error",
        "line 6, in grad: ZeroDivisionError: division by zero",
    ),
    "an exception without words": (
        RIGHT.replace("return [", "raise KeyboardInterrupt\n    return ["),
        "error",
        "line 6, in grad: KeyboardInterrupt",
    ),
    "an exception in a file beside it": (
        "import helper\nloss = grad = helper.loss\n",
        "error",
        "helper.py, line 2, in loss: TypeError: can't multiply sequence by non-int of type 'list'",
    ),
    "a function that is none": (
        RIGHT.replace("def loss(x):", "async def loss(x):"),
        "error",
        "check_gradient: expected a number from f, got a coroutine",
    ),
    "a deep one": (
        "def deep(x):\n    return deep(x)\ndef loss(x):\n    return deep(x)\ngrad = loss\n",
        "error",
        "line 2, in deep: RecursionError: maximum recursion depth exceeded",
    ),
    "input": (
        RIGHT + "n = input('How many? ')\n",
        "error",
        "line 7: it waits for input, and there is none",
    ),
    "an error of a novel": (
        RIGHT + "raise ValueError('\\x1b[2Jone\\ntwo ' + 'x' * 10_000)\n",
        "error",
        "line 7: ValueError: \\x1b[2Jone two xxx",
    ),
    "an error that hides": (
        "class E(Exception):\n    def __str__(self): 1 / 0\n" + RIGHT + "raise E\n",
        "error",
        "line 9: E: an error that can't be shown",
    ),
}
PROGRAM = """
import io, json, sys
from dataclasses import asdict
from microbp.checking.submissions.process import Job
from microbp.checking.submissions.worker import outcome_of
sys.stdin = io.StringIO()
jobs = [Job(path, "loss", "grad", "[0.5, 0.25]") for path in sys.argv[1:]]
outcomes = [asdict(outcome_of(job)) for job in jobs]
print()
print(json.dumps(outcomes))
"""
"""All in one process, for these files leave it alive."""


@pytest.fixture(scope="module")
def found(tmp_path_factory, python):
    """The outcome for each file."""
    folder = tmp_path_factory.mktemp("submissions")
    paths = [folder / f"{name}.py" for name in FILES]
    for path, (text, _, _) in zip(paths, FILES.values(), strict=True):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (folder / "helper.py").write_text("def loss(x):\n    return x * x\n")
    notebook = folder / "notebook.ipynb"
    notebook.write_text("{}")
    run = python(PROGRAM, *paths, notebook)
    assert run.returncode == 0, run.stderr
    outcomes = [Outcome(**outcome) for outcome in json.loads(run.stdout.splitlines()[-1])]
    assert len(list(folder.iterdir())) == len(FILES) + 2  # nothing is left beside them
    return dict(zip([*FILES, "notebook"], outcomes, strict=True))


@pytest.mark.parametrize("name", FILES)
def test_a_file_gets_its_verdict_and_a_line(found, name):
    _, verdict, note = FILES[name]
    outcome = found[name]
    assert outcome.verdict == verdict
    assert note in outcome.note
    assert outcome.note.isprintable()
    assert len(outcome.note) <= LONGEST
    assert bool(outcome.report) == (verdict != "error")


def test_the_first_wrong_entry_is_named(found):
    assert found["not a number"].first_wrong == "x[1]"


def test_a_notebook_is_not_run(found):
    assert found["notebook"].note.startswith("it is a notebook: make a script of it")
