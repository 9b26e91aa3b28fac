"""The net that several problems of the chapter share."""

from __future__ import annotations

import random

from microbp.nn import Net


def layered_net(
    inputs: int, hidden: int, outputs: int, *, seed: int, init: float, direct: int
) -> Net:
    """A net with one hidden layer; unless `direct` is 0, the inputs feed the outputs as well.

    >>> len(layered_net(2, 1, 1, seed=0, init=0.5, direct=1).parameters())
    7
    """
    net = Net(inputs, rng=random.Random(seed), init=init).add("hidden", hidden)
    return net.add("output", outputs, of=["x", "hidden"] if direct else ["hidden"])
