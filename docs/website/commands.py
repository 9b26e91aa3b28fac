"""The page of the reference on the `microbp` command, from the parsers that read its words."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from microbp.cli import main
from microbp.experiments.catalog import CATALOG

TITLE = "The microbp command"
ABOUT = "Each command and its options."
EXAMPLE = "symmetry"
"""The experiment for commands that ask for one."""


def programs() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Each command and its parser; of those that ask for an experiment, one for the example."""
    for name in [*CATALOG, *main.COMMANDS]:
        found = parser_of(name)
        yield f"microbp {name}", parser_of(name, EXAMPLE) if choices(found) else found
        if name == "check":
            yield "microbp check --file", parser_of("check", "--file")


def parser_of(*words: str) -> argparse.ArgumentParser:
    found = main.parser_for(words)
    for word in words:
        found = choices(found).get(word, found)
    return found


def choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of a command's own commands."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(groups[0].choices) if groups else {}


def text() -> str:
    """The page in reStructuredText."""
    os.environ["COLUMNS"] = "80"  # argparse folds a line of usage there
    whole = main.parser_for(())
    lines = [TITLE, "=" * len(TITLE), "", *markdown(whole.description), *markdown(whole.epilog)]
    lines += [".. list-table::", "   :widths: 35 65", ""]
    sections = []
    about = {name: line for name, (_, line) in CATALOG.items()} | main.COMMANDS
    for name, parser in programs():
        lines += [f"   * - `{name}`_", f"     - {about[name.split()[1]]}"]
        sections += section(name, parser)
    return "\n".join([*lines, "", *sections]) + "\n"


def section(name: str, parser: argparse.ArgumentParser) -> list[str]:
    """What a command is for, how it is called, and its options."""
    lines = [name, "-" * len(name), "", *markdown(parser.description)]
    if parser.prog != name.removesuffix(" --file"):
        lines += ["Here for one experiment; others have options of their own.", ""]
    usage = parser.format_usage().splitlines()
    lines += [".. code-block:: text", "", *(f"   {line}" for line in usage), ""]
    lines += [f".. program:: {name}", ""]
    for action in parser._actions:
        if action.dest != "help":
            lines += [f".. option:: {spelled(action)}", ""]
            said = (action.help or "") % {**vars(action), "prog": parser.prog}
            lines += [f"   {line}" for line in markdown(said)]
    return [*lines, *markdown(parser.epilog)]


def spelled(action: argparse.Action) -> str:
    """An option or argument as its user writes it.

    >>> spelled(argparse.ArgumentParser().add_argument("-o", "--out", metavar="FILE"))
    '-o FILE, --out FILE'
    """
    among = "{" + ",".join(map(str, action.choices)) + "}" if action.choices else ""
    name = action.dest.upper() if action.option_strings else action.dest
    metavar = str(action.metavar or among or name)
    if action.nargs == "*":
        metavar = f"[{metavar} ...]"
    if not action.option_strings:
        return metavar
    after = "" if action.nargs == 0 else f" {metavar}"
    return ", ".join(option + after for option in action.option_strings)


def markdown(words: str | None) -> list[str]:
    """Words for the shell as a directive that reads Markdown, which they nearly are.

    >>> markdown("Into a folder:\\n\\n    microbp xor --out here")
    ['.. docstring::', '', '   Into a folder:', '', '       microbp xor --out here', '']
    """
    lines = [f"   {line}".rstrip() for line in (words or "").splitlines()]
    return [".. docstring::", "", *lines, ""] if words else []


def write(folder: Path) -> None:
    """The page, in the reference's folder."""
    (folder / "commands.rst").write_text(text(), "utf-8")
