"""`microbp symmetry`: the paper's Fig. 1."""

from __future__ import annotations

import argparse
from itertools import count as numbers
from pathlib import Path

from microbp.commands.arguments import Commands, count, finite, folder
from microbp.experiments import symmetry


def add_to(commands: Commands) -> None:
    """The parser of `microbp symmetry`."""
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
    add_settings(command, sweeps=1425)
    command.add_argument(
        "--out",
        type=folder,
        metavar="DIR",
        help="folder for the files (default: a new one, symmetry-seedN)",
    )
    command.set_defaults(run=_symmetry)


def add_settings(command: argparse.ArgumentParser, sweeps: int) -> None:
    """Options for the settings of the symmetry experiment."""
    add = command.add_argument
    add("--sweeps", type=count, default=sweeps, help=f"changes of the weights (default: {sweeps})")
    add("--eps", type=finite, default=0.1, help="step size (default: 0.1)")
    add("--alpha", type=finite, default=0.9, help="momentum (default: 0.9)")
    add("--init", type=finite, default=0.3, help="weights start in [-INIT, INIT] (default: 0.3)")


def _symmetry(options: argparse.Namespace) -> int:
    folder = options.out or _new_folder(f"symmetry-seed{options.seed}")
    found = symmetry.run(options.seed, options.sweeps, options.eps, options.alpha, options.init)
    print(found.report())
    print("\nWritten:")
    for line in found.save(folder):
        print(f"  {line}")
    return 0


def _new_folder(name: str) -> Path:
    """Make a folder of this name, with a number after it where there is one already."""
    for n in numbers(1):
        new = Path(name if n == 1 else f"{name}-{n}")
        try:
            new.mkdir()
        except FileExistsError:
            continue
        break
    return new
