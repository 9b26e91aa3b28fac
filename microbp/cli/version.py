"""What `microbp --version` says."""

from __future__ import annotations

from pathlib import Path

from microbp._support import c_compiler
from microbp._support.version import __version__
from microbp.core import engine

AGAIN = "pip cache remove microbp && pip install --force-reinstall --no-deps microbp"


def version_line() -> str:
    """The version, which engine runs, and why."""
    return f"microbp {__version__}, {_engine()}"


def _engine() -> str:
    if engine.name == "python":
        advice = ""
        if not engine.asked and c_compiler.is_there():
            sources = list(Path(engine.__file__).with_name("compiled").glob("*.pyx"))
            again = "pip install -e ." if sources else AGAIN
            advice = f". There is a C compiler now: {again}"
        return f"engine: plain Python, as {engine.why_python}{advice}"
    missing = engine.missing()
    lacks = "".join(f"; {name} in plain Python, as {why}" for name, why in missing.items())
    if "interpreter" in missing:
        return f"engine: compiled{lacks}"
    from microbp.replay.compiled.interpreter import vectors

    return f"engine: compiled, vectors: {vectors()}{lacks}"
