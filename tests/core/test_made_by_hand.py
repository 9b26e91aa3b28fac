"""`Value(data, children, local_grads)`: nodes made by hand, as microgpt makes all of its."""

import copy
import math
import pickle
import re

import pytest

import microbp
from microbp import detect_anomaly, no_grad, record
from microbp.core import ops
from microbp.core.engine import Value
from microbp.core.toposort import operands_first


def square(x):
    return Value(x.data**2, (x,), (2.0 * x.data,))


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_backward_pass_goes_by_the_partials_that_were_given(count):
    children = [Value(float(i), f"x{i}") for i in range(count)]
    y = Value(7, children, range(count), label="y")
    assert (y.data, y.label, y.op) == (7.0, "y", ops.CUSTOM)
    assert (y.operands, y.partials) == (tuple(children), tuple(map(float, range(count))))
    (y * 2.0).backward()
    assert [x.grad for x in children] == [2.0 * i for i in range(count)]


def test_microgpts_names_and_defaults():
    x = Value(3.0)
    y = Value(data=9.0, children=[x, x], local_grads=(3.0, 3))
    y.backward()
    assert x.grad == 6.0
    for leaf in (Value(3.0, (), ()), Value(3.0, ()), Value(3.0, children=(), local_grads=())):
        assert leaf.op is None
    for labeled in (Value(3.0, "w"), Value(3.0, label="w"), Value(3.0, (), label="w")):
        assert (labeled.label, labeled.op) == ("w", None)


def test_micrograds_leaves():
    for leaf in (Value(2.0, (), ""), Value(2.0, _children=(), _op="", label="")):
        assert (leaf.data, leaf.op) == (2.0, None)
    assert Value(2.0, (), "", "w").label == "w"


def test_a_node_made_by_hand_has_no_data_to_set():
    y = square(Value(3.0))
    with pytest.raises(AttributeError, match=r"was computed by custom: only a leaf's can be set"):
        y.data = 1.0


def test_a_function_for_the_backward_pass_is_refused_in_words():
    for node in (Value(1.0), square(Value(3.0))):
        with pytest.raises(AttributeError, match=r"^_backward: expected .+: write Value\(data,"):
            node._backward = lambda: None


def test_copies_and_pickles_are_exact():
    x = Value(3.0, "x")
    y = square(square(x)) + x
    y.backward()
    for again in (copy.deepcopy(y), pickle.loads(pickle.dumps(y))):
        pairs = zip(operands_first(y), operands_first(again), strict=True)
        assert all(repr(node) == repr(other) for node, other in pairs)
        assert again.operands[0].partials == y.operands[0].partials
        assert again.operands[0].op is ops.CUSTOM
        again.backward()
        assert again.operands[1].grad == 2.0 * x.grad
    assert copy.copy(y.operands[0]).operands == y.operands[0].operands


def test_modes_hold_for_it():
    x = Value(3.0, "x")
    with no_grad():
        assert square(x).op is None
    with detect_anomaly(), pytest.raises(ArithmeticError, match=r"custom\(x = 3\.0\) = inf, made"):
        Value(math.inf, (x,), (1.0,))


def test_a_recording_keeps_its_number_where_nothing_below_may_change():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    program = record(square(square(w)) * x + square(w), inputs=[x], parameters=[])
    assert program.forward([[1.0], [2.0]]).tolist() == [90.0, 171.0]
    below = re.escape(repr(square(w)))
    for inputs, parameters in (([x], None), ([x], [w]), ([w], [])):
        with pytest.raises(ValueError, match=f"^record: {below} was made by .+ microbp.operation$"):
            record(square(w) * x, inputs, parameters)


def test_first_derivatives_go_through_it_and_second_ones_do_not():
    assert microbp.grad(square)(3.0) == 6.0
    assert microbp.jvp(square, 3.0, 1.0) == 6.0
    assert microbp.gradcheck(square, 3.0).verdict == "pass"
    for second in (microbp.grad(microbp.grad(square)), microbp.hessian(square)):
        with pytest.raises(TypeError, match=r"^custom: a node made by Value.+second derivatives"):
            second(3.0)


def test_its_name_is_taken():
    with pytest.raises(ValueError, match="'custom' is an operation of microbp"):
        microbp.operation("custom", value=lambda m, x: x, partials=lambda m, y, x: (1.0,))


BOTH_WAYS = r": write Value\(data, \(a, b\), \(da, db\)\) with .+, or .+microbp\.operation\)$"


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (lambda a: Value(), TypeError, r"^Value: expected a number, as in Value\(3\.0\) or "),
        (lambda a: Value(1.0, (a, a), "+"), TypeError, BOTH_WAYS),
        (lambda a: Value(1.0, _children=(a,), _op="tanh"), TypeError, BOTH_WAYS),
        (lambda a: Value(1.0, (a, a), "+", "e"), TypeError, BOTH_WAYS),
        (lambda a: Value(1.0, (a,)), ValueError, r"^Value: 1 children but 0 local_grads: write "),
        (lambda a: Value(1.0, (a,), (1, 2)), ValueError, r"^Value: 1 children but 2 local_grads"),
        (
            lambda a: Value(1.0, (3.0,), (1,)),
            TypeError,
            r"^Value: expected Values as children, got 3",
        ),
        (
            lambda a: Value(1.0, a, 1.0),
            TypeError,
            r"^Value: expected a list of Values as child",
        ),
        (
            lambda a: Value(1.0, {a}, (1,)),
            TypeError,
            r"^Value: expected a list of Values as chi",
        ),
        (
            lambda a: Value(1.0, None),
            TypeError,
            r"^Value: expected a list of Values as children",
        ),
        (
            lambda a: Value(1.0, (a,), 1.0),
            TypeError,
            r"^Value: expected a list of numbers as lo",
        ),
        (
            lambda a: Value(1.0, (a,), ("x",)),
            TypeError,
            r"^local_grads: expected a real number or a",
        ),
        (
            lambda a: Value(1.0, (a,), (1,), 2),
            TypeError,
            r"^Value: expected data, .+ got 4 arguments",
        ),
        (lambda a: Value(1.0, size=3), TypeError, r"^Value: expected .+ got the argument 'size'$"),
        (lambda a: Value(1.0, "x", label="x"), TypeError, r"^Value: got label twice$"),
        (lambda a: Value(1.0, (), label=3), TypeError, r"^label: expected a string, got 3$"),
    ],
)
def test_what_makes_no_node_is_an_error_in_words(make, kind, words):
    with pytest.raises(kind, match=words):
        make(Value(1.0))
