import math
import sys

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.codegen import cfunctions

import microbp
from microbp import Value, to_sympy
from microbp.core import ops
from microbp.core.custom_op import operation
from microbp.testing import expressions
from tests.helpers.profiles import examples

pytestmark = pytest.mark.interop
x, y = sympy.symbols("x y")
OPS = ops.BUILTINS


NAMED_ALIKE = [
    "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "erf", "erfc", "exp", "log",
    "sin", "sinh", "sqrt", "tan", "tanh",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMED_ALIKE)
def test_lambdify_finds_our_functions_by_sympys_names(name):
    v = microbp.Value(1.25 if name == "acosh" else 0.75)
    found = sympy.lambdify(x, getattr(sympy, name)(x), modules=[microbp])(v)
    assert (found.op, found.operands) == (ops.table[name], (v,))


@pytest.mark.parametrize("name", ["exp2", "expm1", "log10", "log1p", "log2"])
def test_lambdify_finds_the_functions_of_code_too(name):
    v = microbp.Value(0.75)
    formula = getattr(cfunctions, name)(x)
    assert sympy.lambdify(x, formula, modules=[microbp])(v).op is ops.table[name]


def test_lambdify_without_any_use_of_microbp_before(python):
    run = python(
        "import microbp, sympy; x = sympy.Symbol('x'); f = sympy.lambdify(x, sympy.asinh(x) + "
        "sympy.loggamma(x + 1), modules=[microbp]); print(microbp.grad(f)(1.0))"
    )
    assert float(run.stdout) == pytest.approx(2**-0.5 + 0.42278433509846713, rel=1e-14)


def at(formula, numbers):
    """The number that a formula is, with these for its symbols by name."""
    return complex(sympy.N(formula.subs({sympy.Symbol(k): v for k, v in numbers.items()})))


def assert_same_number(found, expected):
    assert found.imag == 0.0
    assert found.real == pytest.approx(expected, rel=1e-6, abs=1e-9)


def assert_formula_is_the_graph(expression):
    leaves = [Value(d, name) for d, name in zip(expression.leaves, expression.names, strict=True)]
    root = expression(*leaves)
    root.backward()
    formula = to_sympy(root)
    numbers = dict(zip(expression.names, expression.leaves, strict=True))
    assert formula.free_symbols <= {*map(sympy.Symbol, numbers)}
    assert_same_number(at(formula, numbers), root.data)
    for leaf in leaves:
        assert_same_number(at(formula.diff(leaf.label), numbers), leaf.grad)


@given(expressions(smooth=True, max_nodes=7))
@examples(60)
def test_a_formula_and_its_derivatives_are_those_of_the_graph(expression):
    assert_formula_is_the_graph(expression)


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
@given(data=st.data())
@settings(max_examples=5)
def test_every_operation_has_a_formula_with_its_derivatives(op, data):
    assert_formula_is_the_graph(data.draw(expressions(ops=[op], smooth=True, max_nodes=6)))


def test_formulas_read_as_they_are_written():
    a, b = Value(2.0, "x"), Value(3.0, "y")
    assert to_sympy(a * a + 2 * b - 1) == x**2 + 2 * y - 1
    assert to_sympy(microbp.relu(a)) == sympy.Max(0, x)
    assert to_sympy(microbp.total([a, b, a])) == 2 * x + y
    assert to_sympy(microbp.dot([a, b], [0.5, a], 1)) == 0.5 * x + x * y + 1
    assert str(to_sympy(microbp.sigmoid(a))) == "1/(1 + exp(-x))"
    assert sympy.latex(to_sympy(a / b + microbp.sqrt(a))) == r"\sqrt{x} + \frac{x}{y}"


def test_a_notebook_shows_a_formula_as_mathematics():
    assert to_sympy(Value(2.0, "x") ** 2)._repr_latex_() == r"$\displaystyle x^{2}$"


# --- Labels are names


@pytest.mark.parametrize(
    "label", ["__import__('os')", "x y", "1/0", "x_1", "pi", "lambda", "ü", "0"]
)
def test_a_label_is_a_name_and_nothing_else(label):
    assert to_sympy(Value(2.0, label) + 1) == sympy.Symbol(label) + 1


def test_leaves_with_the_same_label_stay_different():
    a, b, c, taken = Value(1.0, "x"), Value(2.0, "x"), Value(3.0, "x"), Value(4.0, "x_2")
    assert str(to_sympy(a * b / c + taken)) == "x*x_3/x_4 + x_2"
    assert to_sympy(a - b) != 0


