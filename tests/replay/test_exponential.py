"""The compiled interpreter's own exponential, and the operations that use it."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from microbp import Value
from microbp.replay.program import record
from tests.helpers.oracles import mp, mpf, precise, ulps_off
from tests.helpers.profiles import examples
from tests.helpers.replays import Eager, Replayed, close, table_call

TURNS = [0.0, -0.0, 709.782712893384, 709.7827128933841, 709.79, 710.0, 710.1, -708.39, -708.4,
         -744.44, -745.13, -745.1332191019411, -745.1332191019412, -745.2, -746.0, -747.0, 1e-300,
         -1e-300, 5e-324, 1e-17, -1e-17, 0.34657359027997264, 0.34657359027997270, 1e5, -1e5, 1e308,
         -1e308, math.inf, -math.inf]  # fmt: skip


@pytest.fixture(scope="module")
def one_operation():
    x = Value(0.5)
    return {name: record(table_call(name, x), [x]) for name in ("exp", "sigmoid")}


def exact(name, x):
    precise.dps = 60
    if math.isinf(x):
        return mpf(0) if x < 0 else (mpf(1) if name == "sigmoid" else mpf(2) ** 1024)
    return getattr(mp, name)(mpf(x))


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
@examples(300)
@given(xs=st.lists(st.one_of(st.sampled_from(TURNS), st.floats(-750.0, 712.0)), min_size=1))
@example(xs=TURNS)
def test_the_kernels_exponential_is_within_four_ulps(name, xs, one_operation):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        values = one_operation[name].forward([[x] for x in xs]).tolist()
    for x, y in zip(xs, values, strict=True):
        assert ulps_off(y, exact(name, x)) <= 4, (x, y)
        assert y >= 0.0


@examples(200)
@given(st.lists(st.floats(-750.0, 709.7), min_size=1, max_size=80))
def test_a_case_alone_gives_the_same_bits(one_operation, xs):
    for program in one_operation.values():
        assert program.forward([[x] for x in xs]).tolist() == [
            program.forward([[x]])[0] for x in xs
        ]


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
def test_the_exponential_on_a_fine_grid(name, one_operation):
    """Every part of the range, each power of two's own polynomial, subnormal results included."""
    grid = np.linspace(-750.0, 709.78, 20_011)
    values = one_operation[name].forward(grid[:, None])
    worst = max(ulps_off(y, exact(name, x)) for x, y in zip(grid.tolist(), values, strict=True))
    assert worst <= {"exp": 2, "sigmoid": 3}[name]  # 1.08 and 2.25 have been seen
    assert (np.diff(values) >= 0.0).all()


@pytest.mark.parametrize("name", ["exp", "sigmoid"])
def test_the_exponential_of_nan_is_nan(name, one_operation):
    with pytest.warns(RuntimeWarning, match=f"{name}.*nan.* in case 1"):
        values = one_operation[name].forward([[0.0], [math.nan], [1.0]])
    assert np.isnan(values).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("logsumexp", [(0.0, -40.0), (-40.0, 0.0), (0.0, -800.0), (1000.0, 1000.0), (-1e308, 1e308),
                       (-1000.0, -1000.0), (0.0, 0.0), (0.0, -30.0)]),
        ("logaddexp", [(0.0, -40.0), (-40.0, 0.0), (1000.0, 1000.0), (-1e308, 1e308), (0.0, 0.0)]),
        ("softplus", [(-40.0,), (-745.0,), (-800.0,), (800.0,), (37.0,), (1e308,), (-0.0,)]),
        ("tanh", [(20.0,), (-20.0,), (1e-300,), (350.0,), (1e308,)]),
        ("sigmoid", [(-1000.0,), (1000.0,), (-740.0,), (40.0,), (-40.0,)]),
        ("pow", [(0.0, 0.0), (-2.0, 3.0), (1e-300, 0.5), (-0.0, 3.0), (1e308, 1.0)]),
    ],
)  # fmt: skip
def test_saturated_ends_keep_their_digits(name, rows):
    f = lambda *xs: table_call(name, *xs)  # noqa: E731
    is_input = [True] * len(rows[0])
    replayed = Replayed(f, rows[0], is_input)
    for some in (rows, *([row] for row in rows), rows * 9):
        values, by_input, _, _ = replayed.run(replayed.cases(some))
        for y, slopes, xs in zip(values, by_input, some, strict=True):
            eager = Eager(f, xs, is_input)
            assert close("", y, eager.y, xs), xs
            assert all(map(lambda a, b, xs=xs: close("", a, b, xs), slopes, eager.by_input)), xs
