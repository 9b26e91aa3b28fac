"""`microbp symmetry`, `microbp majority.py`: run an experiment of ours, or that of a file."""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import math
import sys
from collections.abc import Callable
from itertools import count as numbers
from pathlib import Path
from typing import Any, NoReturn

from _microbp_command import raise_at_ctrl_c
from microbp._support.atomic_file import FileMismatch, write_whole
from microbp._support.json_state import read_state_file
from microbp._support.version import __version__
from microbp.cli.arguments import count, finite, folder
from microbp.experiments import CATALOG, Experiment, Trained, load

RESERVED = {"first_seed", "help", "jobs", "out", "seed", "seeds"}
"""Names of the command's own options, or of a study's."""
MOST_SETTINGS = 2**20
"""Bytes of a file of settings: a larger one is not read."""


def find(called: str, fail: Callable[[str], NoReturn]) -> Experiment[..., Any]:
    """The experiment of this name, or the one that a file calls `run`; `fail` if there is none."""
    return load(called) if called in CATALOG else _read(Path(called), fail)


def _read(path: Path, fail: Callable[[str], NoReturn]) -> Experiment[..., Any]:
    """Import a file's experiment by the file's name, as a study's other processes will."""
    if not path.is_file():
        fail(f"{path}: no such file")
    if "." in path.stem:
        fail(f"{path}: expected a file name without another dot, as Python imports it by its name")
    folder = path.resolve().parent
    sys.path.insert(0, str(folder))
    raise_at_ctrl_c()  # whatever the file does
    try:
        module = importlib.import_module(path.stem)
    except SyntaxError as error:
        fail(f"{path}: {f'line {error.lineno}: ' if error.lineno else ''}{error.msg}")
    except (Exception, SystemExit) as raised:
        fail(f"{path}: {_in_words(raised, str(folder / path.name))}")
    if module.__file__ is None or not path.samefile(module.__file__):
        fail(f"{path}: there is another module called {path.stem}; choose another name")
    experiment = getattr(module, "run", None)
    if not isinstance(experiment, Experiment):
        fail(f"{path}: expected run = Experiment(...) in it, got {experiment!r}")
    return experiment


def configure(command: argparse.ArgumentParser, experiment: Experiment[..., Any]) -> None:
    """Add the arguments of an experiment's command to its parser."""
    command.description = experiment.describe()
    files = """\
Into DIR go every sweep (history.csv), the weights (weights.json) and the pictures. Ctrl-C stops
early and reports what was learned so far; the same command with --out DIR goes on from there, and
with more --sweeps beyond the end. DIR is for one seed and choice of settings."""
    command.epilog = "\n\n".join(filter(None, [experiment.notes, files]))
    add, seed = command.add_argument, experiment.seed
    add("--seed", type=count, default=seed, help=f"seed of the random numbers (default: {seed})")
    add_settings(command, experiment, experiment.settings)
    add(
        "--out",
        type=folder,
        metavar="DIR",
        help=f"folder for the files (default: a new one, {experiment.name}-seedN)",
    )
    command.set_defaults(run=_run, experiment=experiment, fail=command.error)


def add_settings(
    command: argparse.ArgumentParser, experiment: Experiment[..., Any], defaults: dict[str, Any]
) -> None:
    """Add an option for each setting; the command fails if one can't be."""
    for name, default in defaults.items():
        if name in RESERVED:
            command.error(f"the setting {name}: the command has an option of this name already")
        if not isinstance(default, (int, float, str)):
            command.error(f"the setting {name}: expected a default, a number or a text")
        kind = {int: count, float: finite}.get(type(default), str)
        meaning = experiment.helps.get(name, "")
        command.add_argument(
            f"--{name.replace('_', '-')}",
            type=kind,
            default=default,
            help=f"{meaning} (default: {default})".strip().replace("%", "%%"),
        )


def given_settings(options: argparse.Namespace) -> dict[str, Any]:
    """The settings among the options."""
    return {name: getattr(options, name) for name in options.experiment.settings}


def _run(options: argparse.Namespace) -> int:
    experiment, settings = options.experiment, given_settings(options)
    takes = inspect.signature(experiment.function).parameters.values()
    if all(parameter.kind is not parameter.VAR_KEYWORD for parameter in takes):
        options.fail(f"{experiment.name}: its function has to take **how, and give it to train")
    folder = options.out or _new_folder(f"{experiment.name}-seed{options.seed}", options.fail)
    try:
        _belongs(folder, experiment.name, {"seed": options.seed, **settings})
        result = experiment(
            options.seed,
            **settings,
            checkpoint=folder / "checkpoint.json",
            checkpoint_every=max(100, settings.get("sweeps", 0) // 20),
        )
    except FileMismatch as error:
        options.fail(f"{folder}: {error}; --out names another folder")
    except OSError as error:
        options.fail(f"can't write into {str(folder)!r}: {error}")
    except ValueError as error:
        options.fail(str(error))
    except Exception as raised:
        return _failed(experiment, raised)
    sweeps = settings.get("sweeps", math.inf)
    if isinstance(result, Trained) and result.history[-1].sweep > sweeps:
        options.fail(
            f"{folder}: checkpoint.json holds {result.history[-1].sweep} sweeps, more than "
            f"{sweeps}; --out names another folder"
        )
    print(result.report())
    try:
        written = result.save(folder)
    except (OSError, ValueError) as error:
        options.fail(f"can't write into {str(folder)!r}: {error}")
    print("\n".join(["", "Written:", *(f"  {line}" for line in written)]) if written else "")
    if result.interrupted:
        print(f"\nInterrupted: the same command with --out {folder} goes on from here.")
        return 3
    return 0


def _belongs(folder: Path, name: str, settings: dict[str, Any]) -> None:
    """Write into the folder which run it is for; FileMismatch if it is for another."""
    path = folder / "settings.json"
    ours = {"experiment": name, "microbp": __version__, **settings}
    ours.pop("sweeps", None)  # with more of them a run goes on
    try:
        recorded = {**read_state_file(path, MOST_SETTINGS).state}
    except FileNotFoundError:
        recorded = ours
    except (FileMismatch, TypeError):
        raise FileMismatch(f"{path.name} does not hold the settings of a run") from None
    for key, value in ours.items():
        if recorded.get(key) != value:
            raise FileMismatch(
                f"{path.name} holds a run with {key} {recorded.get(key)!r} "
                f"where this one has {value!r}"
            )
    write_whole(path, json.dumps(ours, indent=1) + "\n")


def _failed(experiment: Experiment[..., Any], raised: Exception) -> int:
    """Say where in a user's file the experiment failed; raises an error in one of ours again."""
    module = experiment.function.__module__
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None or module.startswith("microbp."):
        raise raised
    print(f"microbp: error: {Path(file).name}: {_in_words(raised, file)}", file=sys.stderr)
    return 1


def _in_words(raised: BaseException, path: str) -> str:
    from microbp.checking.submissions.worker import in_words  # slow to import, and rarely asked for

    return in_words(raised, path)


def _new_folder(name: str, fail: Callable[[str], NoReturn]) -> Path:
    """Make a folder of this name, followed by a number if it exists already."""
    for n in numbers(1):
        new = Path(name if n == 1 else f"{name}-{n}")
        try:
            new.mkdir()
        except FileExistsError:
            continue
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            fail(f"can't make a folder {str(new)!r} here: {reason}; --out names one elsewhere")
        break
    return new
