"""Pages of a training for the tests, and waiting for one of their sweeps."""

import random

import microbp
from microbp.experiments.nature1986 import symmetry
from microbp.explorer.training_page import TrainingPage
from microbp.nn import Net
from microbp.optim import Momentum
from tests.helpers.explorer_page import until


def training(cases, seed, init, lr, **options):
    net = Net(len(cases[0][0]), rng=random.Random(seed), init=init).add("hidden", 2)
    net.add("output", 1)
    return microbp.watch(net, cases, Momentum(net.parameters(), lr=lr, momentum=0.9), **options)


def symmetry_page():
    page = training(symmetry.CASES, 8, 0.3, 0.1, title="Symmetry")
    return TrainingPage({**page.data, "kind": "symmetry"})


def at(page, sweep):
    until(page, f"document.getElementById('sweep').textContent === '{sweep}'")
