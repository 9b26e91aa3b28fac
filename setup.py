"""Builds the compiled engine where there is a C compiler; everything else is in setup.cfg.

MICROBP_ENGINE=python builds none, MICROBP_ENGINE=compiled makes a failed build an error.
"""

import os
import runpy
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

PACKAGE = Path("microbp")
GENERATED = Path("build") / "generated"
ASKED = os.environ.get("MICROBP_ENGINE", "")


class BuildEngine(build_ext):
    """Without a C compiler: plain Python, and one line that says so."""

    def finalize_options(self):
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()

    def run(self):
        for extension in self.extensions:  # a failed build must not leave an older one behind
            Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
        try:
            super().run()
        except Exception as error:
            if ASKED == "compiled":
                raise
            self.extensions.clear()
            print(f"microbp: no compiled engine, plain Python instead ({error})", file=sys.stderr)


def write_codes(operations):
    """Number the operations for C: an enum as a header, and the same for Cython.

    OTHER are custom operations, CUSTOM is that of nodes made by hand.
    """
    names = ", ".join(["OTHER", *(name.upper() for name in operations), "CUSTOM", "CODES"])
    write("op_codes.h", f"#pragma once\ntypedef enum {{ {names} }} Code;\n")
    write("op_codes.pxi", f'cdef extern from "op_codes.h":\n    ctypedef enum Code: {names}\n')


def write(name, text):
    """Write a generated file; leave one that has this text, as a newer one is compiled again."""
    path = GENERATED / name
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def extensions():
    if ASKED == "python":
        return []
    from Cython.Build import cythonize

    known = runpy.run_path(str(PACKAGE / "core" / "compiled" / "fingerprint.py"))
    operations = [op.name for op in runpy.run_path(str(PACKAGE / "core" / "ops.py"))["BUILTINS"]]
    write_codes(operations)
    sources, fingerprint = known["sources"](PACKAGE), known["fingerprint"](PACKAGE, operations)
    gcc_or_clang = ["-ffp-contract=off"]  # a fused a * b + c would have other bits
    if "-fsanitize" not in os.environ.get("CFLAGS", ""):  # it takes ten times as long to build then
        gcc_or_clang += ["-O2", "-g0"]  # a fifth less time to build than with a debugger's tables
    return cythonize(
        [
            Extension(
                ".".join(path.with_suffix("").parts),
                [str(path)],
                define_macros=[
                    ("MICROBP_SOURCES", f'"{fingerprint}"'),
                    ("CYTHON_USE_TYPE_SPECS", "1"),
                ],
                include_dirs=[str(GENERATED)],
                # each is stamped with all of them
                depends=[*map(str, sources), str(GENERATED / "op_codes.h")],
                extra_compile_args=[] if sys.platform == "win32" else gcc_or_clang,
            )
            for path in sources
            if path.suffix == ".pyx"
        ],
        build_dir="build",
        include_path=[str(GENERATED)],
    )


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildEngine})
