"""Units of a layer run side by side, and have the bits that they have one after the other."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import microbp
from microbp import Value
from microbp.core import engine
from microbp.replay.numpy_interpreter import NumpyReplay
from microbp.replay.program import record
from tests.helpers.profiles import examples
from tests.replay.test_chains import by_kernel, by_numpy
from tests.replay.test_eager_bits import with_each_kind

pytestmark = pytest.mark.skipif(engine.name != "compiled", reason="layers are of that engine")


class Drawn:
    """Layers whose units have common activities, and others that use these in between."""

    def __init__(self, rng):
        self.rng, self.inputs, self.weights = rng, [], []
        self.inputs = [Value(rng.uniform(-1.0, 1.0)) for _ in range(5)]

    def weight(self):
        """A new one; at times one that others have too, one computed from it, or a constant."""
        kind = self.rng.random()
        if kind < 0.2 and self.weights:
            known = self.rng.choice(self.weights)
            return known if kind < 0.1 else known * 0.75
        if kind < 0.25:
            return 0.5
        self.weights.append(Value(self.rng.uniform(-1.0, 1.0)))
        return self.weights[-1]

    def layer(self, xs):
        rng, units = self.rng, []
        as_dot, bias = rng.random() < 0.5, rng.random() < 0.7
        for _ in range(rng.choice([2, 4, 6, 9]) if rng.random() < 0.95 else 70):
            if rng.random() < 0.25:
                units.append(rng.choice(xs) * self.weight() + rng.choice(xs + units))
            ws, b = [self.weight() for _ in xs], self.weight() if bias else 0.0
            if rng.random() < 0.1:
                b = rng.choice(xs + units)
            sum_of = microbp.dot(ws, xs, b) if as_dot else sum(map(Value.__mul__, xs, ws), b)
            units.append(sum_of.relu() if rng.random() < 0.3 else sum_of)
        return units

    def recording(self):
        rng, nodes = self.rng, list(self.inputs)
        for _ in range(rng.randint(1, 4)):
            xs = rng.sample(nodes, rng.randint(1, min(len(nodes), 9)))
            xs += xs[:1] if rng.random() < 0.1 else []
            nodes += self.layer(xs)
        outputs = [sum(nodes[-9:]), *rng.sample(nodes, rng.randint(0, 2))]
        return record(outputs, self.inputs, self.weights)._recording


def used_once(recording):
    """Which of the parameters are used by one operation, which differs from case to case."""
    leaves = recording.inputs + len(recording.parameters) + len(recording.constants)
    varies = [i < recording.inputs for i in range(leaves)]
    uses = [[] for _ in range(leaves)]
    for first, end in zip(recording.starts, recording.starts[1:], strict=False):
        of = recording.operands[first:end]
        varies.append(any(varies[k] for k in of))
        for k in of:
            if k < leaves:
                uses[k].append(varies[-1])
    return [i for i in range(len(recording.parameters)) if uses[recording.inputs + i] == [True]]


def summed(recording, cases):
    """The parameters' adjoints, summed over the cases in the order that lanes.h promises."""
    adjoints = NumpyReplay(recording, cases, [p.data for p in recording.parameters], 0).adjoints(
        recording.outputs[0]
    )
    found = []
    for i in range(len(recording.parameters)):
        lanes = [0.0] * 8
        for case, x in enumerate(np.broadcast_to(adjoints[recording.inputs + i], len(cases))):
            lanes[case % 8] += x
        while len(lanes) > 1:
            lanes = [a + b for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
        found.append(lanes[0])
    return np.array(found)


@pytest.mark.filterwarnings("ignore:record")
@examples(200)
@given(st.integers(0, 2**32), st.sampled_from([3, 9, 33, 41, 70, 100]))
def test_layers_have_the_bits_of_single_operations(seed, count):
    rng = random.Random(seed)
    recording = Drawn(rng).recording()
    cases = np.array([[rng.uniform(-1.0, 1.0) for _ in range(5)] for _ in range(count)])
    by_input, expected = by_numpy(recording, cases, True), summed(recording, cases)
    once = used_once(recording)

    def check():
        of_one = by_numpy(recording, cases[:1], False)
        assert by_kernel(recording, cases[:1], 1, False) == of_one
        gradients = set()
        for width in (8, 16, 40, 64, 104):
            assert by_kernel(recording, cases, width, True) == by_input
            gradients.add(by_kernel(recording, cases, width, False)[1])
        (gradient,) = (np.frombuffer(each) for each in gradients)
        assert gradient[once].tobytes() == (expected[once] + 0.0).tobytes()
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-9)

    with_each_kind(check)


def test_layers_are_found():
    """Side by side, all units' total inputs are in rows at the same time."""
    from microbp.replay.compiled import interpreter

    def rows(between):
        xs = [Value(0.1 * i) for i in range(3)]
        y = Value(0.0)
        for i in range(40):
            y = y + microbp.dot([Value(0.1 * i + k) for k in range(3)], xs, Value(0.5)).relu()
            if between:
                y = y + xs[0]
        return interpreter.Kernel(record(y, xs)._recording, True).laid_out()[0]

    assert rows(between=True) + 30 < rows(between=False)


def test_a_unit_stays_behind_what_uses_one_of_its_activities():
    """On the way back, what uses it passes on after that unit, and before those further up."""
    rng = random.Random(1)

    def leaves(count):
        return [Value(rng.uniform(-1.0, 1.0)) for _ in range(count)]

    xs = leaves(3)
    units = [microbp.dot(leaves(3), xs, 0.5) for _ in range(2)]
    units.append(xs[2] * xs[2] * xs[1])
    units += [microbp.dot(leaves(3), xs, 0.5) for _ in range(3)]
    recording = record(sum(units), xs)._recording
    cases = np.array([[rng.uniform(-1.0, 1.0) for _ in xs] for _ in range(40)])
    assert by_kernel(recording, cases, 8, True) == by_numpy(recording, cases, True)
