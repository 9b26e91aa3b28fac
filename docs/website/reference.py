"""The pages of the reference: every public name of microbp, on the page where one would look."""

from __future__ import annotations

import ast
import builtins
import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType

import microbp
from microbp.core import functions
from website import commands


def _functions() -> list[str]:
    """The public names of the module of functions, which is not public itself."""
    own = {name for name, found in vars(functions).items() if inspect.isfunction(found)}
    return [name for name in dir(microbp) if name in own]


@dataclass(frozen=True)
class Page:
    """A page: `names` first, and then whatever else is public in `modules`."""

    name: str
    title: str
    about: str
    names: str = ""
    modules: str = ""


PAGES = [
    Page("values", "Values and errors", "A number that remembers how it was computed.",
         "microbp.Value microbp.no_grad microbp.detect_anomaly microbp.operation microbp.Domain "
         "microbp.DomainError microbp.AnomalyError microbp.FileMismatch microbp.engine.name"),
    Page("functions", "Functions", "Functions of Values, or of plain numbers.",
         " ".join(f"microbp.{name}" for name in _functions())),
    Page("derivatives", "Derivatives of functions", "They nest, to any order.",
         modules="microbp.autodiff"),
    Page("checking", "Checking gradients", "Is this derivative right?",
         "microbp.gradcheck microbp.check_gradient microbp.step_curve", "microbp.checking"),
    Page("pictures", "Pictures and pages", "A graph as a picture, and as a page to step through.",
         "microbp.draw microbp.animate microbp.explore microbp.watch",
         "microbp.drawing microbp.explorer"),
    Page("plots", "Plots", "By Matplotlib: ``pip install '.[plots]'``.", modules="microbp.plots"),
    Page("nets", "Nets", "Units, layers and nets.", modules="microbp.nn"),
    Page("losses", "Losses", "The error of one case.", modules="microbp.losses"),
    Page("optimizers", "Optimizers", "How gradients change weights.", modules="microbp.optim"),
    Page("training", "Training", "The loop over sweeps, and what it saw.",
         "microbp.train", "microbp.training"),
    Page("datasets", "Data sets", "Small ones, without a download.", modules="microbp.datasets"),
    Page("replay", "Record and replay", "One graph, many cases.",
         "microbp.record microbp.Program", "microbp.replay"),
    Page("interop", "SymPy, NetworkX, scikit-learn", "Graphs and nets in other libraries' terms.",
         modules="microbp.interop microbp.sklearn"),
    Page("course", "Checks of the course", "Is an answer right?",
         modules="microbp.course"),
    Page("studies", "Studies", "One experiment from many seeds.",
         "microbp.study", "microbp.studies"),
    Page("experiments", "Experiments", "The paper's, and what makes your own.",
         modules="microbp.experiments"),
    Page("testing", "Testing", "For test suites that use Hypothesis.", modules="microbp.testing"),
]  # fmt: skip

# Data that has no docstring of its own.
WORDS = {
    "ACTIVATIONS": "The operation of each activation, by its name; None for a linear unit.",
    "CATALOG": "The module of each experiment, and a line about it, by the name of its command.",
    "INK": "The color of lines and letters.",
    "POSITIVE": "The color of what is above 0.",
    "NEGATIVE": "The color of what is below 0.",
    "EXERCISES": "The title of each exercise, by its number.",
    "Loss": "A function of a case's outputs and targets that gives its error.",
    "name": 'The engine in use: "compiled" or "python".',
}


INDEX = """\
Reference
=========

Every public name, with its types. The examples are run as tests. A ``Scalar`` among the types is
a Value or a real number.

.. list-table::
   :widths: 30 70
"""


def public(module: ModuleType) -> list[str]:
    """The names that a module offers: its `__all__`, or else all that it defines for others."""
    listed: Iterable[str] | None = getattr(module, "__all__", None)
    if listed is not None:
        return sorted(listed)
    return sorted(name for name in _exported(module) if name[0] != "_" and name != "TYPE_CHECKING")


