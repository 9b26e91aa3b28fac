"""A learning curve

The error of exclusive or, and how many of the four cases are right.
"""

import random

import microbp
from microbp import plots
from microbp.nn import Net
from microbp.optim import Momentum

cases = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
optimizer = Momentum(net.parameters(), lr=0.5, momentum=0.9)
history = microbp.train(net, cases, optimizer, sweeps=1000, progress=False)

plots.save_png("learning-curve.png", lambda ax: plots.learning_curve(history, ax=ax), (7, 3.5))
