"""No public name is missing in the reference."""

import re
import zlib
from importlib import import_module

import pytest

import microbp
from microbp.cli import main
from microbp.experiments.catalog import CATALOG
from website import reference

pytestmark = pytest.mark.site
MODULES = [name for name in microbp.__all__ if hasattr(getattr(microbp, name), "__path__")]
PACKAGES = "autodiff", "checking", "drawing", "explorer", "interop", "replay"  # not in `dir`
PLAIN = {"engine", "__version__"}  # a module of which one name is public, and a string


@pytest.fixture(scope="module")
def inventory(site):
    *_, packed = (site / "objects.inv").read_bytes().split(b"\n", 4)
    return zlib.decompress(packed).decode()


@pytest.fixture(scope="module")
def listed(inventory):
    """All names that have an entry, from the site's inventory."""
    return set(re.findall(r"^(\S+) py:", inventory, re.MULTILINE))


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


@pytest.mark.parametrize(
    "command", [*CATALOG, *main.COMMANDS, "study symmetry", "watch symmetry", "check --file"]
)
def test_each_option_of_a_command_has_an_entry(inventory, capsys, command):
    with pytest.raises(SystemExit):
        main.main([*command.split(), "--help"])
    found = re.findall(r"^  (?:-\w [A-Z]+, )?(--[a-z-]+)", capsys.readouterr().out, re.MULTILINE)
    assert found or command in ("study", "watch", "course")
    program = f"microbp {command.removesuffix(' symmetry')}".replace(" ", "-")
    for option in found:
        assert f"\n{program}.{option} std:cmdoption" in inventory, option
