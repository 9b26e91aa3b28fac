"""Wrong calls of Values, operations, derivatives: the exact words, on both engines."""

import math

import numpy as np

import microbp
from microbp import DomainError, Value, dot, grad, gradcheck, operation, sin, total
from tests.helpers.engines import engine_in_use, pytest_generate_tests  # noqa: F401  # for pytest
from tests.helpers.wrong_calls import check, net, wrong_calls, x


def SQUARE(m, x):
    return x * x


def TWICE(m, y, x):
    return (2 * x,)


WRONG = [
    # Values
    ("logsumexp([])", lambda: microbp.logsumexp([]), ValueError,
     "logsumexp: expected at least one value, got none"),
    ("dot([1], [1, 2])", lambda: dot([1], [1, 2]), ValueError,
     "dot: 1 weights but 2 activities"),
    ("dot([1], '12')", lambda: dot([1], "12"), TypeError,
     "dot: expected a list of activities, got '12'"),
    ("dot(-1, [1])", lambda: dot(-1, [1]), TypeError,
     "dot: expected a list of weights, got -1"),
    ("total(None)", lambda: total(None), TypeError,
     "total: expected a list of Values or numbers, got None"),
    ("total(x)", lambda: total(x()), TypeError,
     "total: expected a list of Values or numbers, got Value(1.0, grad=0.0, label='x')"),
    ("logsumexp({})", lambda: microbp.logsumexp({}), TypeError,
     "logsumexp: expected a list of Values or numbers, got {}"),
    ("sin('1')", lambda: sin("1"), TypeError,
     "sin: expected a real number or a Value, got '1'"),
    ("Value()", lambda: Value(), TypeError,
     "Value: expected a number, as in Value(3.0) or Value(3.0, label='x')"),
    ("x + '1'", lambda: x() + "1", TypeError,
     "add: expected a real number or a Value, got '1'"),
    ("x.backward('1')", lambda: x().backward("1"), TypeError,
     "backward: expected a real number or a Value, got '1'"),
    ("grad(3)(0)", lambda: grad(3)(0), TypeError,
     "grad: expected a function, got 3: write grad(lambda x: x * x)(2.0)"),
    ("gradcheck(3, 1.0)", lambda: gradcheck(3, 1.0), TypeError,
     "gradcheck: expected a function, got 3: write gradcheck(lambda x: x * x, 2.0)"),
    ("gradcheck(sin)", lambda: gradcheck(sin), ValueError,
     "gradcheck: expected arguments or parameters, got none"),
    ("Value(3.0, (a, b), '+')", lambda: Value(3.0, (x(), x()), "+"), TypeError,
     "Value: expected local_grads, a number for each child, got '+': write Value(data, (a, b), "
     "(da, db)) with the derivative of data with respect to each child, or compute with "
     "microbp's own operations (a + b, microbp.tanh(a), microbp.operation)"),
    ("Value(3.0, (a, b))", lambda: Value(3.0, (x(), x())), ValueError,
     "Value: 2 children but 0 local_grads: write Value(data, (a, b), (da, db)) with the "
     "derivative of data with respect to each child"),
    ("Value('3')", lambda: Value("3"), TypeError,
     "Value: expected a real number or a Value, got '3'"),
    ("Value(v)", lambda: Value(x()), TypeError,
     "Value: expected a plain number, got Value(1.0, grad=0.0, label='x'): write x.data or "
     "x.item() for its number, or x.detach() for a leaf of it"),
    ("Value([1.0])", lambda: Value([1.0]), TypeError,
     "Value: expected a real number or a Value, got [1.0]"),
    ("Value(masked)", lambda: Value(np.ma.masked), TypeError,
     "Value: expected a real number or a Value, got masked"),
    ("x.data = v", lambda: setattr(x(), "data", x()), TypeError,
     "data: expected a plain number, got Value(1.0, grad=0.0, label='x'): write x.data or "
     "x.item() for its number, or x.detach() for a leaf of it"),
    ("float(v)", lambda: float(x()), TypeError,
     "float: expected a plain number, got Value(1.0, grad=0.0, label='x'), whose derivative "
     "would be lost: write microbp.exp(x) for math.exp(x) (m.exp(x) in a custom operation), "
     "dtype=object for an array of Values, and x.data, x.item() or x.detach() for the plain "
     "number"),
    ("math.exp(v)", lambda: math.exp(x()), TypeError,
     "float: expected a plain number, got Value(1.0, grad=0.0, label='x'), whose derivative "
     "would be lost: write microbp.exp(x) for math.exp(x) (m.exp(x) in a custom operation), "
     "dtype=object for an array of Values, and x.data, x.item() or x.detach() for the plain "
     "number"),
    ("x.sqroot()", lambda: x().sqroot(), AttributeError,
     "'Value' object has no attribute 'sqroot'"),
    ("log(-1)", lambda: microbp.log(-1), DomainError,
     "log(-1.0): the logarithm is defined for numbers above 0"),
    ("total(masked array)", lambda: total(np.ma.masked_array([1.0, 2.0], [0, 1])), TypeError,
     "total: expected a real number or a Value, got masked"),
    ("maximum()", lambda: microbp.maximum(x(), "a"), TypeError,
     "maximum: expected a real number or a Value, got 'a'"),
    ("where_positive(x, None, 1)", lambda: microbp.where_positive(x(), None, 1), TypeError,
     "where_positive: expected a real number or a Value, got None"),
    ("operation(value=3)",
     lambda: operation("square", value=3, partials=lambda m, y, x: (2 * x,)),
     TypeError,
     "operation square: value: expected a function such as lambda m, x: m.exp(x), got 3"),
    ("operation(partials=None)",
     lambda: operation("square", value=lambda m, x: x * x, partials=None),
     TypeError,
     "operation square: partials: expected a function such as lambda m, y, x: (y,), got None"),
    ("operation('a b')", lambda: operation("a b", value=SQUARE, partials=TWICE), ValueError,
     "operation: expected a name like a variable's, got 'a b'"),
    ("operation('tanh')", lambda: operation("tanh", value=SQUARE, partials=TWICE), ValueError,
     "operation: 'tanh' is an operation of microbp; choose another name"),
    ("operation(symbol=3)",
     lambda: operation("square", value=SQUARE, partials=TWICE, symbol=3),
     TypeError,
     "operation square: symbol: expected a string, got 3"),
    ("operation(domain=abs)",
     lambda: operation("square", value=SQUARE, partials=TWICE, domain=abs),
     TypeError,
     "operation square: expected Domain(sentence, test), got <built-in function abs>"),
    ("a partial without a tuple",
     lambda: operation("square", value=SQUARE, partials=lambda m, y, x: 2 * x)(x()),
     TypeError,
     "square: expected partials to give a tuple of one for each operand, got 2.0: write "
     "(partial,) for a single one"),
    ("two partials for one operand",
     lambda: operation("square", value=SQUARE, partials=lambda m, y, x: (2 * x, 0))(x()),
     ValueError,
     "square: 2 partials for 1 operands"),
    ("a value of None",
     lambda: operation("square", value=lambda m, x: None, partials=TWICE)(x()),
     TypeError,
     "square: expected a real number or a Value, got None"),
    ("square(x, x)",
     lambda: operation("square", value=SQUARE, partials=TWICE)(x(), x()),
     TypeError,
     "square: expected 1 operands, got 2"),
    ("to_sympy(3)", lambda: microbp.to_sympy(3), TypeError,
     "to_sympy: expected a Value, got 3"),
    ("to_sympy(x, max_size='a')", lambda: microbp.to_sympy(x() + 1, max_size="a"), TypeError,
     "to_sympy: max_size: expected a whole number from 1 on, got 'a'"),
    ("to_networkx()", lambda: microbp.to_networkx(), TypeError,
     "to_networkx: expected one or more Values, got none"),
    ("to_networkx([x])", lambda: microbp.to_networkx([x()]), TypeError,
     "to_networkx: expected Values, got [Value(1.0, grad=0.0, label='x')]: write "
     "to_networkx(*values)"),
    ("gradcheck(eps=1e-3)", lambda: gradcheck(sin, 1.0, eps=1e-3), TypeError,
     "gradcheck: there is no argument 'eps'; there are f, point, order, method, parameters, "
     "first, seed"),
    ("to_networkx(net)", lambda: microbp.to_networkx(net()), TypeError,
     "to_networkx: expected Values, got a Net: write to_networkx(*net(inputs))"),
    ("to_sympy([x])", lambda: microbp.to_sympy([x()]), TypeError,
     "to_sympy: expected a Value, got [Value(1.0, grad=0.0, label='x')]: write [to_sympy(y) for y "
     "in values]"),
    ("to_sympy(net)", lambda: microbp.to_sympy(net()), TypeError,
     "to_sympy: expected a Value, got a Net: write to_sympy(net(inputs)[0])"),
    ("operation(kinks=3)",
     lambda: operation("square", value=SQUARE, partials=TWICE, kinks=3),
     TypeError,
     "operation square: kinks: expected a function such as lambda m, x: x, got 3"),
    ("a masked case of dot",
     lambda: dot([1.0, 2.0], np.ma.masked_array([1.0, 2.0], [0, 1])),
     TypeError,
     "dot: expected a real number or a Value, got masked"),
    ("clip(x, 'a')", lambda: microbp.clip(x(), "a"), TypeError,
     "clip: expected a real number or a Value, got 'a'"),
    ("leaky_relu(x, None)", lambda: microbp.leaky_relu(x(), None), TypeError,
     "leaky_relu: expected a real number or a Value, got None"),
    ("elu(None)", lambda: microbp.elu(None), TypeError,
     "elu: expected a real number or a Value, got None"),
    ("np.array([x], dtype=float)", lambda: np.array([x()], dtype=float), TypeError,
     "float: expected a plain number, got Value(1.0, grad=0.0, label='x'), whose derivative "
     "would be lost: write microbp.exp(x) for math.exp(x) (m.exp(x) in a custom operation), "
     "dtype=object for an array of Values, and x.data, x.item() or x.detach() for the plain "
     "number"),
]  # fmt: skip


@wrong_calls(WRONG)
def test_a_wrong_call_is_told_what_to_write(call, kind, text):
    check(call, kind, text)
