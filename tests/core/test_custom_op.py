import copy
import pickle
import warnings

import pytest

import microbp
from microbp import Value
from microbp.autodiff.transforms import grad
from microbp.core import ops
from microbp.core.custom_op import operation
from microbp.core.ops import Domain


@pytest.fixture(autouse=True)
def table_as_it_was(monkeypatch):
    monkeypatch.setattr("microbp.core.custom_op._own", {})
    before = dict(ops.table)
    yield
    ops.table.clear()
    ops.table.update(before)


def cube():
    return operation(
        "cube", value=lambda m, x: x * x * x, partials=lambda m, y, x: (3 * x * x,), symbol="x³"
    )


def test_it_computes_on_values_and_numbers():
    x = Value(2.0)
    y = cube()(x)
    y.backward()
    assert (y.data, x.grad, y.op.name, y.op.symbol) == (8.0, 12.0, "cube", "x³")
    assert cube()(3) == 27.0


def test_it_has_derivatives_of_any_order():
    f = cube()
    assert [grad(f)(2.0), grad(grad(f))(2.0), grad(grad(grad(f)))(2.0)] == [12.0, 12.0, 6.0]
    assert grad(grad(grad(grad(f))))(2.0) == 0.0


def test_it_may_use_the_functions_of_the_namespace():
    swish = operation(
        "swish",
        value=lambda m, x: x * m.sigmoid(x),
        partials=lambda m, y, x: (m.sigmoid(x) + y * m.sigmoid(-x),),
    )
    reference = lambda x: x * microbp.sigmoid(x)  # noqa: E731
    for order in (grad, lambda f: grad(grad(f))):
        assert order(swish)(0.7) == pytest.approx(order(reference)(0.7), rel=1e-14)


def test_it_may_take_several_operands_or_any_number():
    weighted = operation(
        "weighted", value=lambda m, a, b: 2 * a + b, partials=lambda m, y, a, b: (2.0, 1.0)
    )
    mean = operation(
        "mean",
        value=lambda m, *xs: sum(xs[1:], xs[0]) / len(xs),
        partials=lambda m, y, *xs: (1.0 / len(xs),) * len(xs),
    )
    assert grad(weighted)(1.0, 5.0) == (2.0, 1.0)
    assert mean(1, 2, Value(6)).data == 3.0


def test_its_domain_and_kinks_are_kept():
    positive = Domain("halves are of numbers above 0", lambda x: x > 0.0)
    half = operation(
        "half",
        value=lambda m, x: x / 2,
        partials=lambda m, y, x: (0.5,),
        domain=positive,
        kinks=lambda m, x: x - 1,
    )
    with pytest.raises(
        microbp.DomainError, match=r"^half\(w = -1.0\): halves are of numbers above 0$"
    ):
        half(Value(-1.0, "w"))
    assert ops.table["half"].kinks(None, 3.0) == 2.0


def test_its_graphs_are_drawn_copied_and_pickled():
    y = cube()(Value(2.0))
    assert "x³" in microbp.draw(y).source
    assert copy.deepcopy(y).op is y.op
    assert pickle.loads(pickle.dumps(y)).op is y.op


def test_a_name_of_ours_is_refused():
    with pytest.raises(ValueError, match=r"^operation: 'sin' is an operation of microbp; choose"):
        operation("sin", value=lambda m, x: x, partials=lambda m, y, x: (1.0,))
    assert ops.table["sin"] is ops.SIN


def test_replacing_ones_own_warns_but_the_same_lines_again_do_not():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cube()
        cube()
    with pytest.warns(UserWarning, match="^operation 'cube' replaces another of that name$"):
        operation("cube", value=lambda m, x: x, partials=lambda m, y, x: (1.0,))


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: operation("a b", value=abs, partials=abs),
            ValueError,
            "operation: expected a name like a variable's, got 'a b'",
        ),
        (
            lambda: operation(3, value=abs, partials=abs),
            ValueError,
            "operation: expected a name like a variable's, got 3",
        ),
        (
            lambda: operation("f", value="x*x", partials=abs),
            TypeError,
            "operation f: value: expected a function such as lambda m, x: m.exp(x), got 'x*x'",
        ),
        (
            lambda: operation("f", value=abs, partials=abs, kinks=0.0),
            TypeError,
            "operation f: kinks: expected a function such as lambda m, x: x, got 0.0",
        ),
        (
            lambda: operation("f", value=abs, partials=abs, domain="above 0"),
            TypeError,
            "operation f: expected Domain(sentence, test), got 'above 0'",
        ),
        (lambda: cube()(1.0, 2.0), TypeError, "cube: expected 1 operands, got 2"),
        (lambda: cube()("2"), TypeError, "cube: expected a real number or a Value, got '2'"),
        (
            lambda: operation("f", value=lambda m, a, b: a, partials=lambda m, y, a, b: (1.0,))(
                1, 2
            ),
            ValueError,
            "f: 1 partials for 2 operands",
        ),
    ],
)
def test_bad_definitions_and_calls(make, kind, message):
    with pytest.raises(kind) as error:
        make()
    assert str(error.value) == message
