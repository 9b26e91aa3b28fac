import pytest

from microbp.derivatives import grad
from microbp.experiments import newton, symmetry


def test_the_error_as_a_function_of_its_weights_is_the_nets():
    found = symmetry.run(sweeps=7, progress=False)
    w = [p.data for p in found.net.parameters()]
    assert float(newton.error(w)) == pytest.approx(found.history[-1].error, rel=1e-14)


def test_every_newton_step_lowers_the_error():
    w = [p.data for p in symmetry.run(sweeps=376, progress=False).net.parameters()]
    for _ in range(3):
        further = newton.newton_step(w)
        assert float(newton.error(further)) < float(newton.error(w))
        w = further


def test_at_the_bottom_a_step_ends():
    w = [p.data for p in symmetry.run(sweeps=376, progress=False).net.parameters()]
    for _ in range(60):
        w = newton.newton_step(w)
    assert max(map(abs, grad(newton.error)(w))) < 1e-3


def test_newton_needs_far_fewer_steps_than_momentum_and_momentum_than_descent():
    found = newton.run(goal=0.1, most=200)
    assert found["Newton"][0] < 10
    assert 10 * found["Newton"][0] < found["momentum"][0] < 200
    steps, error = found["descent"]
    assert steps == 200
    assert error > 0.5
