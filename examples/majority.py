"""An experiment outside microbp: a net learns whether most of five bits are on.

microbp examples/majority.py --hidden 1
microbp study examples/majority.py --seeds 100
"""

import random
from itertools import product

from microbp import train
from microbp.experiments import Experiment, Trained
from microbp.nn import Net
from microbp.optim import Momentum

CASES = [(bits, [float(sum(bits) >= 3)]) for bits in product([0.0, 1.0], repeat=5)]


def majority(seed=0, sweeps=500, lr=0.1, momentum=0.9, init=0.3, hidden=2, **how):
    """Train a net on all 32 rows of five bits: is more than half of them on?"""
    net = Net(5, rng=random.Random(seed), init=init).add("hidden", hidden).add("output", 1)
    optimizer = Momentum(net.parameters(), lr, momentum)
    return Trained(net, train(net, CASES, optimizer, sweeps=sweeps, **how))


run = Experiment(majority, "majority", title="Majority of five bits")
