"""Our experiments by the names of their commands, each imported only when it is loaded."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from microbp._support.coerce import shown
from microbp._support.suggest import did_you_mean

if TYPE_CHECKING:
    from microbp.experiments.experiment import Experiment

CATALOG = {
    "symmetry": (
        "nature1986.symmetry",
        "train the net of Fig. 1, which tells whether six bits are symmetric",
    ),
    "family-trees": (
        "nature1986.family_trees",
        "train the five-layer net of Figs 2-4 on 100 of 104 questions about two families",
    ),
    "iterative": (
        "nature1986.iterative",
        "train the units of a shift register, which run for some steps",
    ),
    "sequences": (
        "pdp8.sequences",
        "train a net that runs for six steps to go on with a sequence of two letters",
    ),
    "xor": (
        "pdp8.xor",
        "train a net on the four cases of exclusive or, which no net without hidden units can do",
    ),
    "parity": (
        "pdp8.parity",
        "train a net to tell whether an odd number of its inputs is on",
    ),
    "encoder": (
        "pdp8.encoder",
        "train a net to output each of eight patterns again, through three hidden units",
    ),
    "addition": (
        "pdp8.addition",
        "train a net to add two numbers of two bits each",
    ),
    "negation": (
        "pdp8.negation",
        "train a net to output three bits as they are or, if a fourth bit is on, inverted",
    ),
    "t-c": (
        "pdp8.t_c",
        "train a net with one kernel of 3 by 3 weights to tell T from C, whichever way round",
    ),
    "methods": (
        "nature1986.second_order",
        "continue with the symmetry net of Fig. 1 by four methods, and count the sweeps of each",
    ),
}
"""The module of each experiment, and what it does: the first line of its function's docstring."""


def load(name: str) -> Experiment[..., Any]:
    """The experiment of this name; ValueError if there is none.

    >>> load("symmetry")(seed=8, sweeps=400, progress=False).history.first_all_right()
    376
    """
    if not isinstance(name, str) or name not in CATALOG:
        meant = did_you_mean(name, CATALOG)
        raise ValueError(f"load: expected one of {', '.join(CATALOG)}; got {shown(name)}{meant}")
    found: Experiment[..., Any] = import_module(f"microbp.experiments.{CATALOG[name][0]}").run
    return found
