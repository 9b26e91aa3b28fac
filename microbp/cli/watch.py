"""`microbp watch symmetry`: the training of an experiment as a page in which it runs."""

from __future__ import annotations

import argparse
from typing import Any

from microbp.cli.arguments import add_experiments, count, file, refuse_unknown
from microbp.cli.experiment import add_settings, find, given_settings
from microbp.experiments import CATALOG, Experiment


def configure(command: argparse.ArgumentParser, asked: str) -> None:
    """Add the arguments of `microbp watch` to its parser, and of the experiment asked for."""
    command.description = "Write a page in which the training of an experiment runs, live."
    command.epilog = """\
The experiment may also be in a file of yours: microbp watch mine.py -o mine.html. In Python,
microbp.watch makes such a page of any net, and history.watch() of a training that was made."""
    if asked:
        refuse_unknown(asked, CATALOG, "experiment", command.error)
    known = command.add_subparsers(title="experiments", metavar="EXPERIMENT", required=True)
    of_experiment = add_experiments(known, asked)
    if of_experiment is not None:
        _configure(of_experiment, asked, find(asked, command.error))


def _configure(
    command: argparse.ArgumentParser, called: str, experiment: Experiment[..., Any]
) -> None:
    command.description = f"""\
Write a page in which the training of `microbp {called}` runs, live: to play, to rewind, and to
go on with other settings.

    microbp watch {called} -o {experiment.name}.html

It is one HTML file for any browser, and needs no network."""
    command.epilog = "Exit status: 0, or 2 for bad input or if the page can't be written."
    default = experiment.seed
    command.add_argument(
        "--seed",
        type=count,
        default=default,
        help=f"seed of the random numbers (default: {default})",
    )
    add_settings(command, experiment, experiment.settings)
    command.add_argument(
        "-o", "--out", type=file, required=True, metavar="FILE", help="the page, a name in .html"
    )
    command.set_defaults(run=_watch, experiment=experiment, fail=command.error)


def _watch(options: argparse.Namespace) -> int:
    experiment = options.experiment
    try:
        experiment.watch(options.seed, options.out, **given_settings(options))
    except OSError as error:
        options.fail(f"can't write {str(options.out)!r}: {error.strerror}")
    except (TypeError, ValueError) as error:
        options.fail(str(error))
    print(f"Written:\n  {options.out}")
    return 0
