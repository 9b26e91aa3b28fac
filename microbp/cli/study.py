"""`microbp study`: run an experiment from many seeds."""

from __future__ import annotations

import argparse
from typing import Any

from microbp._support.atomic_file import FileMismatch
from microbp.cli.arguments import add_experiments, count, folder, one_or_more, refuse_unknown
from microbp.cli.experiment import add_settings, find, given_settings
from microbp.experiments import CATALOG, Experiment


def configure(command: argparse.ArgumentParser, asked: str) -> None:
    """Add the arguments of `microbp study` to its parser, and of the experiment asked for."""
    command.description = (
        "Run an experiment from many seeds, in parallel, and summarize the results."
    )
    command.epilog = (
        "In Python, microbp.study does so with any experiment of yours, on a cluster too."
    )
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
Run `microbp {called}` from many seeds, in parallel on all cores. How many get all cases right,
and how soon? What else do they find, and how often? Each share comes with its 95 % confidence
interval, as other seeds would give somewhat other shares."""
    command.epilog = """\
Into DIR go each run as it ends (results.jsonl), all of them in order (table.csv), the summary
(summary.txt) and a picture of how many are solved by each sweep (solved.png).

A study that was stopped, by Ctrl-C or worse, goes on where it was when the same command is given
again; with more --seeds it does those too, and again any that failed with an error. DIR is for
one experiment with one choice of settings.

Exit status: 0 if all runs are done, 1 if some failed with an error, 2 for bad input or a
DIR of another study, and 3 after Ctrl-C."""
    add, default = command.add_argument, f"{experiment.name}-study"
    add("--seeds", type=count, default=1000, help="how many (default: 1000)")
    add("--first-seed", type=int, default=0, metavar="SEED", help="the first (default: 0)")
    add_settings(command, experiment, experiment.study_settings)
    add("--jobs", type=one_or_more, help="how many at a time (default: one for each core)")
    add(
        "--out",
        type=folder,
        default=default,
        metavar="DIR",
        help=f"folder for the files (default: {default})",
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
    except (OSError, TypeError, ValueError) as error:
        options.fail(str(error))
    by = experiment.by and [sweep for sweep in experiment.by if sweep < settings["sweeps"]]
    print(found.summary(by))
    print("\nWritten:")
    try:
        written = found.save(folder, by)
    except (OSError, ValueError) as error:
        options.fail(f"can't write into {str(folder)!r}: {error}")
    for line in [str(results), *written]:
        print(f"  {line}")
    if found.stopped == "interrupted":
        print("\nInterrupted: the same command goes on from here.")
        return 3
    return 1 if found.failures else 0
