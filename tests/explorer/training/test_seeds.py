"""What a seed gives in the page: Python's random numbers, weights and held-out cases."""

import random

import pytest

from microbp import watch
from microbp.experiments import load
from microbp.experiments.pdp8 import xor
from microbp.nn import Net

CLOSE = 1e-9

RANDOM = """
([seed, count]) => {
  const rng = new PythonRandom(seed);
  const order = [...Array(50).keys()];
  const numbers = [...Array(count)].map(() => rng.uniform(-0.3, 0.7));
  rng.shuffle(order);
  return [numbers, order];
}
"""


SAMPLES = """
(seed) => {
  const rng = new PythonRandom(seed);
  return [[104, 4], [25, 5], [5, 5], [21, 3], [40, 9], [300, 9]].map(([n, k]) => rng.sample(n, k));
}
"""


def test_samples_are_pythons(run):
    rng = random.Random(3)
    sizes = [(104, 4), (25, 5), (5, 5), (21, 3), (40, 9), (300, 9)]
    assert run(SAMPLES, 3) == [rng.sample(range(n), k) for n, k in sizes]


@pytest.mark.parametrize("seed", [0, 8, -3, 2**31, 2**53 - 1, "0 17", "12 " + "3" * 200])
def test_random_numbers_are_pythons(seed, run):
    rng = random.Random(seed)
    order = list(range(50))
    numbers = [rng.uniform(-0.3, 0.7) for _ in range(1000)]
    rng.shuffle(order)
    assert run(RANDOM, [seed, 1000]) == [numbers, order]


RESET = """
([data, given]) => {
  const training = new Training(data);
  training.advance(3);
  training.reset(given);
  return [...training.parameters];
}
"""

HELD_OUT = """
([data, given]) => {
  const training = new Training(data);
  training.reset(given);
  return [training.heldOut, training.rows.map((row) => [...row]), training.look().error];
}
"""


@pytest.mark.parametrize("name", ["family-trees", "sequences"])
def test_a_seed_holds_out_the_cases_that_it_holds_out_in_python(name, run):
    data = load(name).watch(seed=1).data
    for seed in (1, 44, 60):
        there = load(name)(seed, sweeps=0, progress=False)
        held_out, rows, error = run(HELD_OUT, [data, {"seed": seed}])
        assert held_out == there.held_out
        assert rows == load(name).watch(seed=seed).data["cases"]
        assert error == pytest.approx(there.history.errors[0], rel=CLOSE)
    assert run(HELD_OUT, [data, {}])[1] == data["cases"]


@pytest.mark.parametrize("name", ["symmetry", "family-trees", "sequences", "t-c"])
def test_a_seed_gives_the_weights_that_it_gives_in_python(name, run):
    data = load(name).watch(seed=1).data
    for seed in (1, 44):
        there = load(name)(seed, sweeps=0, progress=False).net.parameters()
        assert run(RESET, [data, {"seed": seed}]) == [p.data for p in there]
    assert run(RESET, [data, {}]) == data["start"]


def test_a_seed_may_start_in_another_range_or_from_biases_of_0(run):
    data = load("xor").watch().data
    there = load("xor")(7, sweeps=0, init=2.0, progress=False).net.parameters()
    assert run(RESET, [data, {"seed": 7, "init": 2.0}]) == [p.data for p in there]
    data = watch(Net(2, [3, 1], seed=3), xor.cases()).data
    there = Net(2, [3, 1], seed=4).parameters()
    assert run(RESET, [data, {"seed": 4}]) == [p.data for p in there]
