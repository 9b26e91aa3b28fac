"""setuptools' backend, which asks for Cython only where there is something to compile with."""

import os
import runpy
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403 (the hooks that pip calls)

ASKED = os.environ.get("MICROBP_ENGINE", "")
COMPILER = Path(__file__).parent / "microbp" / "_support" / "c_compiler.py"


def compiles():
    """Whether setup.py is to build the compiled engine."""
    return ASKED == "compiled" or (
        ASKED != "python" and runpy.run_path(str(COMPILER))["is_there"]()
    )


def get_requires_for_build_wheel(config_settings=None):
    asked = build_meta.get_requires_for_build_wheel(config_settings)
    return [*asked, "Cython>=3.1"] if compiles() else asked


get_requires_for_build_editable = get_requires_for_build_wheel
