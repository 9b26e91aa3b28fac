"""Wrong calls of data sets, studies, strategies: the exact words, on both engines."""

import math
import warnings

from microbp import datasets, experiments, nn, studies, study, testing
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
from tests.helpers.wrong_calls import check, wrong_calls


def one_run(seed):
    return {}


def drawn(strategy):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Hypothesis says that this is for trying things out
        return strategy.example()


WRONG = [
    # Datasets
    ("moons(-1)", lambda: datasets.moons(-1), ValueError,
     "moons: n_samples: expected a whole number from 2 to 1,000,000, got -1"),
    ("moons('100')", lambda: datasets.moons("100"), TypeError,
     "moons: n_samples: expected a whole number from 2 to 1,000,000, got '100'"),
    ("moons(10**400)", lambda: datasets.moons(10**400), ValueError,
     "moons: n_samples: expected a whole number from 2 to 1,000,000, got "
     "100000000000000000...0000000000000000000"),
    ("moons(nan)", lambda: datasets.moons(math.nan), TypeError,
     "moons: n_samples: expected a whole number from 2 to 1,000,000, got nan"),
    ("moons(True)", lambda: datasets.moons(True), TypeError,
     "moons: n_samples: expected a whole number from 2 to 1,000,000, got True"),
    ("moons(random_state=1)", lambda: datasets.moons(random_state=1), TypeError,
     "moons: there is no argument 'random_state': did you mean 'seed'?"),
    ("moons(noise='a')", lambda: datasets.moons(noise="a"), TypeError,
     "moons: noise: expected a real number or a Value, got 'a'"),
    ("moons(noise=-1)", lambda: datasets.moons(noise=-1), ValueError,
     "moons: noise: expected a finite number from 0 on, got -1.0"),
    ("moons(noise=nan)", lambda: datasets.moons(noise=math.nan), ValueError,
     "moons: noise: expected a finite number from 0 on, got nan"),
    ("moons(seed=-1)", lambda: datasets.moons(seed=-1), ValueError,
     "moons: seed: expected a whole number from 0 on, got -1"),
    ("moons(seed=0.5)", lambda: datasets.moons(seed=0.5), TypeError,
     "moons: seed: expected a whole number from 0 on, got 0.5"),
    ("circles(factor=2)", lambda: datasets.circles(factor=2), ValueError,
     "circles: factor: expected a number between 0 and 1, got 2.0"),
    ("spirals(classes=0)", lambda: datasets.spirals(classes=0), ValueError,
     "spirals: classes: expected a whole number from 1 to 1,000,000, got 0"),
    ("spirals(turns=inf)", lambda: datasets.spirals(turns=math.inf), ValueError,
     "spirals: turns: expected a finite number, got inf"),
    ("clusters(2, classes=3)", lambda: datasets.clusters(2, classes=3), ValueError,
     "clusters: n_samples: expected a whole number from 3 to 1,000,000, got 2"),
    ("parity(64)", lambda: datasets.parity(64), ValueError,
     "parity: bits: expected a whole number from 1 to 16, got 64"),
    ("symmetry(True)", lambda: datasets.symmetry(True), TypeError,
     "symmetry: bits: expected a whole number from 1 to 16, got True"),
    # Studies
    ("study(3)", lambda: study(3), TypeError,
     "study: expected an experiment, a function of a seed, got 3"),
    ("study(f, 100)", lambda: study(dict, 100), TypeError,
     "study: expected seeds as a list, got 100: write range(100)"),
    ("study(f, [0.5])", lambda: study(dict, [0.5]), TypeError,
     "study: expected whole numbers as seeds, got [0.5]"),
    ("study(f, 'abc')", lambda: study(dict, "abc"), TypeError,
     "study: expected a list of seeds, got 'abc'"),
    ("study(..., jobs='2')", lambda: study(dict, jobs="2"), TypeError,
     "study: jobs: expected a whole number from 1 to 1,000, got '2'"),
    ("study(..., settings=3)", lambda: study(dict, settings=3), TypeError,
     "study: expected settings as a dict, got 3"),
    ("load('symetry')", lambda: experiments.load("family_trees"), ValueError,
     "load: expected one of symmetry, family-trees, iterative, sequences, xor, parity, encoder, "
     "addition, negation, t-c, methods; got 'family_trees': did you mean 'family-trees'?"),
    ("study(jobs=10**9)", lambda: study(dict, jobs=10**9), ValueError,
     "study: jobs: expected a whole number from 1 to 1,000, got 1000000000"),
    ("study(an f of nothing)", lambda: study(lambda: 1, [1]), TypeError,
     "study: expected an experiment to call as experiment(seed), got <function <lambda>> with "
     "the arguments (): too many positional arguments"),
    ("study(a wrong setting)", lambda: study(one_run, [1], settings={"sides": 6}), TypeError,
     "study: expected an experiment to call as experiment(seed, sides=...), got <function "
     "one_run> with the arguments (seed): got an unexpected keyword argument 'sides'"),
    ("study(name=3)", lambda: study(dict, [1], name=3), TypeError,
     "study: name: expected a string, got 3"),
    ("study(progress='no')", lambda: study(dict, [1], progress="no"), TypeError,
     "study: progress: expected True or False, got 'no'"),
    ("study(out=3)", lambda: study(dict, [1], out=3), TypeError,
     "study: out: expected the name of a file, got 3"),
    ("Study(3)", lambda: studies.Study(3), TypeError,
     "Study: expected a list of rows, got 3"),
    ("Study([3])", lambda: studies.Study([3]), TypeError,
     "Study: expected rows as dicts with a seed, got 3"),
    ("load(3)", lambda: experiments.load(3), ValueError,
     "load: expected one of symmetry, family-trees, iterative, sequences, xor, parity, encoder, "
     "addition, negation, t-c, methods; got 3"),
    ("values(allow_nan='no')", lambda: testing.values(allow_nan="no"), TypeError,
     "values: allow_nan: expected True or False, got 'no'"),
    ("values(min_value='a')", lambda: testing.values(min_value="a"), TypeError,
     "values: min_value: expected a real number or a Value, got 'a'"),
    ("values(2, 1)", lambda: testing.values(2, 1), ValueError,
     "values: expected options of floats, got: There are no 64-bit floating-point values between "
     "min_value=2.0 and max_value=1.0"),
    ("networks(inputs='2')", lambda: drawn(testing.networks(inputs="2")), TypeError,
     "networks: inputs: expected a whole number from 1 to 10,000, got '2'"),
    ("networks(activations=['step'])", lambda: drawn(testing.networks(activations=["step"])),
     ValueError,
     f"networks: activations: expected one of {str([*nn.ACTIVATIONS])[1:-1]}; got 'step'"),
    ("expressions(ops='mul')", lambda: drawn(testing.expressions(ops="mul")), TypeError,
     "expressions: ops: expected a list of operations, got 'mul'"),
    ("expressions(max_nodes='a')", lambda: drawn(testing.expressions(max_nodes="a")), TypeError,
     "expressions: max_nodes: expected a whole number from 2 to 100,000, got 'a'"),
    ("expressions(numbers=[1])", lambda: drawn(testing.expressions(numbers=[1])), TypeError,
     "expressions: numbers: expected a strategy, such as st.floats(0, 1), got [1]"),
]  # fmt: skip


@wrong_calls(WRONG)
def test_a_wrong_call_is_told_what_to_write(call, kind, text):
    check(call, kind, text)
