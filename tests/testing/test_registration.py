"""What Hypothesis knows of microbp: types, `hypothesis write`, profiles."""

import importlib
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given, settings

import microbp
from microbp import Value
from microbp.nn import Net
from tests.helpers.examples import repeatable

ORDERS = ["import hypothesis, microbp", "import microbp, hypothesis", "import microbp.testing"]


@pytest.mark.parametrize("imports", ORDERS)
def test_hypothesis_knows_our_types_whichever_is_imported_first(python, imports):
    code = f"""
{imports}
from hypothesis import strategies as st
from microbp.nn import Net
print(st.from_type(microbp.Value), st.from_type(Net))
"""
    ran = python(code)
    assert (ran.stdout, ran.stderr) == ("builds(Value, floats()) networks()\n", "")


def test_neither_imports_the_other(python):
    ran = python("import sys, hypothesis; print('microbp' in sys.modules)")
    assert (ran.stdout, ran.stderr) == ("False\n", "")
    ran = python("import sys, microbp; print('hypothesis' in sys.modules)")
    assert (ran.stdout, ran.stderr) == ("False\n", "")
    ran = python("import sys, hypothesis, microbp; print('microbp.testing' in sys.modules)")
    assert (ran.stdout, ran.stderr) == ("False\n", "")


def test_arguments_annotated_as_values_are_drawn():
    @settings(repeatable, max_examples=20)
    @given(...)
    def annotated(x: Value, net: Net):
        assert type(x) is Value
        assert type(net) is Net

    annotated()


@pytest.fixture
def write(monkeypatch):
    """`hypothesis write`."""
    # The ghostwriter formats its work with black, which is not needed to see it.
    black = SimpleNamespace(format_str=lambda code, mode: code, Mode=dict, FileMode=dict)
    monkeypatch.setitem(sys.modules, "black", black)
    from hypothesis.extra import ghostwriter

    return ghostwriter.fuzz


def test_hypothesis_writes_tests_with_values(write, monkeypatch, tmp_path):
    (tmp_path / "units.py").write_text(
        "from microbp import Value, sigmoid\n"
        "def swish(x: Value, slope: Value) -> Value:\n"
        "    return x * sigmoid(slope * x)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    code = write(importlib.import_module("units").swish)
    assert "@given(x=st.builds(Value, st.floats()), slope=st.builds(Value, st.floats()))" in code
    scope = {}
    exec(code, scope)
    scope["test_fuzz_swish"]()


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "hypot"])
def test_hypothesis_writes_tests_of_our_functions(write, name):
    code = write(getattr(microbp, name))
    assert "st.one_of(st.floats(), st.builds(Value, st.floats()))" in code
    scope = {}
    exec(code, scope)
    scope[f"test_fuzz_{name}"]()


def test_profiles_are_registered_when_asked_for_and_none_is_loaded(python):
    ran = python("""
import microbp.testing
from hypothesis import settings
before = settings.get_profile("default")
for name in ("dev", "thorough"):
    try:
        settings.get_profile(name)
    except Exception as error:
        print(error)
microbp.testing.register_profiles()
print(settings.get_profile("default") is before)
for name in ("dev", "ci", "thorough"):
    profile = settings.get_profile(name)
    print(name, profile.deadline, profile.max_examples, profile.derandomize)
""")
    assert ran.stderr == ""
    assert ran.stdout.split("\n") == [
        "Profile 'dev' is not registered",
        "Profile 'thorough' is not registered",
        "True",
        "dev None 100 False",
        "ci None 100 True",
        "thorough None 2000 False",
        "",
    ]
