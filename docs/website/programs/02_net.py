"""A net, unit by unit

A unit is a box with a double border, its weights and its bias inside.
"""

import random

import microbp
from microbp.nn import Net

net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
microbp.draw(net, [1.0, 0.0], theme="auto").save("net.svg")
