"""For Sphinx: docstrings are read as Markdown, which ours are, and names in them are links."""

from __future__ import annotations

import re

from docutils import nodes
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, new_document

import microbp
from website.reference import public

_EXAMPLE = re.compile(r"(?:^>>> .*\n(?:.+\n?)*)+", re.MULTILINE)
_PARAMETERS = re.compile(r"^(\w+)\n-{3,}\n((?:.+\n?)+)", re.MULTILINE)
_PARAMETER = re.compile(r"^(\w+(?:, \w+)*) : ", re.MULTILINE)
_NAME = re.compile(r"(?:microbp\.)?([A-Za-z_][\w.]*)(?:\(\))?")


class Docstring(SphinxDirective):
    """`.. docstring::`, with Markdown in it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        page = self.state.document
        document = new_document(page.current_source or "", page.settings)
        MystParser().parse(fenced(listed("\n".join(self.content))), document)
        return list(document.children)


def fenced(text: str) -> str:
    """Markdown in which the examples of a docstring are blocks of code.

    >>> print(fenced("A sum:\\n\\n>>> 1 + 1\\n2"))
    A sum:
    <BLANKLINE>
    ```pycon
    >>> 1 + 1
    2
    ```
    <BLANKLINE>
    """
    return _EXAMPLE.sub(lambda found: f"```pycon\n{found[0].rstrip()}\n```\n", text)


def listed(text: str) -> str:
    """Markdown in which the parameters that NumPy's style has are a list.

    >>> print(listed("Parameters\\n----------\\nlr : the size\\n  of a step.\\n"))
    **Parameters**
    <BLANKLINE>
    - `lr`: the size
      of a step.
    <BLANKLINE>
    """
    return _PARAMETERS.sub(
        lambda found: f"**{found[1]}**\n\n" + _PARAMETER.sub(r"- `\1`: ", found[2]), text
    )


def as_markdown(
    app: Sphinx, what: str, name: str, obj: object, options: object, lines: list[str]
) -> None:
    """Wrap a docstring for the directive above; the engine shows the same as the module's."""
    lines[:] = [".. docstring::", "", *(f"   {line}" for line in lines), ""]


def without_factories(
    app: Sphinx, what: str, name: str, obj: object, options: object, signature: str | None,
    returned: str | None,
) -> tuple[str | None, str | None]:  # fmt: skip
    """A signature that Sphinx can read: it gives up on what dataclasses show of a default."""
    return signature and signature.replace("<factory>", "..."), returned


def linked(node: nodes.Node | None) -> bool:
    """Whether a node is in a link already."""
    while node is not None and not isinstance(node, (nodes.reference, addnodes.pending_xref)):
        node = node.parent
    return node is not None


def link_names(app: Sphinx, document: nodes.document) -> None:
    """Make a link of each `name` in code type that is a public one."""
    for literal in list(document.findall(nodes.literal)):
        found = _NAME.fullmatch(literal.astext())
        if found is None or linked(literal):
            continue
        whole = literal.astext().startswith("microbp.")
        if whole or (found[1] in public(microbp) and "reference/" in app.env.docname):
            link = addnodes.pending_xref(
                "", refdomain="py", reftype="obj", reftarget=f"microbp.{found[1]}",
                refdoc=app.env.docname, refwarn=False,
            )  # fmt: skip
            literal.replace_self(link)
            link += literal


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("docstring", Docstring)
    app.connect("autodoc-process-docstring", as_markdown)
    app.connect("autodoc-process-signature", without_factories)
    app.connect("doctree-read", link_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
