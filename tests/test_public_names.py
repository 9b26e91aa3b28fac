"""The public names: all are there, found lazily, and none is hidden by a module's."""

import ast
import pkgutil
from pathlib import Path

import pytest

import microbp
from microbp import plots


def test_what_a_first_look_at_microbp_needs_is_all_that_is_imported(python):
    rooms = ["drawing", "explorer", "studies", "plots.curves", "plots.surface"]
    code = f"import sys, microbp; print([r for r in {rooms} if 'microbp.' + r in sys.modules])"
    run = python(code)
    assert run.stdout == "[]\n", run.stderr


@pytest.mark.parametrize("package", [microbp, plots])
def test_all_public_names_are_there_and_are_found_by_completion(package):
    for name in package.__all__:
        assert getattr(package, name) is getattr(package, name)
    assert set(dir(package)) == set(package.__all__)


@pytest.mark.parametrize("package", [microbp, plots])
def test_any_other_name_is_missing_as_everywhere(package):
    with pytest.raises(AttributeError, match=f"No {package.__name__} attribute x"):
        _ = package.x
    assert not hasattr(package, "explode")


def test_a_name_is_the_function_of_its_room():
    from microbp.drawing.picture import draw
    from microbp.explorer.explorer import explore
    from microbp.studies.runner import study

    assert (microbp.draw, microbp.explore, microbp.study) == (draw, explore, study)


def test_a_star_brings_them_all(python):
    run = python("from microbp import *; from microbp.plots import *; print(draw, hinton)")
    assert run.stdout.startswith("<function draw"), run.stderr


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
