"""`microbp study`: an experiment from many seeds."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from microbp._support.atomic_file import FileMismatch
from microbp.cli.arguments import Commands, count, folder, one_or_more
from microbp.cli.experiments import add_settings, given_settings
from microbp.experiments import Experiment


def add_to(commands: Commands, experiments: Mapping[str, Experiment[..., Any]]) -> None:
    """The parser of `microbp study`."""
    command = commands.add_parser(
        "study",
        help="run an experiment from many seeds, and sum up",
        description="Run an experiment from many seeds, side by side, and sum up what they found.",
        epilog="In Python, microbp.study does so with any experiment of yours, on a cluster too.",
    )
    known = command.add_subparsers(title="experiments", metavar="EXPERIMENT", required=True)
    for called, experiment in experiments.items():
        _add(known, called, experiment)


def _add(known: Commands, called: str, experiment: Experiment[..., Any]) -> None:
    name = experiment.name
    command = known.add_parser(
        called,
        help=experiment.help,
        description=f"""\
Run `microbp {called}` from many seeds, side by side on all cores. How many get all cases right,
and how soon? What else do they find, and how often? Each share comes with its 95 % confidence
interval, as other seeds would give somewhat other shares.""",
        epilog="""\
Into DIR go each run as it ends (results.jsonl), all of them in order (table.csv), the summary
(summary.txt) and a picture of how many are solved by each sweep (solved.png).

A study that was stopped, by Ctrl-C or worse, goes on where it was when the same command is given
again; with more --seeds it does those too, and again any that failed with an error. DIR is for
one experiment with one choice of settings.

Exit status: 0 where all runs are done, 1 where some failed with an error, 2 for bad input or a
DIR of another study, and 3 after Ctrl-C.""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = command.add_argument
    add("--seeds", type=count, default=1000, help="how many (default: 1000)")
    add("--first-seed", type=int, default=0, metavar="SEED", help="the first (default: 0)")
    add_settings(command, experiment, experiment.measure.defaults)
    add("--jobs", type=one_or_more, help="how many at a time (default: one for each core)")
    add(
        "--out",
        type=folder,
        default=f"{name}-study",
        metavar="DIR",
        help=f"folder for the files (default: {name}-study)",
    )
    command.set_defaults(run=_study, experiment=experiment, fail=command.error)


def _study(options: argparse.Namespace) -> int:
    folder, experiment, settings = options.out, options.experiment, given_settings(options)
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    results = folder / "results.jsonl"
    try:
        found = experiment.study(seeds, out=results, jobs=options.jobs, **settings)
    except FileMismatch as error:
        options.fail(f"{folder}: {error}; --out names another folder")
    except ModuleNotFoundError as error:
        options.fail(f"{error}; pip install 'microbp[study]'")
    by = experiment.by and [sweep for sweep in experiment.by if sweep < settings["sweeps"]]
    print(found.summary(by))
    print("\nWritten:")
    for line in [str(results), *found.save(folder, by)]:
        print(f"  {line}")
    if found.stopped == "interrupted":
        print("\nInterrupted: the same command goes on from here.")
        return 3
    return 1 if found.failures else 0
