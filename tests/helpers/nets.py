"""The nets of the paper."""

import random

from microbp.nn import Net


def net_621(seed=8, init=0.3):
    return Net(6, rng=random.Random(seed), init=init).add("hidden", 2).add("output", 1)


def family_net():
    net = Net({"person": 24, "relation": 12}, rng=random.Random(60), init=1.0)
    net.add("person code", 6, of=["person"]).add("relation code", 6, of=["relation"])
    net.add("central", 12, of=["person code", "relation code"])
    return net.add("penultimate", 6).add("output", 24)
