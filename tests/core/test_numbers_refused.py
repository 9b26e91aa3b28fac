"""What is no real number is refused in every place, by one list, and changes nothing."""

import math
import operator
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import microbp
from microbp import dot, total
from microbp.core.engine import Value, was_compared
from tests.helpers.nodes import ARITHMETIC, state, type_name


class Broken:
    """Neither a number nor printable."""

    def __float__(self):
        return "2.0"

    def __repr__(self):
        raise RuntimeError("no repr today")


class Failing:
    def __float__(self):
        raise LookupError("no number today")


broken = Broken()
array = np.array([1.0, 2.0])
REFUSED = [
    ("2.0", TypeError, "{}: expected a real number or a Value, got '2.0'"),
    (b"2", TypeError, "{}: expected a real number or a Value, got b'2'"),
    (None, TypeError, "{}: expected a real number or a Value, got None"),
    (1 + 0j, TypeError, "{}: expected a real number or a Value, got (1+0j)"),
    ([1.0], TypeError, "{}: expected a real number or a Value, got [1.0]"),
    ((), TypeError, "{}: expected a real number or a Value, got ()"),
    ({}, TypeError, "{}: expected a real number or a Value, got {{}}"),
    (math.sin, TypeError, "{}: expected a real number or a Value, got <built-in function sin>"),
    (10**400, ValueError, "{}: no float can hold 100000000000000000...0000000000000000000"),
    (Decimal("sNaN"), ValueError, "{}: no float can hold Decimal('sNaN')"),
    (broken, TypeError, "{}: expected one real number or Value, got <Broken instance at %#x>"),
    (Failing(), LookupError, "no number today"),
]
ONE = ["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "sinh"]
ONE += ["cosh", "tanh", "sigmoid", "softplus", "relu", "erf", "log2", "log10", "exp2", "cbrt"]
ONE += ["asinh", "acosh", "atanh", "silu", "gelu", "erfc", "lgamma", "digamma"]
TWO = ["atan2", "maximum", "minimum", "hypot", "logaddexp"]
NAMES = ["add", "sub", "mul", "div", "pow"]
SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
USES = [
    ("Value", "Value(x)", lambda v, x: Value(x)),
    ("data", "v.data = x", lambda v, x: setattr(v, "data", x)),
    ("grad", "v.grad = x", lambda v, x: setattr(v, "grad", x)),
    ("backward", "v.backward(x)", lambda v, x: v.backward(x)),
    ("total", "total([v, x])", lambda v, x: total([v, x])),
    ("total", "total([x])", lambda v, x: total([x])),
    ("dot", "dot([x], [v])", lambda v, x: dot([x], [v])),
    ("dot", "dot([v], [x])", lambda v, x: dot([v], [x])),
    ("dot", "dot([v], [v], x)", lambda v, x: dot([v], [v], x)),
    ("logsumexp", "logsumexp([v, x])", lambda v, x: microbp.logsumexp([v, x])),
    *((f, f"{f}(x)", lambda v, x, f=f: getattr(microbp, f)(x)) for f in ONE),
    *((f, f"{f}(v, x)", lambda v, x, f=f: getattr(microbp, f)(v, x)) for f in TWO),
    *((f, f"{f}(x, v)", lambda v, x, f=f: getattr(microbp, f)(x, v)) for f in TWO),
    ("where_positive", "where_positive(x, v, v)", lambda v, x: microbp.where_positive(x, v, v)),
    ("where_positive", "where_positive(v, x, 1.0)", lambda v, x: microbp.where_positive(v, x, 1.0)),
    ("where_positive", "where_positive(1.0, v, x)", lambda v, x: microbp.where_positive(1.0, v, x)),
    *(
        (name, f"v {name} x", lambda v, x, do=do: do(v, x))
        for name, do in zip(NAMES, ARITHMETIC, strict=True)
    ),
    *(
        (name, f"x {name} v", lambda v, x, do=do: do(x, v))
        for name, do in zip(NAMES, ARITHMETIC, strict=True)
    ),
    *((sign, f"v {sign} x", lambda v, x, do=do: do(v, x)) for sign, do in SIGNS.items()),
    *((MIRRORED[sign], f"x {sign} v", lambda v, x, do=do: do(x, v)) for sign, do in SIGNS.items()),
]


@pytest.mark.parametrize(("x", "kind", "text"), REFUSED, ids=[type_name(x[0]) for x in REFUSED])
@pytest.mark.parametrize(("where", "use"), [use[::2] for use in USES], ids=[use[1] for use in USES])
def test_no_number_is_refused_by_every_use_and_changes_nothing(where, use, x, kind, text):
    if (where, x) == ("grad", None):
        return  # which sets it to 0: see test_other_engines_names.py
    v = Value(3.0, "v")
    v.grad = 0.5
    y = v * v
    y.backward()
    before = state(v), state(y)
    with pytest.raises(kind) as error:
        use(v, x)
    assert not was_compared(v)
    assert type(error.value) is kind
    assert str(error.value) == (text % id(x) if x is broken else text).format(where)
    assert (state(v), state(y)) == before


def test_a_refused_seed_starts_no_sweep():
    x = Value(3.0)
    y = x * x
    y.backward()
    with pytest.raises(TypeError):
        y.backward("1")
    assert (x.grad, y.grad) == (6.0, 1.0)


@pytest.mark.parametrize(
    ("x", "shown"),
    [
        (Fraction(10**400, 3), r"Fraction\(1000\.\.\.0000000000, 3\)"),
        # Each Python has its own way with an int too long to print.
        (10**5000, r"(an object of class int|<int instance .+>|1000+\.\.\.000+)"),
    ],
    ids=["Fraction", "long int"],
)
def test_what_no_float_can_hold_is_named_briefly(x, shown):
    for use in (Value, Value(3.0).__mul__, Value(3.0).__lt__, microbp.exp):
        with pytest.raises(ValueError, match=rf"^(Value|mul|<|exp): no float can hold {shown}$"):
            use(x)


def test_a_stranger_that_is_no_number_gets_a_say_of_its_own():
    class Stranger:
        def __rmul__(self, other):
            return "stranger's"

    v, stranger = Value(3.0), Stranger()
    assert v * stranger == "stranger's"
    with pytest.raises(TypeError, match=r"^unsupported operand type\(s\) for \+: 'Value' and"):
        v + stranger
    with pytest.raises(TypeError, match=r"^unsupported operand type\(s\) for \*: 'Stranger' and"):
        stranger * v
    with pytest.raises(TypeError, match=r"^'<' not supported between instances of 'Value' and"):
        v < stranger  # noqa: B015
    with pytest.raises(TypeError, match=r"^Value: expected a real number or a Value, got "):
        Value(stranger)


def test_sequences_of_terms_are_checked_for_length():
    v = Value(3.0)
    with pytest.raises(ValueError, match=r"^dot: 1 weights but 2 activities$"):
        dot([v], [1, 2])
    with pytest.raises(ValueError, match=r"^logsumexp: expected at least one value, got none$"):
        microbp.logsumexp([])
    assert total([]) == 0.0
