"""What `record` warns of, and what it refuses."""

import pytest

import microbp
from microbp import Value, maximum, relu, where_positive
from microbp.replay.program import record


def test_unused_inputs_are_reported():
    x, u = Value(1.0, "x"), Value(1.0, "u")
    with pytest.warns(UserWarning, match="no output depends") as caught:
        program = record(x * 2.0, [u, x, Value(1.0)])
    assert [str(w.message) for w in caught] == [
        "record: no output depends on column 0 (u)",
        "record: no output depends on column 2",
    ]
    assert {w.filename for w in caught} == {__file__}
    assert program.unused_inputs == [0, 2]
    assert program.input_gradient([[7.0, 3.0, 7.0]]).tolist() == [[0.0, 2.0, 0.0]]


COMPARISONS = {
    "<": lambda a: a < 3.0,
    ">=": lambda a: a >= 3.0,
    "reflected": lambda a: Value(3.0) > a,
    "bool": bool,
    "if": lambda a: 1 if a else 2,
    "sorted": lambda a: sorted([a, Value(2.0)]),
    "max": lambda a: max(a, Value(0.0)),
}


@pytest.mark.parametrize("name", COMPARISONS)
@pytest.mark.parametrize("which", ["an input", "what depends on it"])
def test_a_comparison_of_what_varies_warns(name, which):
    x, w = Value(1.0, "x"), Value(2.0, "w")
    y = w * x
    y.label = "y"
    COMPARISONS[name](x if which == "an input" else y)
    with pytest.warns(UserWarning, match=r"^record: Value\(.*label='[xy]'\) depends on the inp"):
        record(y + 1.0, [x])


@pytest.mark.parametrize("name", COMPARISONS)
def test_a_comparison_of_parameters_alone_does_not_warn(name):
    x, w = Value(1.0, "x"), Value(2.0, "w")
    v = w * w
    COMPARISONS[name](w)
    COMPARISONS[name](v)
    record(v * x, [x])
    record(v * x, [x], [w])


def test_the_graphs_own_choices_do_not_warn():
    x, w = Value(1.0, "x"), Value(2.0, "w")
    y = maximum(x, w) + relu(x) + where_positive(x - 1, x, w) + microbp.minimum(x, 0.0) + abs(x)
    assert record(y, [x]).forward([[3.0], [-1.0]]).tolist() == [12.0, 4.0]


def test_reading_the_number_is_no_comparison():
    x = Value(1.0)
    y = x * x
    assert (x.data, y.item(), repr(y), x == x, hash(x) == hash(x)) == (
        1.0,
        1.0,
        repr(y),
        True,
        True,
    )
    record(y, [x])


X, W = Value(1.0, "x"), Value(2.0, "w")
REFUSED = [
    ((X * W, [X * W]), ValueError, r"expected leaves as inputs, got Value\(2.0.*op=mul"),
    ((X * W, [X], [X * W]), ValueError, r"expected leaves as parameters, got Value\(2.0.*op=mul"),
    ((X * W, [X, X]), ValueError, r"label='x'\) is given twice as an input or parameter$"),
    ((X * W, [X], [W, W]), ValueError, r"label='w'\) is given twice as an input or parameter$"),
    ((X * W, [X], [X]), ValueError, r"label='x'\) is given twice as an input or parameter$"),
    ((X * W, [1.0]), TypeError, r"expected Values as inputs, got 1.0$"),
    ((X * W, [X], ["w"]), TypeError, r"expected Values as parameters, got 'w'$"),
    (([], [X]), ValueError, r"expected at least one output, got none$"),
    (([X, 1.0], [X]), TypeError, r"expected Values as outputs, got 1.0$"),
    ((1.0, [X]), TypeError, r"expected a list of Values as outputs, got 1.0$"),
    ((None, [X]), TypeError, r"expected a list of Values as outputs, got None$"),
    (
        (X * W, X),
        TypeError,
        r"expected .* inputs, got one Value: write inputs=\[x\]$",
    ),
    ((X * W, None), TypeError, r"expected a list of Values as inputs, got None$"),
    (
        (X * W, [X], W),
        TypeError,
        r"expected .* parameters, got one Value: write parameters=",
    ),
]


@pytest.mark.parametrize(("arguments", "kind", "message"), REFUSED)
def test_what_record_refuses(arguments, kind, message):
    with pytest.raises(kind, match="^record: .*" + message):
        record(*arguments)
