"""Build the site: `python docs/make_site.py [folder]`; open index.html in the folder build/site.

It needs `pip install '.[docs]'` and npm. To try the notebooks in the browser, serve the folder:
`python -m http.server --directory build/site`. They have NumPy and Matplotlib there if `--pyodide`
names the address of Pyodide's distribution, from which a reader's browser then takes them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from kit import downloads
from website import accessible, in_browser, staging

HERE = Path(__file__).parent / "website"
ROOT = staging.ROOT


def build(to: Path, distribution: str = "") -> None:
    """The site in the folder `to`, which is replaced; raises where Sphinx warns of anything."""
    install()
    work = ROOT / "build" / "site-work"
    source, extra = work / "source", work / "extra"
    shutil.rmtree(extra, ignore_errors=True)
    staging.stage(source, extra / "live")
    downloads.write(extra / "kit", source / "docs" / "teach")
    mathjax(extra / "_static" / "mathjax")
    shutil.rmtree(to, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-c", str(HERE), "-d", str(work / "doctrees"),
         "-W", "--keep-going", "-j", "auto", "--quiet", str(source), str(to)],
        env={**os.environ, "MICROBP_SITE_EXTRA": str(extra)},
        check=True,
    )  # fmt: skip
    accessible.mend(to)
    in_browser.build(to / "lite", work / "lite", distribution)


def install() -> None:
    """What npm has: MathJax, Pyodide and Graphviz."""
    if not all((HERE / "node_modules" / name).exists() for name in ("mathjax", "pyodide")):
        npm = ["npm", "ci", "--prefix", str(HERE), "--silent", "--no-audit", "--no-fund"]
        subprocess.run(npm, check=True)


def mathjax(to: Path) -> None:
    """MathJax as one file."""
    to.mkdir(parents=True)
    shutil.copy(HERE / "node_modules" / "mathjax" / "es5" / "tex-svg.js", to)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--pyodide", default="", metavar="ADDRESS", help="ends in a slash")
    given = parser.parse_args()
    folder = given.folder.resolve()
    build(folder, given.pyodide)
    print(f"{folder / 'index.html'}")


if __name__ == "__main__":
    main()
