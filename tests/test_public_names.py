"""The face of microbp: the names it shows, where they come from, and what an import costs."""

import ast
import pkgutil
import sys
from pathlib import Path

import pytest

import microbp
from microbp import plots, testing

EACH = pytest.mark.parametrize(
    "package", [microbp, plots, testing], ids=lambda package: package.__name__
)


def stub(package):
    """What `__init__.pyi` imports: (level and module, name) for each public name."""
    tree = ast.parse(Path(package.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    return {
        alias.asname: ("." * node.level + (node.module or ""), alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@EACH
def test_dir_shows_the_public_names_and_nothing_else(package):
    names = stub(package)
    assert len(names) > 5
    assert set(dir(package)) == set(package.__all__) == set(names)


@EACH
def test_each_name_is_what_its_module_has(package):
    for name, (module, original) in stub(package).items():
        scope = {"__package__": package.__name__}
        exec(f"from {module} import {original} as found", scope)
        assert getattr(package, name) is scope["found"], name


@EACH
def test_any_other_name_is_missing_as_everywhere(package):
    with pytest.raises(AttributeError) as error:
        _ = package.x
    assert str(error.value) == f"module '{package.__name__}' has no attribute 'x'"
    assert not hasattr(package, "explode")


def loaded_by(python, code):
    """Which modules the code loads, in a Python that has loaded none of them."""
    ran = python(
        f"import sys; before = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)"
    )
    assert ran.returncode == 0, ran.stderr
    return {name for name in ran.stdout.split() if not name.startswith("_")}


def test_import_loads_the_engine_and_no_package_of_others(python):
    names = loaded_by(python, "import microbp")
    others = {name.partition(".")[0] for name in names} - sys.stdlib_module_names
    assert others - {"cython_runtime"} == {"microbp", "lazy_loader"}
    parts = {name.split(".")[1] for name in names if name.startswith("microbp.")}
    assert parts == {"_hypothesis", "_support", "core"}


def test_dir_loads_nothing(python):
    names = loaded_by(python, "import microbp; from microbp import plots; dir(microbp); dir(plots)")
    assert not names & {"numpy", "matplotlib", "microbp.drawing", "microbp.plots.curves"}


def test_a_star_brings_them_all(python):
    ran = python("from microbp import *; from microbp.plots import *; print(draw, hinton)")
    assert ran.stdout.startswith("<function draw"), ran.stderr


def test_a_star_loads_no_optional_package(python):
    optional = {"matplotlib", "pandas", "joblib", "hypothesis", "mpmath", "sklearn", "sympy", "jax"}
    assert not optional & loaded_by(python, "from microbp import *; testing, plots, sklearn")


PACKAGE = Path(microbp.__file__).parent
FACES = sorted({*PACKAGE.rglob("*/__init__.py"), *PACKAGE.rglob("__init__.pyi")})


@pytest.mark.parametrize("face", FACES, ids=lambda face: str(face.relative_to(PACKAGE)))
def test_no_exported_name_is_a_modules(face):
    """Importing the module would put it in the place of the function of its name."""
    modules = {module.name for module in pkgutil.iter_modules([str(face.parent)])}
    exported = set()
    for node in ast.parse(face.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            exported |= {alias.asname for alias in node.names}  # `f as f` is how we export f
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            exported |= set(ast.literal_eval(node.value))  # `__all__`
    assert not exported & modules
