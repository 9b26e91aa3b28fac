"""Step through a net

The error of a net with two hidden units, for one case of exclusive or. Unfold a unit by a
click on it.
"""

import random

import microbp
from microbp.losses import squared_error
from microbp.nn import Net

net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
error = squared_error(net([1.0, 0.0]), [1.0])
error.label = "E"
microbp.explore(error, path="net.html")
