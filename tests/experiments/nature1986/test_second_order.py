"""Descent, momentum, conjugate gradients and Newton's method, from the same weights."""

import numpy as np
import pytest

from microbp.autodiff.transforms import grad, hessian
from microbp.experiments.nature1986 import second_order, symmetry


@pytest.fixture(scope="module")
def problem():
    return second_order.Problem()


def weights(sweeps):
    return np.array([p.data for p in symmetry.run(8, sweeps, progress=False).net.parameters()])


def test_the_error_as_a_function_of_its_weights_is_the_nets(problem):
    found = symmetry.run(sweeps=7, progress=False)
    w = [p.data for p in found.net.parameters()]
    assert second_order.error(w).data == pytest.approx(found.history[-1].error, rel=1e-14)
    assert problem.look(w)[0] == pytest.approx(found.history[-1].error, rel=1e-13)


def test_gradient_and_hessian_are_those_of_the_derivatives(problem):
    w = weights(376)
    before = problem.sweeps
    assert problem.look(w)[1] == pytest.approx(
        grad(second_order.error)(list(w)), rel=1e-10, abs=1e-14
    )
    assert problem.sweeps == before + 1
    exact = np.array(hessian(second_order.error)(list(w)))
    assert problem.curvature(w) == pytest.approx(exact, rel=1e-9, abs=1e-12)
    assert problem.sweeps == before + 1 + 17


def test_every_newton_step_lowers_the_error(problem):
    w = weights(376)
    e, gradient = problem.look(w)
    for _ in range(3):
        w, further, gradient = second_order.newton_step(problem, w, e, gradient)
        assert further < e
        e = further


def test_at_the_bottom_a_step_ends(problem):
    w = weights(376)
    e, gradient = problem.look(w)
    for _ in range(60):
        w, e, gradient = second_order.newton_step(problem, w, e, gradient)
    assert max(abs(gradient)) < 1e-3
    still, same, _ = second_order.newton_step(problem, w, e, 0.0 * gradient)
    assert (still == w).all()
    assert same == e


@pytest.mark.parametrize("first", [1e-6, 1.0, 1e3])
def test_a_line_search_goes_to_where_the_slope_has_all_but_vanished(problem, first):
    w = weights(376)
    e, gradient = problem.look(w)
    a, lower, new = second_order.line_search(problem, w, e, gradient, -gradient, first)
    assert lower < e
    assert abs(new @ gradient) < 0.1 * (gradient @ gradient)
    assert problem.look(w - a * gradient)[0] == lower


def test_a_line_search_uphill_goes_nowhere(problem):
    w = weights(376)
    e, gradient = problem.look(w)
    assert second_order.line_search(problem, w, e, gradient, gradient, 1.0)[:2] == (0.0, e)


def test_descent_and_momentum_are_those_of_training(problem):
    w = weights(376)
    way = second_order.simple(problem, w, 0.0057, 4000, momentum=0.9)
    assert (way.steps, way.sweeps) == (1054, 1054)
    assert way.error < 0.0057
    way = second_order.simple(problem, w, 0.1, 20, momentum=None)
    assert (way.steps, way.error > 0.1) == (20, True)


def test_conjugate_gradients_and_newton_need_far_fewer_sweeps_than_momentum():
    found = second_order.run(progress=False)
    row = found.numbers()
    assert row["solved_at"] == 376
    assert row["descent"] is None
    assert 10 * row["conjugate"] < row["momentum"] == 1054
    assert row["conjugate_steps"] < row["conjugate"] < row["newton"] < row["momentum"]
    assert row["newton_steps"] == 13
    assert found.verdict() == (
        "Fewest sweeps first: conjugate, newton, momentum; not within the most: descent."
    )
    lines = found.report().splitlines()
    assert "all begin              at sweep 376" in lines
    assert [line for line in lines if line.endswith("not there")] == [
        line for line in lines if line.startswith("descent ")
    ]


def test_at_the_goal_already_no_method_takes_a_step():
    found = second_order.run(goal=100.0, progress=False)
    assert [way.steps for way in found.ways.values()] == [0] * 4


def test_a_seed_that_never_gets_all_right_gives_no_place_to_begin(tmp_path):
    found = second_order.run(0, within=50, progress=False)
    assert set(found.numbers().values()) == {None}
    assert "no place to begin" in found.report()
    assert found.save(tmp_path) == []
