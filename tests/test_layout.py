"""How the files of microbp belong together; import-linter holds the layers of its packages."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import microbp

ROOT = Path(microbp.__file__).parents[1]
PACKAGE = "microbp"


def name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {name(path): path for path in sorted((ROOT / PACKAGE).rglob("*.py"))}


class Imports(ast.NodeVisitor):
    """The modules of microbp that a file imports anywhere, type checking apart."""

    def __init__(self, path):
        self.modules, self.private = set(), set()
        self.imported = {}  # what each name of the file stands for
        self.visit(ast.parse(path.read_text(encoding="utf-8")))

    def visit_If(self, node):
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self.generic_visit(node)
        else:
            for other in node.orelse:
                self.visit(other)

    def visit_Import(self, node):
        self.modules |= {alias.name for alias in node.names} & FILES.keys()

    def visit_ImportFrom(self, node):
        if node.module.split(".")[0] != PACKAGE:
            return
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            self.modules.add(full if full in FILES else node.module)
            self.imported[alias.asname or alias.name] = full
            if alias.name.startswith("_") and not alias.name.startswith("__"):
                self.private.add(full)

    def visit_Attribute(self, node):
        owner = getattr(node.value, "id", None)
        if owner in self.imported and node.attr.startswith("_") and node.attr[1] != "_":
            self.private.add(f"{self.imported[owner]}.{node.attr}")
        self.generic_visit(node)


IMPORTS = {module: Imports(path) for module, path in FILES.items()}


def test_no_file_imports_itself_through_others():
    graph = {module: found.modules - {module} for module, found in IMPORTS.items()}
    assert graph["microbp.training.loop"] > {"microbp.training.history"}
    TopologicalSorter(graph).prepare()  # CycleError names the circle


def package(module):
    return ".".join(module.split(".")[:2])


def test_no_package_uses_anothers_private_names():
    used = {
        f"{module}: {private}"
        for module, found in IMPORTS.items()
        for private in found.private
        if package(private) != package(module)
    }
    assert used == {"microbp: microbp._hypothesis"}