def _exported(module: ModuleType) -> dict[str, str]:
    """Where each name lives that a module imports for others (`f as f`) or defines itself."""
    found: dict[str, str] = {}
    own = Path(inspect.getfile(module))
    stub = own.with_suffix(".pyi")
    for node in ast.parse((stub if stub.exists() else own).read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            home = f"{module.__name__}.{node.module}" if node.level else str(node.module)
            found |= {a.name: home for a in node.names if a.asname == a.name}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = module.__name__
        elif isinstance(node, ast.AnnAssign) and "TypeAlias" in ast.unparse(node.annotation):
            found[ast.unparse(node.target)] = module.__name__
    return found


def entries(page: Page) -> list[str]:
    """The names on a page: each object once, under the shortest name that it has."""
    top = {id(getattr(microbp, name)): f"microbp.{name}" for name in public(microbp)}
    names = page.names.split()
    elsewhere = {id(resolve_name(name)) for other in PAGES for name in other.names.split()}
    for module in map(import_module, page.modules.split()):
        for name in public(module):
            found = getattr(module, name)
            if id(found) not in elsewhere:
                names.append(top.get(id(found), f"{module.__name__}.{name}"))
    return names


def known() -> set[type]:
    """The classes that a reader can look up: ours, and those of Python's errors."""
    ours: set[type] = set()
    for page in PAGES:
        every: list[object] = [resolve_name(name) for name in entries(page)]
        ours |= {found for found in every if isinstance(found, type)}
    return ours | {error for error in vars(builtins).values() if isinstance(error, type)} - {object}


def markup(name: str) -> str:
    """One entry in reStructuredText; Sphinx reads the docstring and the types."""
    found = resolve_name(name)
    if found is microbp.Value:
        return value()
    if isinstance(found, type):
        bases = "   :show-inheritance:\n" if set(found.__bases__) <= known() else ""
        # scikit-learn adds one to each estimator, with a docstring in another style.
        members = "   :members:\n   :exclude-members: set_score_request\n"
        return f".. autoclass:: {name}\n{members}{bases}"
    if inspect.isroutine(found):
        return f".. autofunction:: {name}\n"
    return f".. py:data:: {name}\n\n   {about(name)}\n"


def value() -> str:
    """The entry of Value: first what it has, then what it does, then its functions."""
    names = [name for name in dir(microbp.Value) if name[0] != "_"]
    methods = [name for name in names if callable(getattr(microbp.Value, name))]
    first = ["backward", "detach", "item", "zero_grad"]
    lines = [".. autoclass:: microbp.Value", ""]
    lines += [f"   .. autoattribute:: {name}" for name in names if name not in methods]
    methods.sort(key=lambda name: name not in first)
    lines += [f"   .. automethod:: {name}" for name in methods]
    return "\n".join(lines) + "\n"


def about(name: str) -> str:
    """What data is for: the docstring below it, or ours."""
    parent, _, last = name.rpartition(".")
    if last in WORDS:
        return WORDS[last]
    home = import_module(_exported(import_module(parent))[last])
    body = ast.parse(inspect.getsource(home)).body
    for node, after in pairwise(body):
        named = isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == last
        if named and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            return str(after.value.value)
    raise LookupError(f"{name} has no docstring, and no words in {__file__}")


def line(name: str) -> str:
    """The first line about a name."""
    found = resolve_name(name)
    documented = isinstance(found, type) or inspect.isroutine(found)
    return str(inspect.getdoc(found) if documented else about(name)).partition("\n")[0]


def text(page: Page) -> str:
    """A page in reStructuredText: a table of its names, and then each in full."""
    names = entries(page)
    lines = [page.title, "=" * len(page.title), "", page.about, ""]
    lines += [".. list-table::", "   :widths: 35 65", ""]
    for name in names:
        lines.append(f"   * - :py:obj:`{name.removeprefix('microbp.')} <{name}>`")
        lines += ["     - .. docstring::", "", f"          {line(name)}"]
    return "\n".join(lines) + "\n\n" + "\n".join(map(markup, names))


def write(folder: Path) -> None:
    """All pages, and one that lists them."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [INDEX]
    for page in PAGES:
        (folder / f"{page.name}.rst").write_text(text(page), "utf-8")
        lines += [f"   * - :doc:`{page.title} <{page.name}>`", f"     - {page.about}"]
    commands.write(folder)
    lines += [f"   * - :doc:`{commands.TITLE} <commands>`", f"     - {commands.ABOUT}"]
    (folder / "index.rst").write_text("\n".join(lines) + "\n", "utf-8")
