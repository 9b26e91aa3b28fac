"""The notebooks in the browser: JupyterLite, with a Python in which microbp is installed.

All that it loads is in the folder that it is built in. NumPy and Matplotlib are not, as their
wheels for a browser come from Pyodide's distribution alone: a published site names its address.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYODIDE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"]
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
FROM_PYODIDE = ["numpy", "matplotlib"]  # what the course needs of its distribution
SOURCES = ["setup.py", "setup.cfg", "pyproject.toml", "build_backend.py", "README.md", "LICENSE",
           "_microbp_*.py"]  # fmt: skip


def build(to: Path, work: Path, distribution: str = "") -> None:
    """JupyterLite with the notebooks, in the folder `to`.

    `distribution` is the address of Pyodide's full distribution, ending in a slash.
    """
    shutil.rmtree(work, ignore_errors=True)
    contents = work / "contents"
    contents.mkdir(parents=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copy(path, contents)
    options = ["--apps", "notebooks", "--no-sourcemaps", "--no-unused-shared-packages"]
    made = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build", *options, "--contents", "contents",
         "--output-dir", str(to)],
        cwd=work, capture_output=True, text=True,
    )  # fmt: skip
    if made.returncode:
        sys.exit(f"JupyterLite was not built:\n{made.stdout}\n{made.stderr}")
    kernel = to / "static" / "kernel"
    kernel.mkdir(parents=True)
    for name in PYODIDE:
        shutil.copy(HERE / "node_modules" / "pyodide" / name, kernel)
    graphviz = HERE / "node_modules" / "@hpcc-js" / "wasm-graphviz" / "dist" / "index.js"
    shutil.copy(graphviz, kernel / "graphviz.mjs")
    for name in ("kernel.mjs", "left_out.py"):
        shutil.copy(HERE / "browser" / name, kernel)
    wheels(kernel, work / "sources")
    shipped = to / "extensions" / "@jupyterlite" / "pyodide-kernel-extension" / "static" / "pypi"
    for wheel in shipped.glob("*.whl"):
        if not wheel.name.startswith("widgets"):
            shutil.copy(wheel, kernel)
    packages = lock(kernel, distribution)
    settings = {
        "pyodideUrl": "./static/kernel/kernel.mjs",
        "disablePyPIFallback": not distribution,
        "loadPyodideOptions": {"packages": packages},
    }
    config = to / "jupyter-lite.json"
    whole = json.loads(config.read_text("utf-8"))
    plugins = whole["jupyter-config-data"].setdefault("litePluginSettings", {})
    plugins[KERNEL] = plugins.get(KERNEL, {}) | settings
    config.write_text(json.dumps(whole, indent=1), "utf-8")


def wheels(to: Path, sources: Path) -> None:
    """The wheel of microbp in plain Python, made of a copy, and those of what it needs."""
    ignored = shutil.ignore_patterns("*.so", "__pycache__")
    shutil.copytree(ROOT / "microbp", sources / "microbp", ignore=ignored)
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            shutil.copy(path, sources)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    ours = [*pip, "wheel", "--no-deps", f"--wheel-dir={to}", str(sources)]
    subprocess.run(ours, check=True, env={**os.environ, "MICROBP_ENGINE": "python"})
    pure = ["--no-deps", "--only-binary=:all:", "--platform=any", "--python-version=3.14"]
    wanted = ["-r", str(HERE / "browser" / "wheels.txt")]
    subprocess.run([*pip, "download", *pure, f"--dest={to}", *wanted], check=True)


def lock(kernel: Path, distribution: str) -> list[str]:
    """Write the list of packages that Pyodide can load, and return those that it loads at once."""
    theirs = json.loads((HERE / "node_modules/pyodide/pyodide-lock.json").read_text("utf-8"))
    ours = dict(map(entry, sorted(kernel.glob("*.whl"))))
    packages = {}
    if distribution:
        for name, package in theirs["packages"].items():
            packages[name] = {**package, "file_name": distribution + package["file_name"]}
    listed = {"info": theirs["info"], "packages": packages | ours}
    (kernel / "pyodide-lock.json").write_text(json.dumps(listed), "utf-8")
    return [*ours, *(FROM_PYODIDE if distribution else [])]


def entry(wheel: Path) -> tuple[str, dict[str, Any]]:
    """A wheel's name and its entry in Pyodide's list."""
    name, version = wheel.name.split("-")[:2]
    name = name.lower().replace("_", "-")
    with zipfile.ZipFile(wheel) as content:
        tops = {path.split("/")[0].removesuffix(".py") for path in content.namelist()}
    return name, {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(top for top in tops if top.isidentifier()),
        "depends": [],
        "unvendored_tests": False,
    }
