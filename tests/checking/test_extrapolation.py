"""Richardson extrapolation: what an estimate needs, and how wide its bound is."""

from microbp.checking.extrapolation import extrapolated


def test_extrapolation_needs_what_smaller_steps_confirm():
    steps = [0.4 * 0.5**j for j in range(8)]
    quotients = [7.0, 7.0, 7.0, 7.0, 1.0, 1.0, 1.0, 1.0]
    noises = [1e-9] * 8
    assert abs(extrapolated(steps, quotients, noises, 2).value - 1.0) < 1e-6


def test_slow_convergence_has_a_wide_bound():
    steps = [0.5**j for j in range(40)]
    quotients = [h**0.1 for h in steps]
    estimate = extrapolated(steps, quotients, [0.0] * 40, 1)
    assert abs(estimate.value) <= estimate.bound < 1.0
