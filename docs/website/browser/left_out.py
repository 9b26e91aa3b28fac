"""For IPython in the browser: a cell that needs a package which isn't there is left out, in words.

Its traceback would end "Run All". A later cell that needs a name from it is left out, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

PACKAGES = {
    "jax": "JAX",
    "matplotlib": "Matplotlib",
    "numpy": "NumPy",
    "torch": "PyTorch",
}


class LeftOut:
    """What was left out of a notebook so far.

    >>> left_out = LeftOut()
    >>> missing = ModuleNotFoundError(name="numpy")
    >>> left_out.words(missing, "import numpy as np\\nxs = np.zeros(3)")
    'Left out: this cell needs NumPy, which this page does not have. On a computer, it runs.'
    >>> left_out.words(NameError(name="xs"), "print(xs)")
    'Left out: this cell needs `xs`, from a cell that needs NumPy.'
    >>> left_out.words(NameError(name="ys"), "print(ys)")
    ''
    """

    def __init__(self) -> None:
        self._packages: dict[str, str] = {}  # by each name that a cell left out would have given

    def words(self, error: BaseException | None, source: str) -> str:
        """What to print in place of the error of a cell; "" if nothing is missing but care."""
        name = str(getattr(error, "name", None))
        if isinstance(error, ModuleNotFoundError):
            package = PACKAGES.get(name.partition(".")[0], "")
            words = f"needs {package}, which this page does not have. On a computer, it runs."
        elif isinstance(error, NameError):
            package = self._packages.get(name, "")
            words = f"needs `{name}`, from a cell that needs {package}."
        else:
            return ""
        if not package:
            return ""
        self._packages.update(dict.fromkeys(names_in(source), package))
        return f"Left out: this cell {words}"


def names_in(source: str) -> Iterator[str]:
    """The names that a cell gives to something.

    >>> list(names_in("import os.path as p, re\\ndef f(x): y = x\\na, b = f(1), 2"))
    ['p', 're', 'f', 'a', 'b']
    """
    for statement in ast.parse(source).body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            for alias in statement.names:
                yield alias.asname or alias.name.partition(".")[0]
        elif isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            yield statement.name
        else:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython at its start."""
    left_out = LeftOut()
    source = ""

    def remember(info: Any) -> None:
        nonlocal source
        source = shell.transform_cell(info.raw_cell)

    def say(shell: Any, kind: type, error: Any, traceback: Any, tb_offset: Any = None) -> None:
        words = left_out.words(error, source)
        if words:
            print(words)
        else:
            shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)

    shell.events.register("pre_run_cell", remember)
    shell.set_custom_exc((ModuleNotFoundError, NameError), say)
