"""Values and adjoints share rows; what `forward` computes with fewer of them has the same bits."""

import random

import numpy as np
import pytest

import microbp
from microbp import Value
from microbp.core import engine
from microbp.replay.program import record
from tests.replay.test_plans import bits, random_program

pytestmark = pytest.mark.skipif(engine.name != "compiled", reason="rows are of that engine")


@pytest.mark.filterwarnings("ignore:record")
@pytest.mark.parametrize("programs", [60, pytest.param(2000, marks=pytest.mark.thorough)])
def test_any_width_and_any_kernel_give_the_same_bits(programs):
    from microbp.replay.compiled import interpreter

    fine = 0
    for seed in range(programs):
        rng = random.Random(seed)
        program, cases = random_program(rng, rng.choice([8, 40]), 0.0)
        cases = np.tile(cases, (12, 1))[: rng.choice([3, 12, 70])]
        weights, count = [p.data for p in program.parameters], len(program._recording.outputs)
        found = []
        for kind in ({"forward_only": True}, {}, {"of_inputs": True, "target": count - 1}):
            kernel = interpreter.Kernel(program._recording, **{"of_inputs": False, **kind})
            for width in (1, 8, 16, 32, 64):
                out, block = np.empty((count, len(cases))), interpreter.Cases(cases, width)
                gradient, by_input = np.empty(len(weights)), np.empty(cases.shape)
                of = [gradient] if kind == {} else [None, by_input] if "target" in kind else []
                _, well = kernel.replay(block, np.array(weights), out, *of)
                if well:
                    fine += 1
                    found.append(
                        (bits(out), bits(gradient if kind == {} else by_input) if of else [])
                    )
        forward = {tuple(values) for values, _ in found}
        assert len(forward) <= 1
        assert len({tuple(d) for _, d in found}) <= 3  # none, and two kinds of derivatives
    assert fine > 10 * programs // 2


def test_rows_are_used_again():
    from microbp.replay.compiled import interpreter

    x, w, y = Value(0.5), Value(0.9), Value(1.0)
    leaves, nodes = [x, y], [x, y]
    rng = random.Random(3)
    for _ in range(5_000):
        nodes.append(rng.choice(nodes[-20:]) + nodes[-1] * w if rng.random() < 0.5 else -nodes[-1])
    recording = record(nodes[-1].sigmoid(), leaves, [w])._recording
    assert interpreter.Kernel(recording, False, 0, True).laid_out()[0] < 40
    by_inputs = interpreter.Kernel(recording, True)
    assert by_inputs.laid_out()[0] < 80  # w is no input: nothing is read again
    both = interpreter.Kernel(recording, False)
    assert both.laid_out()[0] < 4_000  # of some 7,500 operations
    assert both.width_for(1_000) == 64


def test_rows_get_narrower_where_the_cache_does_not_hold_them():
    from microbp.replay.compiled import interpreter

    x = Value(0.5)
    y = x
    for _ in range(40_000):
        y = (y * y).sigmoid()
    kernel = interpreter.Kernel(record(y, [x])._recording, True)
    assert [kernel.width_for(count) for count in (2, 8, 16, 1_000)] == [1, 8, 16, 32]


@pytest.mark.filterwarnings("ignore:record", "error:replay")
@pytest.mark.parametrize("count", [0, 1, 2, 3, 70])
def test_any_kind_of_array_gives_the_same(count):
    x, w, z = Value(0.1, "x"), Value(0.2, "w"), Value(0.3, "z")
    for outputs in (w * x + z, [w * x + z], [w * x, w + 1.0, microbp.sigmoid(x * z)]):
        program = record(outputs, [x, z])
        cases = np.random.default_rng(0).normal(size=(count, 2))
        wide = np.zeros((count, 4))
        wide[:, ::2] = cases
        others = [np.asfortranarray(cases), wide[:, ::2], cases.astype(">f8")]
        others += [cases.view(type("Mine", (np.ndarray,), {}))]
        if count:
            others += [cases.tolist()]
        for method in (program.forward, program.input_gradient):
            found = method(cases)
            assert type(found) is np.ndarray
            assert found.flags.c_contiguous
            assert found.dtype == np.float64
            for other in others:
                assert (method(other).tobytes(), method(other).shape) == (
                    found.tobytes(),
                    found.shape,
                )
            assert method(cases, threads=2).tobytes() == found.tobytes()
