"""The paper's own experiments, one file each, with their data; and what makes one."""

from microbp.experiments.experiment import Experiment
from microbp.experiments.result import Result, Trained

__all__ = ["Experiment", "Result", "Trained"]
