"""The nets by hand in C, compiled at the start: a lower bound for replay.

With the flags of the compiled engine, so without fused multiplication and addition; `native`
adds this machine's own instructions, which the compiled engine may choose as it runs, or those of
the vectors that MICROBP_VECTORS asks that engine for.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.workload import Workload
from benchmarks.workloads.replay import C_FUNCTIONS

SOURCES = Path(__file__).parents[1] / "c"
FLAGS = ("-O3", "-ffp-contract=off")
NATIVE = {"avx512": "-march=x86-64-v4", "avx2": "-march=x86-64-v3", "sse2": "-march=x86-64"}.get(
    os.environ.get("MICROBP_VECTORS", ""), "-march=native"
)


class Adapter:
    """One way to write them, and one way to compile: "plain" or "vectorized", "" or "native"."""

    def __init__(self, written: str = "plain", target: str = "") -> None:
        self.functions = compiled(written, NATIVE if target == "native" else "")
        self.versions = {"cc": _version(_compiler())}

    def prepared(self, workload: Workload) -> _ByHand:
        return _ByHand(getattr(self.functions, C_FUNCTIONS[workload.name]), workload)


def compiled(written: str, target: str = "") -> ctypes.CDLL:
    """The functions of a file in `c`. Raises ImportError without a compiler."""
    flags = [*FLAGS, *filter(None, [target])]
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, f"{written}.so")
        command = [_compiler(), *flags, "-shared", "-fPIC", "-o", str(library)]
        made = subprocess.run(
            [*command, str(SOURCES / f"{written}.c"), "-lm"],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise ImportError(f"cc {' '.join(flags)} failed: {made.stderr.strip()}")
        return ctypes.CDLL(str(library))


def _compiler() -> str:
    found = shutil.which("cc")
    if found is None:
        raise ImportError("there is no C compiler `cc`")
    return found


class _ByHand:
    def __init__(self, function: ctypes._NamedFuncPointer, workload: Workload) -> None:
        assert workload.replay is not None
        numbers, cases = workload.numbers(), workload.replay.cases()
        flat = [x for case in cases for x in case]
        self.derivatives = (ctypes.c_double * len(numbers))()
        function.restype = ctypes.c_double
        self.function = function
        self.arguments = (  # converted once: a call then costs a tenth of a microsecond or so
            (ctypes.c_double * len(numbers))(*numbers),
            (ctypes.c_double * len(flat))(*flat),
            ctypes.c_int(len(cases)),
            self.derivatives,
        )

    def step(self) -> None:
        self.error = self.function(*self.arguments)

    def loss(self) -> float:
        return float(self.error)

    def gradient(self) -> Sequence[float]:
        return list(self.derivatives)


def _version(compiler: str) -> str:
    """The last word of its first line: "12.2.0"."""
    lines = subprocess.run(
        [compiler, "--version"], capture_output=True, text=True, check=False
    ).stdout.splitlines()
    return lines[0].split()[-1] if lines else "unknown"
