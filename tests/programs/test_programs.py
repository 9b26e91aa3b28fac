"""Programs written for a Value class of their own print the same with ours, the import changed.

Each of `scripts/` is in the manner of what people write on micrograd or microgpt, and imports a
Value in that manner from beside this file.
"""

import re
from pathlib import Path

import pytest

from microbp.core import compiled

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.py"))
IMPORT = re.compile(r"^from tests\.programs\.value_of_\w+ import Value$", re.MULTILINE)
COMPILED = pytest.mark.skipif(bool(compiled.fault), reason=compiled.fault)


def output(script, capsys, engine=None):
    """What it prints: as it stands, or with the Value of an engine imported instead."""
    source = script.read_text()
    if engine is not None:
        source, count = IMPORT.subn(f"from microbp.core.{engine}.value import Value", source)
        assert count == 1
    exec(compile(source, script.name, "exec"), {"__name__": "__main__"})
    return capsys.readouterr().out


@pytest.mark.parametrize("engine", ["python", pytest.param("compiled", marks=COMPILED)])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_program_prints_the_same(script, engine, capsys):
    wanted = output(script, capsys)
    assert wanted.count("\n") > 3
    assert output(script, capsys, engine) == wanted
