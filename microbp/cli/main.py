"""The `microbp` command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from microbp._support.version import __version__
from microbp.cli import check, draw, experiments, explore, study


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default the shell's; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(arguments).parse_args(arguments)
    status: int = options.run(options)
    return status


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="microbp",
        description="Back-propagation, one number at a time: the experiments of Rumelhart, "
        "Hinton & Williams, Learning representations by back-propagating errors (1986).",
        epilog="`microbp COMMAND --help` explains a command. A file with an experiment of your "
        "own is a command too: `microbp majority.py`. In Python: import microbp.",
    )
    parser.add_argument("--version", action="version", version=f"microbp {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    at_hand = experiments.at_hand(arguments, parser.error)
    for called, experiment in at_hand.items():
        experiments.add_to(commands, called, experiment)
    study.add_to(commands, at_hand)
    for command in (check, draw, explore):
        command.add_to(commands)
    return parser
