"""The two engines, side by side: whatever Value is asked for, both answer in the same words."""

import math
import operator
import re
from fractions import Fraction

import numpy as np
import pytest

from microbp.core import compiled
from microbp.core.python import value
from microbp.core.python.node import Node

pytestmark = [
    pytest.mark.engine(),
    pytest.mark.skipif(bool(compiled.fault), reason="there was no C compiler"),
]
if not compiled.fault:
    from microbp.core.compiled import value as value_in_c

    ENGINES = [value, value_in_c]


class Text(str):
    __slots__ = ()


class Odd:
    def __repr__(self):
        return "<odd>"


class Failing(Odd):
    def __float__(self):
        raise RuntimeError("no number after all")


ODD, FAILING = Odd(), Failing()
JUNK = {
    **{repr(x): x for x in (None, True, 2, -1.5, math.nan, 1j, "a", "", b"a", Fraction(1, 2))},
    **{repr(x): x for x in ([], [1.0], (), (1.0,), {}, {1}, range(2), ODD, FAILING, 10**400, len)},
    **{"text": Text("a"), "array": np.array([1.0, 2.0]), "number": np.array(1.5)},
    **{"float32": np.float32(0.5), "date": np.datetime64("2020"), "bool": np.bool_(True)},
}
OWN = {
    "leaf": lambda x: x,
    "computed": lambda x: x * 3.0,
    "tuple": lambda x: (x,),
    "objects": lambda x: np.array([x, x * 2.0], dtype=object),
    "class": type,
}


def given(name, e):
    return JUNK[name] if name in JUNK else OWN[name](e.Value(2.0, "x"))


def shown(x):
    if isinstance(x, (set, frozenset)):
        return sorted(map(repr, x))
    if isinstance(x, type) or (callable(x) and type(x).__name__ != "Value"):
        return "a function"
    return repr(x)


BY_PYTHON = re.compile(
    r"takes .*arguments? \(|takes .*(given|arguments?$)|unexpected keyword|missing \d"
    r"|expected \d arg|needs an"
)
"""Python's own errors about how many arguments there are: it words them otherwise for C."""


def outcome(act, e):
    try:
        return shown(act(e))
    except Exception as error:
        alone = error.__context__ is None or error.__suppress_context__
        text = "of arguments" if BY_PYTHON.search(str(error)) else str(error)
        return type(error), text, alone


def differences(act, *names):
    """What each engine says, where that isn't the same."""
    ours, theirs = (outcome(lambda e: act(e, *(given(n, e) for n in names)), e) for e in ENGINES)
    return [] if ours == theirs else [(names, ours, theirs)]


def of_both(e):
    x = e.Value(2.0, "x")
    return x, x * 3.0


ANY = [*JUNK, *OWN]
FIELDS = {"_computed", *Node.__slots__}  # of the plain engine, which other programs leave alone
NAMES = sorted({name for name in dir(value.Value) if not name.startswith("__")} - FIELDS)
METHODS = [name for name in NAMES if callable(getattr(value.Value, name))]


@pytest.mark.parametrize("name", METHODS)
def test_of_a_method(name):
    found = []
    call = operator.attrgetter(name)
    for which in (0, 1):
        for junk in ANY:
            found += differences(lambda e, x, i=which: call(of_both(e)[i])(x), junk)
        for arguments in ((), (1.0, 2.0), (1.0, 2.0, 3.0), ("a", "b"), (None, None)):
            found += differences(lambda e, i=which, xs=arguments: call(of_both(e)[i])(*xs))
        found += differences(lambda e, i=which: call(of_both(e)[i])(unheard_of=1))
    assert found == []


@pytest.mark.parametrize("name", [*NAMES, "of_its_own", "__doc__"])
def test_of_an_attribute(name):
    found = []

    def act_in_turn(e, which, x):
        node = of_both(e)[which]
        setattr(node, name, x)
        return repr(node), shown(getattr(node, name))

    for which in (0, 1):
        if not name.startswith("__"):
            for junk in ANY:
                found += differences(lambda e, x, i=which: act_in_turn(e, i, x), junk)
        found += differences(lambda e, i=which: delattr(of_both(e)[i], name))
        found += differences(lambda e, i=which: getattr(of_both(e)[i], name))
    assert found == []


@pytest.mark.parametrize("name", ["backward", "leaky_relu", "clip", "clamp"])
def test_of_an_unheard_of_argument(name):
    for e in ENGINES:
        with pytest.raises(
            TypeError, match=rf"^{name}\(\) got an unexpected keyword argument 'odd'"
        ):
            getattr(e.Value(1.0), name)(odd=1)


CALLS = {
    "one": lambda V, x: V(x),
    "data": lambda V, x: V(data=x),
    "twice": lambda V, x: V(1.0, data=x),
    "label": lambda V, x: V(1.0, label=x),
    "labels": lambda V, x: V(1.0, "x", label=x),
    "unheard of": lambda V, x: V(1.0, size=x),
    "in second place": lambda V, x: V(1.0, x),
    "children": lambda V, x: V(1.0, children=x),
    "for one child": lambda V, x: V(1.0, (V(1.0),), x),
    "for two": lambda V, x: V(1.0, (V(1.0), V(2.0)), (x, x)),
    "for three": lambda V, x: V(1.0, (V(1.0), V(2.0), V(3.0)), (x, 1, x)),
    "for nobody": lambda V, x: V(1.0, local_grads=x),
    "child and partial": lambda V, x: V(1.0, x, x),
    "data of a node": lambda V, x: V(x, (V(1.0),), (1.0,)),
    "four": lambda V, x: V(1.0, x, x, x),
    "micrograd's": lambda V, x: V(1.0, (), "+", x),
    "micrograd's names": lambda V, x: V(1.0, _children=x, _op=x),
    "new": lambda V, x: V.__new__(V, x),
    "based": lambda V, x: type("Mine", (V,), {}),
}


@pytest.mark.parametrize("name", CALLS)
def test_of_the_class(name):
    assert [
        said for junk in ANY for said in differences(lambda e, x: CALLS[name](e.Value, x), junk)
    ] == []


BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow, operator.lt]
BINARY += [
    operator.ge,
    operator.eq,
    operator.floordiv,
    operator.mod,
    operator.matmul,
    operator.and_,
]
BINARY += [divmod, round, format, setattr, getattr]
BINARY += [lambda a, b: pow(a, 2, b), lambda a, b: a.backward(seed=b), lambda a, b: np.dot(a, b)]


@pytest.mark.parametrize("act", BINARY, ids=lambda f: f.__name__)
def test_of_an_operator(act):
    found = []
    for junk in ANY:
        found += differences(lambda e, x: act(of_both(e)[0], x), junk)
        found += differences(lambda e, x: act(x, of_both(e)[1]), junk)
    assert found == []


UNARY = [int, float, complex, bool, str, len, iter, list, abs, vars, next, math.floor, math.ceil]
UNARY += [math.exp, math.fsum, math.trunc, operator.index, operator.neg, operator.invert]
UNARY += [np.exp, np.isnan, np.array, np.float64, lambda x: x(), lambda x: x[0], lambda x: x.f]
UNARY += [lambda x: x.__init__(3.0), lambda x: setattr(x, "__class__", int), lambda x: {**x}]


@pytest.mark.parametrize("act", UNARY, ids=lambda f: f.__name__)
def test_of_a_function(act):
    found = [said for i in (0, 1) for said in differences(lambda e, i=i: act(of_both(e)[i]))]
    assert found == []
