"""No public name is missing in the reference."""

import re
import zlib
from importlib import import_module

import pytest

import microbp
from website import reference

pytestmark = pytest.mark.site
MODULES = [name for name in microbp.__all__ if hasattr(getattr(microbp, name), "__path__")]
PACKAGES = "autodiff", "checking", "drawing", "explorer", "interop", "replay"  # not in `dir`
PLAIN = {"engine", "__version__"}  # a module of which one name is public, and a string


@pytest.fixture(scope="module")
def listed(site):
    """All names that have an entry, from the site's inventory."""
    *_, packed = (site / "objects.inv").read_bytes().split(b"\n", 4)
    return set(re.findall(r"^(\S+) py:", zlib.decompress(packed).decode(), re.MULTILINE))


def test_each_name_of_microbp_has_an_entry(listed):
    modules = {*MODULES, "losses", "optim"}
    names = {f"microbp.{name}" for name in microbp.__all__ if name not in modules | PLAIN}
    assert len(names) > 60
    assert sorted(names - listed) == []


@pytest.mark.parametrize("module", [*MODULES, "losses", "optim", *PACKAGES])
def test_each_name_of_a_package_has_an_entry(listed, module):
    module = import_module(f"microbp.{module}")
    names = reference.public(module)
    assert names
    for name in names:
        found = getattr(module, name)
        top = getattr(microbp, name, None) is found
        assert {f"{module.__name__}.{name}", f"microbp.{name}" if top else ""} & listed, name


def test_the_methods_of_a_value_have_entries(listed):
    assert {"microbp.Value.backward", "microbp.Value.data", "microbp.Value.grad"} <= listed


def test_no_entry_stands_twice():
    names = [name for page in reference.PAGES for name in reference.entries(page)]
    assert len(names) == len(set(names))
