"""Read the programs of the corpus, as they are or with a mistake planted in them.

A program is a file as a student, a course or a researcher would write it. It has `at`, and
`loss` and `grad`, or `f` with a `jacobian` or a `vjp`, or `f` alone, which then brings its own
derivative. A mistake is a piece of a program's text, and what somebody wrote in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

PROGRAMS = Path(__file__).parent / "programs"

SUBJECTS = ("functions", "iterations", "nets", "plain", "science")
"""The folders of programs; two more, torch and jax, need these libraries."""


@dataclass(frozen=True)
class Program:
    """A function, its derivatives by name as `check_gradient` takes them, and a point."""

    f: Any
    derivatives: dict[str, Any]
    at: Any


@dataclass(frozen=True)
class Mistake:
    """`text` in the program, written as `wrong` instead.

    `of` names the arguments whose gradient is wrong then, such as "W1", or single entries, such as
    "b[0]"; in an argument named whole, some entries may still be right. `says` is what
    a report should say that it looks like, where a reader could tell.
    """

    name: str
    program: str
    text: str
    wrong: str
    of: tuple[str, ...]
    says: str = ""


def programs(*subjects: str) -> list[str]:
    """The names of the programs, such as "nets/lstm", of these subjects."""
    return sorted(
        f"{subject}/{path.stem}"
        for subject in subjects
        for path in (PROGRAMS / subject).glob("*.py")
    )


def load(name: str, mistake: Mistake | None = None) -> Program:
    """Run a program's file, with the mistake planted if there is one."""
    path = PROGRAMS / f"{name}.py"
    text = path.read_text(encoding="utf-8")
    if mistake is not None:
        assert text.count(mistake.text) == 1, f"{mistake.name}: not once in {name}"
        text = text.replace(mistake.text, mistake.wrong)
    module = ModuleType(path.stem)
    exec(compile(text, str(path), "exec"), module.__dict__)
    names = {"grad": "gradient", "jacobian": "jacobian", "vjp": "vjp", "hessian": "hessian"}
    derivatives = {
        ours: vars(module)[name] for name, ours in names.items() if hasattr(module, name)
    }
    return Program(vars(module).get("loss") or module.f, derivatives, module.at)
