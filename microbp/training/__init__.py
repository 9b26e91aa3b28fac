"""Fit a net: the loop over sweeps, its history, and how to stop and continue."""

from typing import TYPE_CHECKING

from microbp._support.missing_names import refusing
from microbp.training.evaluation import evaluate as evaluate
from microbp.training.held_out import HeldOut as HeldOut
from microbp.training.history import History as History
from microbp.training.history import Stopped as Stopped
from microbp.training.history import Sweep as Sweep
from microbp.training.judges import Judge as Judge
from microbp.training.judges import right_answer as right_answer
from microbp.training.judges import right_class as right_class
from microbp.training.judges import right_side as right_side
from microbp.training.judges import right_sign as right_sign
from microbp.training.loop import train as train
from microbp.training.task import Case as Case
from microbp.training.task import Trainable as Trainable
from microbp.training.watching import watch as watch

if not TYPE_CHECKING:
    __getattr__ = refusing(__name__)
