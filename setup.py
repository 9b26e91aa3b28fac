"""Builds the compiled engine where there is a C compiler; everything else is in setup.cfg.

MICROBP_ENGINE=python builds none, MICROBP_ENGINE=compiled makes a failed build an error. Else what
can't be built is left out: plain Python does the work of that part.
"""

import os
import runpy
import sys
import textwrap
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

PACKAGE = Path("microbp")
GENERATED = Path("build") / "generated"
ASKED = os.environ.get("MICROBP_ENGINE", "")


class BuildEngine(build_ext):
    """Each extension on its own: one line says which failed, and why."""

    def finalize_options(self):
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()

    def run(self):
        self.lacking = set()
        for extension in self.extensions:  # a failed build must not leave an older one behind
            Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
            extension.sources = in_c(extension)
        super().run()
        self.extensions[:] = [each for each in self.extensions if each.name not in self.lacking]
        if not self.extensions and "bdist_wheel" in self.distribution.command_obj:
            self.get_finalized_command("bdist_wheel").root_is_pure = True  # py3-none-any

    def build_extension(self, extension):
        try:
            if not extension.sources:
                raise ValueError("Cython refuses it")
            super().build_extension(extension)
        except Exception as error:
            if ASKED == "compiled":
                raise
            extension.optional = True
            self.lacking.add(extension.name)
            Path(self.get_ext_fullpath(extension.name)).unlink(missing_ok=True)
            why = textwrap.shorten(str(error), 100)
            # in one piece: others are built at the same time
            sys.stderr.write(f"microbp: {extension.name} in plain Python, see above ({why})\n")


def in_c(extension):
    """The sources as Cython writes them: of each extension alone, or one failure would be all's."""
    from Cython.Build import cythonize  # asked for only where there is a compiler
    from Cython.Compiler.Errors import CompileError

    try:
        (made,) = cythonize([extension], build_dir="build", include_path=[str(GENERATED)])
    except CompileError:
        if ASKED == "compiled":
            raise
        return []
    return made.sources


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
    """Of each .pyx file one; what they are made of is generated when they are built."""
    if not runpy.run_path("build_backend.py")["compiles"]():
        if ASKED != "python":
            print("microbp: plain Python, as there is no C compiler", file=sys.stderr)
        return []
    known = runpy.run_path(str(PACKAGE / "core" / "compiled" / "fingerprint.py"))
    operations = [op.name for op in runpy.run_path(str(PACKAGE / "core" / "ops.py"))["BUILTINS"]]
    write_codes(operations)
    sources, fingerprint = known["sources"](PACKAGE), known["fingerprint"](PACKAGE, operations)
    gcc_or_clang = ["-ffp-contract=off"]  # a fused a * b + c would have other bits
    if "-fsanitize" not in os.environ.get("CFLAGS", ""):  # it takes ten times as long to build then
        gcc_or_clang += ["-O2", "-g0"]  # a fifth less time to build than with a debugger's tables
    return [
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
    ]


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildEngine})