def test_leaves_without_a_label_are_numbers():
    assert to_sympy(Value(2.0)) == sympy.Integer(2)
    assert to_sympy(Value(0.1)) == sympy.Float(0.1)
    assert to_sympy(Value(2.0) ** 0.5 + Value(1.0)) == sympy.Float(1 + math.sqrt(2))
    assert to_sympy(Value(2.0, "x") * Value(math.inf)) == sympy.oo * x
    assert to_sympy(Value(math.nan)) is sympy.nan


def test_the_label_of_an_operation_does_not_matter():
    a = Value(2.0, "x")
    h = a * a
    h.label = "h"
    assert to_sympy(h + 1) == x**2 + 1


# --- Custom operations


def test_a_custom_operation_has_a_formula_where_it_is_written_for_every_namespace():
    bump = operation(
        "bump",
        value=lambda m, a: m.where(a > 1, m.exp(-a * a), m.sign(a) * m.step(a, 0.0, tie=0.5)),
        partials=lambda m, y, a: (0.0,),
    )
    formula = to_sympy(bump(Value(2.0, "x")))
    for number, value in [(2.0, math.exp(-4.0)), (0.5, 1.0), (-1.0, 0.0)]:
        assert_same_number(at(formula, {"x": number}), value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (lambda m, a: a if a > 0 else 0.0 * a, "truth value"),
        (lambda m, a: math.sin(a), "float"),
        (lambda m, a: m.no_such_function(a), "no_such_function"),
        (lambda m, a: "__import__('os')" if not isinstance(a, float) else a, "str"),
    ],
)
@pytest.mark.filterwarnings("ignore:operation 'odd' replaces")
def test_a_custom_operation_that_has_no_formula_is_refused_in_words(value, why):
    odd = operation("odd", value=value, partials=lambda m, y, a: (1.0,))
    graph = odd(Value(2.0, "x")) if why != "no_such_function" else None
    if graph is None:  # it would have no number either
        odd = operation(
            "odd",
            value=lambda m, a: m.exp(a) if isinstance(a, float) else value(m, a),
            partials=lambda m, y, a: (1.0,),
        )
        graph = odd(Value(2.0, "x"))
    with pytest.raises(TypeError, match=rf"^to_sympy: odd has no formula here \(.*{why}"):
        to_sympy(graph + 1)


# --- How large


def chain(length, f):
    node = Value(0.5, "x")
    for _ in range(length):
        node = f(node)
    return node


def test_a_formula_that_would_be_too_large_is_refused_before_it_is_made():
    with pytest.raises(ValueError, match=r"^to_sympy: .* more than 2,000 leaves and operations"):
        to_sympy(chain(100_000, lambda v: v * v))
    assert to_sympy(chain(20, lambda v: v * v), max_size=2**22) == x ** (2**20)


def test_a_formula_that_is_nested_too_deep_is_refused():
    with pytest.raises(ValueError, match=r"^to_sympy: the formula is nested 101 levels deep"):
        to_sympy(chain(1500, microbp.sin))
    deep = to_sympy(chain(90, microbp.sin))
    assert str(deep).startswith("sin(sin(")
    assert deep.diff("x").has(sympy.cos)


def test_sums_of_any_length_are_not_deep():
    assert to_sympy(chain(900, lambda v: v + 1)) == x + 900


def test_whole_numbers_do_not_grow_without_end():
    assert to_sympy((Value(2.0, "x") * 3) ** 1e15).has(sympy.Float)
    grown = to_sympy(chain(12, lambda v: (3 * v) ** 2), max_size=10**5)
    assert max(len(str(number)) for number in grown.atoms(sympy.Integer)) < 20


# --- What is refused


@pytest.mark.parametrize("wrong", [3.0, None, "x", [Value(1.0)]])
def test_only_a_value_is_taken(wrong):
    with pytest.raises(TypeError, match=r"^to_sympy: expected a Value, got "):
        to_sympy(wrong)


def test_the_largest_size_is_a_whole_number():
    with pytest.raises(TypeError, match=r"^to_sympy: max_size: expected a whole number"):
        to_sympy(Value(1.0, "x"), max_size="a")


def test_without_sympy_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy", None)
    monkeypatch.delitem(sys.modules, "microbp.interop.sympy_namespace", raising=False)
    import microbp.interop

    monkeypatch.delattr(microbp.interop, "sympy_namespace", raising=False)
    with pytest.raises(ImportError, match=r"pip install 'microbp\[sympy\]'$"):
        to_sympy(Value(1.0, "x"))
