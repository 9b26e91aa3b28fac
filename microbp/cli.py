"""The `microbp` command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from microbp.commands import check, explore, study, symmetry
from microbp.version import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default the shell's; returns the exit status."""
    options = _parser().parse_args(arguments)
    status: int = options.run(options)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="microbp",
        description="Back-propagation, one number at a time: the experiments of Rumelhart, "
        "Hinton & Williams, Learning representations by back-propagating errors (1986).",
        epilog="`microbp COMMAND --help` explains a command. In Python: import microbp.",
    )
    parser.add_argument("--version", action="version", version=f"microbp {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in (symmetry, study, check, explore):
        command.add_to(commands)
    return parser
