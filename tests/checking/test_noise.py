"""The measured noise of functions whose noise is known."""

import math

import numpy as np
import pytest

from microbp.checking.noise import measured_noise, noise_of


def fixed_point(x):
    """The solution of y = cos(x y), by iteration to a tolerance of 1e-10."""
    y, before = 1.0, 0.0
    while abs(y - before) >= 1e-10:
        y, before = math.cos(x * y), y
    return y


def bisection(x):
    """The solution of y³ + y = x to 1e-9."""
    low, high = 0.0, 10.0
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        low, high = (middle, high) if middle**3 + middle < x else (low, middle)
    return low


@pytest.mark.parametrize(
    ("f", "noise"),
    [
        (math.sin, 2e-16),
        (lambda x: float(np.float32(math.sin(x))), 6e-8),
        (lambda x: float(np.sin(np.float32(x))), 6e-8),
        (lambda x: (x + 1e8) - 1e8, 1.5e-8),
        (lambda x: ((x + 1e8) - 1e8) ** 2, 3e-8),
        (lambda x: round(x * x, 3), 1e-3),
        (bisection, 1e-9),
        (fixed_point, 1e-10),
    ],
    ids=["double", "float32", "float32 input", "1e8", "1e8²", "rounded", "bisection", "iteration"],
)
@pytest.mark.parametrize("x", [0.9, 1.0])
def test_noise_is_measured_within_a_factor_of_8(f, noise, x):
    assert noise / 8.0 < measured_noise(f, x).size < 8.0 * noise


@pytest.mark.parametrize("f", [bisection, lambda x: float(np.float32(x))])
def test_stairs_are_found(f):
    assert 1e-11 < measured_noise(f, 1.0).stairs < 1e-7


def test_an_iteration_is_smooth_nearby_and_jumps_farther_out():
    noise = measured_noise(fixed_point, 1.0)
    assert noise.within(1e-8) < 1e-15 < 1e-11 < noise.within(0.1)
    assert noise.stairs == 0.0


@pytest.mark.parametrize("size", [1e-12, 1e-6, 1.0])
def test_noise_of_known_size(size):
    # Eight values that happen to lie on a polynomial show no noise: none is bounded for certain.
    random, found = np.random.default_rng(1), []
    for _ in range(1000):
        noise = size * random.normal(size=8)
        values = [math.exp(1e-3 * i) + float(noise[i]) for i in range(8)]
        found.append(noise_of(values) / size)
    assert 1.0 < np.median(found) < 8.0
    assert np.mean([0.2 < ratio < 20.0 for ratio in found]) > 0.98


def test_a_constant_has_no_stairs_and_a_pole_does_not_matter():
    assert measured_noise(lambda _: 3.0, 1.0).stairs == 0.0
    assert measured_noise(lambda x: math.inf if x < 0.9999 else x, 1.0).size < 1e-15
    assert measured_noise(lambda _: None, 1.0).size == 0.0


def test_what_noise_of_refuses():
    with pytest.raises(ValueError, match=r"noise_of: expected 7 values or more, got 6"):
        noise_of([1.0] * 6)
    assert noise_of([1.0] * 7 + [math.nan]) == math.inf


@pytest.mark.parametrize("x", [5e-324, 1e-310, 1e-200, 1e200, 1.7e308])
def test_the_noise_near_extreme_numbers(x):
    jittered = [lambda y: math.sin(y / x * 1e9) * x + y, lambda y: y, lambda y: round(y / x, 3)]
    for f in jittered:
        assert measured_noise(f, x).size >= 0.0
