"""Cases that a seed has kept from training, for the page of the training."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from microbp.training.task import Case


@dataclass
class HeldOut:
    """The cases of an experiment that are not trained, which its seed has chosen.

    numbers: their places among all cases, in order. cases: these, and their names.
    """

    numbers: Sequence[int]
    cases: Sequence[Case]
    names: Sequence[str]

    def drawn_next(self, rng: random.Random, of: int) -> bool:
        """Whether they are what `sorted(rng.sample(range(of), ...))` gives."""
        return sorted(rng.sample(range(of), len(self.numbers))) == list(self.numbers)
