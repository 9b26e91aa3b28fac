import json
import math
import random
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from microbp import datasets

CLOUDS = [datasets.moons, datasets.circles, datasets.spirals, datasets.clusters]
each_cloud = pytest.mark.parametrize("cloud", CLOUDS, ids=lambda cloud: cloud.__name__)
seeds = st.integers(0, 2**64)


# --- Point clouds


@each_cloud
@given(n=st.integers(2, 80), noise=st.floats(0.0, 2.0), seed=seeds)
def test_there_are_as_many_points_as_asked_for_in_classes_of_equal_size(cloud, n, noise, seed):
    X, y = cloud(n, noise=noise, seed=seed)
    assert (X.shape, y.shape) == ((n, 2), (n,))
    assert X.dtype == np.float64
    assert sorted(np.bincount(y).tolist()) == [n // 2, (n + 1) // 2]
    assert np.isfinite(X).all()


@each_cloud
@given(seed=seeds)
def test_a_seed_gives_the_same_points_whatever_else_is_drawn(cloud, seed):
    before = random.getstate()
    X, y = cloud(20, seed=seed)
    assert random.getstate() == before
    again = cloud(20, seed=seed)
    assert (X.tolist(), y.tolist()) == (again[0].tolist(), again[1].tolist())


@each_cloud
def test_other_seeds_give_other_points_in_another_order(cloud):
    (X, y), (other_X, other_y) = cloud(100, seed=1), cloud(100, seed=2)
    assert not np.isclose(X, other_X).any()
    assert y.tolist() != other_y.tolist()
    assert sorted(y.tolist()) not in (y.tolist(), other_y.tolist())


@each_cloud
def test_noise_is_the_standard_deviation_of_each_coordinate(cloud):
    def as_drawn(noise):
        return cloud(4000, noise=noise, seed=3)

    (X, y), (curve, same) = as_drawn(0.25), as_drawn(0.0)
    assert y.tolist() == same.tolist()
    offsets = X - curve
    assert offsets.mean(axis=0) == pytest.approx([0.0, 0.0], abs=0.02)
    assert offsets.std(axis=0) == pytest.approx([0.25, 0.25], rel=0.05)


def radius(X):
    return np.hypot(X[:, 0], X[:, 1])


@given(n=st.integers(2, 60), seed=seeds)
def test_moons_without_noise_are_half_circles(n, seed):
    X, y = datasets.moons(n, noise=0.0, seed=seed)
    upper, lower = X[y == 0], X[y == 1] - [1.0, 0.5]
    assert radius(upper) == pytest.approx(1.0)
    assert radius(lower) == pytest.approx(1.0)
    assert (upper[:, 1] >= -1e-9).all()
    assert (lower[:, 1] <= 1e-9).all()


@given(n=st.integers(2, 60), factor=st.floats(0.1, 0.9))
def test_circles_without_noise_are_circles_evenly_filled(n, factor):
    X, y = datasets.circles(n, noise=0.0, factor=factor)
    assert radius(X[y == 0]) == pytest.approx(1.0)
    assert radius(X[y == 1]) == pytest.approx(factor)
    for k in (0, 1):
        angles = np.sort(np.arctan2(*X[y == k].T) % (2 * math.pi))
        gaps = np.diff([*angles, angles[0] + 2 * math.pi])
        assert gaps == pytest.approx(2 * math.pi / len(angles))


@given(n=st.integers(5, 60), classes=st.integers(1, 5), turns=st.floats(0.1, 3.0))
def test_the_arms_of_a_spiral_are_one_arm_turned(n, classes, turns):
    X, y = datasets.spirals(n * classes, classes=classes, turns=turns, noise=0.0)
    distance = radius(X)
    along = X[:, 0] + 1j * X[:, 1]
    start = along / distance / np.exp(2j * math.pi * turns * distance)
    assert start == pytest.approx(np.exp(2j * math.pi * y / classes))
    assert distance.max() == pytest.approx(1.0)


@given(classes=st.integers(1, 6))
def test_clusters_without_noise_are_their_centers(classes):
    X, y = datasets.clusters(3 * classes, classes=classes, noise=0.0)
    angle = 2 * math.pi * y / classes
    assert pytest.approx(np.column_stack([np.cos(angle), np.sin(angle)])) == X
    assert np.bincount(y).tolist() == [3] * classes


@pytest.mark.interop
@pytest.mark.parametrize(("ours", "theirs"), [("moons", "make_moons"), ("circles", "make_circles")])
@pytest.mark.parametrize("n", [2, 7, 100])
def test_the_curves_are_those_of_scikit_learn(ours, theirs, n):
    from sklearn import datasets as peer

    options = {"factor": 0.5} if ours == "circles" else {}
    X, y = getattr(peer, theirs)(n, noise=0.0, **options)
    ours_X, ours_y = getattr(datasets, ours)(n, noise=0.0)

    def in_order(X, y):
        return sorted([label, *row] for label, row in zip(y, X.round(9) + 0.0, strict=True))

    assert in_order(ours_X, ours_y) == in_order(X, y)


# --- Patterns of bits


@given(bits=st.integers(1, 10))
def test_patterns_are_all_rows_in_the_order_of_counting(bits):
    for pattern in (datasets.parity, datasets.symmetry):
        X, y = pattern(bits)
        numbers = X @ 2.0 ** np.arange(bits)[::-1]
        assert numbers.tolist() == [*range(2**bits)]
        assert y.shape == (2**bits,)


def test_parity_changes_with_every_bit():
    X, y = datasets.parity(5)
    assert [int(row.sum()) % 2 for row in X] == y.tolist()
    assert y.sum() == 16


@pytest.mark.parametrize("bits", [1, 2, 5, 6])
def test_symmetric_rows_read_the_same_backwards(bits):
    X, y = datasets.symmetry(bits)
    assert y.tolist() == [int(row.tolist() == row.tolist()[::-1]) for row in X]
    assert y.sum() == 2 ** ((bits + 1) // 2)


def test_patterns_are_those_of_the_experiments():
    from microbp.experiments.nature1986.symmetry import CASES
    from microbp.experiments.pdp8 import parity, xor

    for (X, y), cases in [
        (datasets.symmetry(), CASES),
        (datasets.parity(4), parity.cases(4)),
        (datasets.xor(), xor.cases()),
    ]:
        assert X.tolist() == [list(inputs) for inputs, _ in cases]
        assert [[float(d)] for d in y] == [list(targets) for _, targets in cases]


# --- Digits and names


@pytest.mark.interop
def test_digits_are_gray_from_0_to_1_in_ten_classes():
    X, y = datasets.digits()
    assert (X.shape, X.min(), X.max()) == ((1797, 64), 0.0, 1.0)
    assert len(np.bincount(y)) == 10


def test_digits_without_scikit_learn_say_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match=r"^digits: .* pip install 'microbp\[sklearn\]'$"):
        datasets.digits()


def test_names_are_words_in_small_letters():
    names = datasets.names()
    assert len(names) == len({*names}) == 600
    assert names == sorted(names)
    assert all(name.isascii() and name.isalpha() and name.islower() for name in names)
    names.clear()
    assert len(datasets.names()) == 600


# --- What is refused, and what it costs


UP_TO = "expected a whole number from {} to {}, got".format
NOISE = "noise: expected a finite number from 0 on, got"


@pytest.mark.parametrize(
    ("name", "options", "error", "words"),
    [
        (
            "moons",
            {"n_samples": "9"},
            TypeError,
            f"n_samples: {UP_TO(2, '1,000,000')} '9'",
        ),
        (
            "moons",
            {"n_samples": 9.0},
            TypeError,
            f"n_samples: {UP_TO(2, '1,000,000')} 9.0",
        ),
        (
            "moons",
            {"n_samples": 1},
            ValueError,
            f"n_samples: {UP_TO(2, '1,000,000')} 1",
        ),
        (
            "moons",
            {"noise": -0.1},
            ValueError,
            f"{NOISE} -0.1",
        ),
        (
            "moons",
            {"noise": math.nan},
            ValueError,
            f"{NOISE} nan",
        ),
        (
            "moons",
            {"noise": math.inf},
            ValueError,
            f"{NOISE} inf",
        ),
        ("moons", {"noise": None}, TypeError, "noise: expected a real number or a Value, got None"),
        ("moons", {"seed": None}, TypeError, "seed: expected a whole number from 0 on, got None"),
        (
            "circles",
            {"factor": 1},
            ValueError,
            "factor: expected a number between 0 and 1, got 1.0",
        ),
        ("spirals", {"turns": math.inf}, ValueError, "turns: expected a finite number, got inf"),
        (
            "spirals",
            {"n_samples": 2, "classes": 3},
            ValueError,
            f"n_samples: {UP_TO(3, '1,000,000')} 2",
        ),
        (
            "clusters",
            {"classes": 0},
            ValueError,
            f"classes: {UP_TO(1, '1,000,000')} 0",
        ),
        ("parity", {"bits": 0}, ValueError, f"bits: {UP_TO(1, '16')} 0"),
        (
            "symmetry",
            {"bits": 17},
            ValueError,
            f"bits: {UP_TO(1, '16')} 17",
        ),
        (
            "symmetry",
            {"bits": "6"},
            TypeError,
            f"bits: {UP_TO(1, '16')} '6'",
        ),
    ],
)
def test_what_is_no_such_data_set_is_refused_in_words(name, options, error, words):
    with pytest.raises(error) as refused:
        getattr(datasets, name)(**options)
    assert str(refused.value) == f"{name}: {words}"


def test_the_data_sets_are_imported_when_they_are_asked_for(python):
    code = (
        "import json, sys, microbp\n"
        "before = 'microbp.datasets' in sys.modules\n"
        "X, y = microbp.datasets.moons(4, noise=0.0, seed=0)\n"
        "print(json.dumps([before, 'sklearn' in sys.modules, X.tolist(), y.tolist()]))"
    )
    run = python(code)
    X, y = datasets.moons(4, noise=0.0, seed=0)
    assert json.loads(run.stdout) == [False, False, X.tolist(), y.tolist()], run.stderr
