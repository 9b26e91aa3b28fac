"""The `microbp` command."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from microbp.checking import gradcheck
from microbp.engine import Value
from microbp.experiments import symmetry
from microbp.formulas import FormulaError, TypedFormula, read
from microbp.nn import FileMismatch
from microbp.ops import DomainError
from microbp.studies import study
from microbp.version import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default the shell's; returns the exit status."""
    options = _parser().parse_args(arguments)
    status: int = options.run(options)
    return status


def _symmetry(options: argparse.Namespace) -> int:
    folder = options.out or _new_folder(f"symmetry-seed{options.seed}")
    found = symmetry.run(options.seed, options.sweeps, options.eps, options.alpha, options.init)
    print(found.report())
    print("\nWritten:")
    for line in found.save(folder):
        print(f"  {line}")
    return 0


def _study_symmetry(options: argparse.Namespace) -> int:
    folder = options.out
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    settings = {name: getattr(options, name) for name in ("sweeps", "eps", "alpha", "init")}
    results = folder / "results.jsonl"
    try:
        found = study(symmetry.measure, seeds, out=results, jobs=options.jobs, **settings)
    except FileMismatch as error:
        options.fail(f"{folder}: {error}; --out names another folder")
    except ModuleNotFoundError as error:
        options.fail(f"{error}; pip install 'microbp[study]'")
    by = [sweep for sweep in (1000, 1425, 5000) if sweep < options.sweeps]
    print(found.summary(by))
    print("\nWritten:")
    for line in [str(results), *found.save(folder, by)]:
        print(f"  {line}")
    if found.stopped == "interrupted":
        print("\nInterrupted: the same command goes on from here.")
        return 3
    return 1 if found.failures else 0


def _check(options: argparse.Namespace) -> int:
    formula, at = options.formula, options.at
    if set(at) != set(formula.names):
        names = ", ".join(formula.names) or "no name"
        options.fail(f"--at gives {', '.join(at) or 'nothing'}; the formula has {names}")
    if not at:
        options.fail("there is nothing to differentiate by: the formula has no name")
    values = [Value(at[name], label=name) for name in formula.names]
    try:
        report = gradcheck(lambda *xs: formula(dict(zip(formula.names, xs, strict=True))), *values)
    except DomainError as error:
        options.fail(str(error))
    print(report)
    return {"pass": 0, "fail": 1}.get(report.verdict, 3)


