"""Fit a net: the loop over sweeps, its history, and how to stop and go on."""

from microbp.training.history import History as History
from microbp.training.history import Sweep as Sweep
from microbp.training.loop import train as train
from microbp.training.passes import evaluate as evaluate
from microbp.training.passes import right_side as right_side
