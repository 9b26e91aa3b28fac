"""Run the tests of a folder, or of a file that imports these two, on both engines."""

import os
import sys

import pytest

from microbp.core import compiled, engine
from microbp.core.python import backward, layers, node, optimizer_steps, value

OF_ONE_ENGINE = ("microbp.core.python", "microbp.core.compiled", "microbp.replay.compiled")


def exports(*modules):
    """What `microbp.core.engine` has of an engine, from the modules where that defines it."""
    about = ("missing", "name", "optimizer_steps", "why_python")
    names = [name for name in engine.__all__ if name not in about]
    found = {name: x for module in modules for name, x in vars(module).items() if name in names}
    assert sorted(found) == sorted(names)
    return found


ENGINES = {"python": {"optimizer_steps": optimizer_steps, **exports(backward, layers, node, value)}}
if not compiled.fault:
    from microbp.core.compiled import optimizer_steps as compiled_steps
    from microbp.core.compiled import value as compiled_value

    ENGINES["compiled"] = {"optimizer_steps": compiled_steps, **exports(compiled_value)}


def use(name, test_module):
    """Give every module of microbp, and the tests, this engine's objects for the other's."""
    wanted = ENGINES[name]
    replacement = {id(x): wanted[key] for other in ENGINES.values() for key, x in other.items()}
    modules = [
        module
        for module_name, module in list(sys.modules.items())
        if f"{module_name}.".startswith(("microbp.", "tests.helpers."))
        and not module_name.startswith(OF_ONE_ENGINE)
    ]
    for module in (*modules, test_module):
        for key, x in list(vars(module).items()):
            if id(x) in replacement:
                setattr(module, key, replacement[id(x)])
    engine.name = name


def pytest_generate_tests(metafunc):
    marker = metafunc.definition.get_closest_marker("engine")
    names = ["python", "compiled"] if marker is None else marker.args
    if names:
        missing = pytest.mark.skipif(bool(compiled.fault), reason=compiled.fault)
        marks = {"python": (), "compiled": (missing,)}
        params = [pytest.param(name, marks=marks[name]) for name in names]
        metafunc.parametrize("engine_in_use", params, indirect=True, scope="module")


@pytest.fixture(scope="module", autouse=True)
def engine_in_use(request):
    """The engine's name: each in turn, or as the marker `engine` says; see `use`.

    Programs in a process of their own run on that engine too.
    """
    name = getattr(request, "param", None)
    if name is None:
        yield engine.name
        return
    before, asked = engine.name, os.environ.get("MICROBP_ENGINE")
    use(name, request.module)
    os.environ["MICROBP_ENGINE"] = name
    yield name
    use(before, request.module)
    del os.environ["MICROBP_ENGINE"]
    if asked is not None:
        os.environ["MICROBP_ENGINE"] = asked
