"""Build the site: `python docs/make_site.py [folder]`; open index.html in the folder build/site.

It needs `pip install '.[docs]'` and npm, and nothing else from the network.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from website import accessible, staging

HERE = Path(__file__).parent / "website"
ROOT = staging.ROOT


def build(to: Path) -> None:
    """The site in the folder `to`, which is replaced; raises where Sphinx warns of anything."""
    work = ROOT / "build" / "site-work"
    source, extra = work / "source", work / "extra"
    shutil.rmtree(extra, ignore_errors=True)
    staging.stage(source, extra / "live")
    mathjax(extra / "_static" / "mathjax")
    shutil.rmtree(to, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-c", str(HERE), "-d", str(work / "doctrees"),
         "-W", "--keep-going", "-j", "auto", "--quiet", str(source), str(to)],
        env={**os.environ, "MICROBP_SITE_EXTRA": str(extra)},
        check=True,
    )  # fmt: skip
    accessible.mend(to)


def mathjax(to: Path) -> None:
    """MathJax as one file, installed by npm."""
    package = HERE / "node_modules" / "mathjax"
    if not package.exists():
        npm = ["npm", "ci", "--prefix", str(HERE), "--silent", "--no-audit", "--no-fund"]
        subprocess.run(npm, check=True)
    to.mkdir(parents=True)
    shutil.copy(package / "es5" / "tex-svg.js", to)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "site")
    folder = parser.parse_args().folder.resolve()
    build(folder)
    print(f"{folder / 'index.html'}")


if __name__ == "__main__":
    main()
