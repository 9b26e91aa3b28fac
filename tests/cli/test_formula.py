import contextlib
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import microbp
from microbp import Value, gradcheck
from microbp.cli.formula import LONGEST, FormulaError, read
from microbp.core import floats
from microbp.core.functions import data_of
from microbp.core.ops import table
from microbp.testing import expressions


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3.0),
        ("1e-3", 0.001),
        ("x", 2.0),
        ("-x + +y", -1.5),
        ("x - y - 1", 0.5),
        ("x / y / 2", 2.0),
        ("2 ** 3 ** x", 512.0),
        ("-x ** 2", -4.0),
        ("(x + y) * 2", 5.0),
        ("sigmoid(x*y - 1)", 0.5),
        ("maximum(x, y) - minimum(x, y)", 1.5),
        ("dot([x, y], [1, 2])", 3.0),
        ("dot([x, y], [1, 2], 10)", 13.0),
        ("total([x, y, 1])", 3.5),
        ("logsumexp([x, x])", 2.0 + math.log(2)),
        (" x\n + y ", 2.5),
    ],
)
def test_formulas_have_pythons_values(text, value):
    formula = read(text)
    assert formula({"x": 2.0, "y": 0.5}) == value
    assert data_of(formula({"x": Value(2.0), "y": Value(0.5)})) == value


def test_names_come_in_the_order_of_their_first_use():
    assert read("b + sin(a)*b + c_1 + größe").names == ("b", "a", "c_1", "größe")


@given(expressions(smooth=True))
def test_every_operation_can_be_typed(expression):
    """Each expression of the table's operations, written as one nested formula."""
    names = [f"x{i}" for i in range(len(expression.leaves))]
    texts = list(names)
    for op, backs in expression.steps:
        operands = [texts[-back] for back in backs]
        if op.name == "dot":
            terms = len(operands) // 2
            weights, activities = operands[:terms], operands[terms:-1]
            lists = f"[{', '.join(weights)}], [{', '.join(activities)}]"
            texts.append(f"dot({lists}, {operands[-1]})")
        elif op.arity is None:
            texts.append(f"{op.name}([{', '.join(operands)}])")
        else:
            texts.append(f"{op.name}({', '.join(operands)})")
    if len(texts[-1]) <= LONGEST:
        leaves = dict(zip(names, expression.leaves, strict=True))
        found = read(texts[-1])(leaves)
        assert found == expression.over(floats, expression.leaves)


PARTS = [
    "x", "y", "1", "0", "1e300", "+", "-", "*", "/", "**", "(", ")", "[", "]", ",", "-1", "dot(",
    "total(", "largest([", "smallest([", "logsumexp([", "])", "lgamma(", "pow(", "exp(", "log(",
]  # fmt: skip
HOSTILE = [
    "__import__('os').system('x')", "x.__class__", "x[0]", "lambda: 1", "[x for x in y]", "f'{x}'",
    "x if y else z", "x and y", "not x", "~x", "x < 1", "x @ y", "x // y", "x % y", "x := 1", "'a'",
    "b'a'", "1j", "True", "None", "...", "()", "{}", "[x]", "sin(*x)", "sin(x=1)", "sin()(x)",
    "eval(x)", "exec(x)", "open(x)", "await x", "yield x", "print(x)", "sin(x, y)", "sin([x])",
    "total(x)", "total([[x]])", "dot([x])", "sin", "x y", "(x", "x)", "", "#", "import os", "x; y",
    "\x00", "9" * 400,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_anything_else_is_refused(text):
    with pytest.raises(FormulaError):
        read(text)


@given(st.text(max_size=60))
@example("(" * 500)
@example("-" * 1999 + "x")
@example("x" * 5000)
@example("x" + "**x" * 600)
def test_no_text_does_anything_but_give_a_formula_or_an_error(text):
    with contextlib.suppress(FormulaError):
        read(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "w*x + foo(b)",
            "there is no function foo; there are TABLE\n"
            "  w*x + foo(b)\n"
            "        ^",
        ),
        ("2*(x", "1 opening but 0 closing parentheses\n  2*(x\n    ^"),
        ("ü + x.y", "expected numbers, names, + - * / ** and functions of microbp only\n"
         "  ü + x.y\n      ^"),
        ("1 + sin(x, y)", "expected sin of 1 operands, got 2\n  1 + sin(x, y)\n      ^"),
        ("1 + sin", "sin is a function; expected sin(...)\n  1 + sin\n      ^"),
        ("x + '2'", "expected a number, got '2'\n  x + '2'\n      ^"),
        ("total(x)", "expected a list, [a, b], for operand 1 of total\n  total(x)\n  ^"),
        (" ", "the formula is empty"),
        ("1+dot([x], [x, x])", "expected lists of one length for dot, got 1 and 2\n"
         "  1+dot([x], [x, x])\n    ^"),
        ("largest([])", "expected at least one operand of largest, got an empty list\n"
         "  largest([])\n  ^"),
        ("x+" * 50 + "?" + "+x" * 50, "this is not a formula\n"
         f"  ...{'x+' * 30}?{'+x' * 29}+...\n     {' ' * 60}^"),
        ("x" * 2001, "a formula of 2001 characters; at most 2000 are read"),
    ],
)  # fmt: skip
def test_errors_point_at_the_place(text, message):
    with pytest.raises(FormulaError) as error:
        read(text)
    assert str(error.value) == message.replace("TABLE", ", ".join(sorted(table)))


@pytest.mark.parametrize("depth", [900, 999])
def test_a_formula_may_be_as_deep_as_it_is_long(depth):
    assert read("x" + "-x" * depth)({"x": 1.0}) == 1.0 - depth
    report = gradcheck(lambda x: read("x" + "+x" * depth)({"x": x}), Value(0.5, label="x"))
    assert report.verdict == "pass"


def test_names_are_as_python_folds_them():
    assert read("ﬁ + 𝑥 * µ").names == ("fi", "x", "μ")


@given(st.lists(st.sampled_from(PARTS), max_size=12).map("".join), st.floats(-3.0, 3.0))
@example("largest([x])", 1.0)
def test_a_formula_that_can_be_read_has_a_value_or_no_domain(text, x):
    with contextlib.suppress(FormulaError, microbp.DomainError):
        formula = read(text)
        formula(dict.fromkeys(formula.names, Value(x)))


def test_a_formula_without_a_value_raises_like_its_operations():
    with pytest.raises(microbp.DomainError, match=r"^log\(-1.0\): "):
        read("log(x)")({"x": -1.0})
