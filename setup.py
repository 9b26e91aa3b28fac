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
ASKED = os.environ.get("MICROBP_ENGINE", "")


class BuildEngine(build_ext):
    """Without a C compiler: plain Python, and one line that says so."""

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


def extensions():
    if ASKED == "python":
        return []
    from Cython.Build import cythonize

    known = runpy.run_path(str(PACKAGE / "core" / "compiled" / "fingerprint.py"))
    sources, fingerprint = known["sources"](PACKAGE), known["fingerprint"](PACKAGE)
    gcc_or_clang = ["-O3", "-ffp-contract=off"]  # a fused a * b + c would have other bits
    return cythonize(
        [
            Extension(
                ".".join(path.with_suffix("").parts),
                [str(path)],
                define_macros=[
                    ("MICROBP_SOURCES", f'"{fingerprint}"'),
                    ("CYTHON_USE_TYPE_SPECS", "1"),
                ],
                include_dirs=[str(PACKAGE / "core" / "compiled")],
                depends=[str(source) for source in sources],  # each is stamped with all of them
                extra_compile_args=[] if sys.platform == "win32" else gcc_or_clang,
            )
            for path in sources
            if path.suffix == ".pyx"
        ],
        build_dir="build",
    )


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildEngine})
