"""Replay gives the same bits with each kind of vectors of a machine, and on each machine."""

import hashlib
import random
from array import array

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import engine
from microbp.replay.program import record
from microbp.testing import expressions
from tests.helpers.profiles import examples
from tests.helpers.replays import Replayed, problems, tiled
from tests.replay.test_same_bits import everyday_program, results, some_cases

pytestmark = pytest.mark.skipif(
    engine.name == "python", reason="kernels are of the compiled engine"
)


@pytest.fixture(scope="module")
def with_each():
    """Results of a function with each kind of vectors; the function makes its programs anew."""
    from microbp.replay.compiled import interpreter

    def call(function):
        try:
            found = []
            for kind in interpreter.VECTORS:
                interpreter.use_vectors(kind)
                found.append(function())
        finally:
            interpreter.use_vectors(interpreter.VECTORS[0])
        return found

    return call


def all_the_same(found):
    return all(each == found[0] for each in found)


@pytest.mark.parametrize("count", [1, 7, 65, 1100])
def test_a_net_has_the_same_bits_with_each(with_each, count):
    assert all_the_same(with_each(lambda: results(everyday_program(), some_cases(count))))


@examples(60)
@given(
    problems(expressions(max_nodes=12, smooth=True), st.floats(-2.0, 2.0)),
    st.sampled_from([2, 9, 70]),
)
def test_any_graph_has_the_same_bits_with_each(with_each, problem, count):
    from microbp.replay.compiled.interpreter import Cases, Kernel

    f, is_input, rows = problem
    replayed = Replayed(f, f.leaves, is_input)
    weights = array("d", [p.data for p in replayed.program.parameters])
    cases = replayed.cases(tiled(rows, count))

    def run():
        kernel = Kernel(replayed.program._recording, False)
        out, gradient = np.zeros((1, count)), np.zeros(len(weights))
        by_width = []
        for width in (8, 16, kernel.width_for(count)):
            error, well = kernel.replay(Cases(cases, width), weights, out, gradient)
            assume(well)
            by_width.append((error, out.tobytes(), gradient.tobytes()))
        return by_width

    assert all_the_same(with_each(run))


def wired(rng, nodes=80):
    """A program of the operations that have vector arithmetic, one after the other at random.

    The C library, whose last bits differ from machine to machine, has no part in it.
    """
    xs, ws = [Value(0.1 * i - 0.2) for i in range(5)], [Value(0.4 - 0.1 * i) for i in range(9)]
    made = [*xs, *ws]
    for _ in range(nodes):
        a, b, c = (rng.choice(made[-30:]) for _ in range(3))
        made.append(
            rng.choice(
                [
                    lambda a, b, c: a + b * 0.5,
                    lambda a, b, c: a - b,
                    lambda a, b, c: a * b,
                    lambda a, b, c: a / (abs(b) + 1.0),
                    lambda a, b, c: (-abs(a)).exp(),
                    lambda a, b, c: (a * a + 0.25).sqrt() + -b,
                    lambda a, b, c: microbp.sigmoid(a),
                    lambda a, b, c: a.relu(),
                    lambda a, b, c: microbp.maximum(a, b),
                    lambda a, b, c: microbp.minimum(a, b),
                    lambda a, b, c: microbp.where_positive(a, b, c),
                    lambda a, b, c: microbp.dot(ws[:3], [a, b, c], ws[4]).sigmoid(),
                    lambda a, b, c: microbp.dot([a, b], [b, c], a).sigmoid(),
                    lambda a, b, c: microbp.total([a, b, c, a]).sigmoid(),
                ]
            )(a, b, c)
        )
    return record([microbp.total(made).sigmoid(), made[-1]], xs, ws)


@pytest.mark.parametrize("seed", range(6))
def test_long_programs_have_the_same_bits_with_each(with_each, seed):
    cases = some_cases(150, columns=5, seed=seed)
    with_all = with_each(lambda: results(wired(random.Random(seed)), cases))
    assert np.isfinite(float.fromhex(with_all[0][1]))
    assert all_the_same(with_all)


def arguments():
    """For the exponential: near 0, to the ends, and halfway."""
    rng = np.random.default_rng(7)
    return np.concatenate(
        [
            rng.uniform(-745.0, 709.0, 20_000),
            rng.uniform(-1.0, 1.0, 20_000),
            np.ldexp(rng.uniform(-1.0, 1.0, 20_000), rng.integers(-1070, 9, 20_000)),
            (np.arange(-1000, 1000) + 0.5) * np.log(2.0),  # where k is rounded
            np.arange(-700.0, 700.0) / 8.0,
            [0.0, -0.0, 709.782712893384, -745.1332191019411, -746.0, -1e300],
        ]
    )


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
def test_the_exponential_has_the_same_bits_with_each(with_each, name):
    """Rounded once, with and without such an instruction."""
    x = Value(0.0)
    y = getattr(microbp, name)(x)
    assert all_the_same(with_each(lambda: record(y, [x]).forward(arguments()[:, None]).tobytes()))


def test_the_bits_are_those_of_every_machine():
    """Where you changed what is computed, on purpose: put the new digests here."""
    x = Value(0.0)
    found = {
        name: [record(y, [x]).forward(arguments()[:, None])]
        for name, y in (("exp", x.exp()), ("sigmoid", x.sigmoid()))
    }
    rng = random.Random(11)
    for count in (1, 2, 5, 150):  # by a plan, and in rows of each width
        program = wired(rng)
        cases = np.array([[rng.uniform(-2.0, 2.0) for _ in range(5)] for _ in range(count)])
        out, inner = program.forward(cases), program.input_gradient(cases)
        error = program.backward(cases)
        found[f"{count} cases"] = [out, inner, error, *(p.grad for p in program.parameters)]
    assert {name: digest(numbers) for name, numbers in found.items()} == {
        "exp": "7b58ff2196004002",
        "sigmoid": "dd602b6e57727ded",
        "1 cases": "8ea1e228f78f224d",
        "2 cases": "6e866527a45698c1",
        "5 cases": "ec75cd71d210b393",
        "150 cases": "0ba0d00aec5e355d",
    }


def digest(numbers):
    return hashlib.sha256(b"".join(np.asarray(x, "<f8").tobytes() for x in numbers)).hexdigest()[
        :16
    ]


def test_the_environment_asks_for_a_kind(python):
    from microbp.replay.compiled import interpreter

    say = "from microbp.replay.compiled.interpreter import vectors; print(vectors())"
    for kind in interpreter.VECTORS:
        ran = python(say, MICROBP_VECTORS=kind)
        assert (ran.stdout, ran.stderr) == (f"{kind}\n", "")
    ran = python("import microbp.replay.compiled.interpreter", MICROBP_VECTORS="avx1024")
    here = ", ".join(interpreter.VECTORS)
    assert ran.stderr == f"MICROBP_VECTORS=avx1024: expected one that this machine has, {here}\n"
    assert ran.returncode == 1