def _new_folder(name: str) -> Path:
    """Make a folder of this name, with a number after it where there is one already."""
    for n in count(1):
        folder = Path(name if n == 1 else f"{name}-{n}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        break
    return folder


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="microbp",
        description="Back-propagation, one number at a time: the experiments of Rumelhart, "
        "Hinton & Williams, Learning representations by back-propagating errors (1986).",
        epilog="`microbp COMMAND --help` explains a command. In Python: import microbp.",
    )
    parser.add_argument("--version", action="version", version=f"microbp {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    command = commands.add_parser(
        "symmetry",
        help="train the net of Fig. 1, which tells whether six bits are symmetric",
        description="""\
Train the paper's net of Fig. 1 on all 64 rows of six bits: 6 inputs, 2 hidden units and
1 output, which is to be on for the 8 rows that are their own mirror image. The weights start
at random, and each sweep changes them by the gradient summed over the 64 cases, with momentum:

    dw(t) = -eps dE/dw(t) + alpha dw(t-1)

The defaults are the paper's settings and a seed that learns quickly. Then look at the weights:
each pair of mirror inputs gets equal and opposite weights, so that a symmetric row cancels,
and the three pairs are as 1 : 2 : 4, so that nothing else does.""",
        epilog="""\
Not every seed learns within 1425 sweeps: of 1,000 seeds 31 % do, and 81 % within 10,000; the
rest stay at "always no". Try --seed 0 (fails), --seed 44 --sweeps 10000 (finds 2 : 3 : 4), or
--eps 0.05, with which nearly all learn.

Into DIR go the graph of one case (graph.svg, graph.png), the weights in the manner of Fig. 1
(weights.png), the learning curve (learning-curve.png), every sweep (history.csv) and the
weights (weights.json). Ctrl-C stops early and reports what was learnt so far.""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--seed", type=int, default=8, help="for the initial weights (default: 8)")
    _add_settings(command, sweeps=1425)
    command.add_argument(
        "--out",
        type=_folder,
        metavar="DIR",
        help="folder for the files (default: a new one, symmetry-seedN)",
    )
    command.set_defaults(run=_symmetry)

    command = commands.add_parser(
        "study",
        help="run an experiment from many seeds, and sum up",
        description="Run an experiment from many seeds, side by side, and sum up what they found.",
        epilog="In Python, microbp.study does so with any experiment of yours, on a cluster too.",
    )
    experiments = command.add_subparsers(title="experiments", metavar="EXPERIMENT", required=True)
    command = experiments.add_parser(
        "symmetry",
        help="the net of Fig. 1: how many seeds learn it, how soon, and which solution they find",
        description="""\
Train the net of `microbp symmetry` from many seeds, side by side on all cores. How many get all
64 rows right, and how soon? How many find the paper's 1 : 2 : 4, and how many 2 : 3 : 4? Each
share comes with its 95 % confidence interval, as other seeds would give somewhat other shares.""",
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
    add("--seeds", type=_count, default=1000, help="how many (default: 1000)")
    add("--first-seed", type=int, default=0, metavar="SEED", help="the first (default: 0)")
    _add_settings(command, sweeps=10_000)
    add("--jobs", type=_one_or_more, help="how many at a time (default: one for each core)")
    add(
        "--out",
        type=_folder,
        default="symmetry-study",
        metavar="DIR",
        help="folder for the files (default: symmetry-study)",
    )
    command.set_defaults(run=_study_symmetry, fail=command.error)

    command = commands.add_parser(
        "check",
        help="check the derivative of a formula",
        description="""\
Compare the derivatives that the reverse sweep gives of a formula with differences and, where
those can't tell, with dual numbers and 50-digit arithmetic:

    microbp check "sigmoid(w*x + b)**2" --at w=0.5,x=1,b=-1

A formula has numbers, names, + - * / ** and the operations of microbp as functions: sin(x),
maximum(a, b), dot([v, w], [x, y], b), total([a, b]). One that begins with a minus goes into
brackets, or it looks like an option: "(-x)**2".""",
        epilog="""\
Exit status: 0 for pass, 1 for fail, 2 for bad input, and 3 where there is no derivative to be
right (kink, domain-edge) or nothing can tell (inconclusive).""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("formula", type=_formula, help="in quotes, for the shell's sake")
    command.add_argument(
        "--at", type=_point, default={}, metavar="NAME=NUMBER,...", help="where: each name's number"
    )
    command.set_defaults(run=_check, fail=command.error)
    return parser


def _add_settings(command: argparse.ArgumentParser, sweeps: int) -> None:
    """Options for the settings of the symmetry experiment."""
    add = command.add_argument
    add("--sweeps", type=_count, default=sweeps, help=f"changes of the weights (default: {sweeps})")
    add("--eps", type=_finite, default=0.1, help="step size (default: 0.1)")
    add("--alpha", type=_finite, default=0.9, help="momentum (default: 0.9)")
    add("--init", type=_finite, default=0.3, help="weights start in [-INIT, INIT] (default: 0.3)")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, got {text!r}")
    return int(text)


def _one_or_more(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def _finite(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"expected a finite number, got {text!r}")
    return number


def _formula(text: str) -> TypedFormula:
    try:
        return read(text)
    except FormulaError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _point(text: str) -> dict[str, float]:
    at: dict[str, float] = {}
    for part in text.split(","):
        name, equals, number = part.partition("=")
        if not equals or not name.strip().isidentifier():
            raise argparse.ArgumentTypeError(f"expected NAME=NUMBER, got {part!r}")
        at[name.strip()] = _finite(number)
    return at


def _folder(text: str) -> Path:
    folder = Path(text)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise argparse.ArgumentTypeError(f"can't write into {text!r}: {error.strerror}") from None
    return folder
