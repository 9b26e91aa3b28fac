"""Watch a net learn

Exclusive or, live: play, go back, change the step size, look inside a case. The page computes
everything itself.
"""

import random

import microbp
from microbp.nn import Net
from microbp.optim import Momentum

cases = [([0, 0], [0]), ([0, 1], [1]), ([1, 0], [1]), ([1, 1], [0])]
net = Net(2, rng=random.Random(1), init=0.5).add("hidden", 2).add("output", 1)
optimizer = Momentum(net.parameters(), lr=0.5, momentum=0.9)
microbp.watch(net, cases, optimizer, title="Exclusive or", path="xor.html")
