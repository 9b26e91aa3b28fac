"""The `microbp` command.

Only the command that is asked for is imported; the others are a name and a line of help.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

from _microbp_command import raise_at_ctrl_c
from microbp._support.suggest import did_you_mean
from microbp.cli.arguments import TEXT, add_experiments, refuse_unknown
from microbp.cli.formula_arguments import refuse_dash
from microbp.experiments.catalog import CATALOG

COMMANDS = {
    "study": "run an experiment from many seeds, and summarize",
    "check": "check the derivative of a formula, or the gradient in a file",
    "draw": "draw the graph of a formula, with its gradients",
    "watch": "watch an experiment learn, in a page",
    "course": "count the exercises of the course that are right",
    "explore": "step through the backward pass of a formula, in a page",
}
"""What each command does. Its module, of the same name, has `configure(parser, next word)`."""

OF_FORMULAS = ("check", "draw", "explore")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default the shell's; returns the exit status."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = parser_for(arguments)
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        known = {name: "--" + name.replace("_", "-") for name in vars(options) if name != "run"}
        known.pop(unknown[0].strip("-"), "")  # after "--" it is no option
        hint = did_you_mean(unknown[0].strip("-"), (), known)
        parser.error(f"can't read {unknown[0]!r}{hint}")
    raise_at_ctrl_c()
    status: int = options.run(options)
    return status


def parser_for(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of these arguments: with the options of the one command that they ask for."""
    parser = argparse.ArgumentParser(
        prog="microbp",
        description="Back-propagation, one number at a time: the experiments of Rumelhart, "
        "Hinton & Williams, Learning representations by back-propagating errors (1986).",
        epilog="`microbp COMMAND --help` explains a command. A file with an experiment of your "
        "own is a command too: `microbp majority.py`. In Python: import microbp. Exit status: 2 "
        "for bad input or if something can't be written, 3 after Ctrl-C, 143 after SIGTERM and "
        "129 after SIGHUP, which do what Ctrl-C does, and 141 if nobody reads the output.",
    )
    version = (
        import_module("microbp.cli.version").version_line() if "--version" in arguments else ""
    )
    parser.add_argument("--version", action="version", version=version)
    if arguments and arguments[0][:1] != "-":
        refuse_unknown(arguments[0], [*CATALOG, *COMMANDS], "command", parser.error)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    asked, after, *_ = [*(word for word in arguments if not word.startswith("-")), "", ""]
    command = add_experiments(commands, asked)
    if command is not None:
        experiment = import_module("microbp.cli.experiment")
        experiment.configure(command, experiment.find(asked, parser.error))
    for name, line in COMMANDS.items():
        command = commands.add_parser(name, help=line, formatter_class=TEXT)
        if name == asked:
            module = _module(name, arguments)
            import_module(f"microbp.cli.{module}").configure(command, after)
            if module in OF_FORMULAS:
                refuse_dash(arguments[1:], command.error)
    return parser


def _module(name: str, arguments: Sequence[str]) -> str:
    """The module of a command; `check` has another for files."""
    files = any(word.partition("=")[0] == "--file" for word in arguments)
    return "check_file" if name == "check" and files else name
