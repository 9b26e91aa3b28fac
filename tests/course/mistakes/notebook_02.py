"""What students get wrong in notebook 02: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("not yet", 'adjoints = {"d": 5, "t": 1, "p": ..., "q": ...}'),
        ("wrong way round", 'adjoints = {"d": 1, "t": 5, "p": 6, "q": 4}'),
        ("begin with d and t", 'adjoints = {"d": 0, "t": 1, "p": 6, "q": -4}'),
        ("told something by both", 'adjoints = {"d": 5, "t": 1, "p": 5, "q": -5}'),
        ("4 for p", 'adjoints = {"d": 5, "t": 1, "p": 4, "q": -4}'),
        ("p - q with respect to q is -1", 'adjoints = {"d": 5, "t": 1, "p": 6, "q": 6}'),
        ("the sign of q", 'adjoints = {"d": 5, "t": 1, "p": 6, "q": 4}'),
        ("the adjoint of q is missing in the dict", 'adjoints = {"d": 5, "t": 1, "p": 6}'),
        ("expected a dict", "adjoints = [5, 1, 6, -4]"),
        ("'6' is text", 'adjoints = {"d": 5, "t": 1, "p": "6", "q": -4}'),
        ("1 for q", 'adjoints = {"d": 5, "t": 1, "p": 6, "q": 1}'),
    ],
    [
        (
            "dE/dE is 1, but the root has 2",
            """
def my_backward(order):
    order[0].grad = 2.0
""",
        ),
        (
            "+= and not =",
            """
def my_backward(order):
    order[0].grad = 1.0
    for node in order:
        for operand, partial in zip(node.operands, node.partials):
            operand.grad = node.grad * partial
""",
        ),
        (
            "x has 8 and should have 12",
            """
def my_backward(order):
    order[0].grad = 1.0
    for node in order:
        for operand in node.operands:
            operand.grad += node.grad * node.partials[0]
""",
        ),
        (
            "in the second pass the root has 2",
            """
def my_backward(order):
    order[0].grad += 1.0
    for node in order:
        for operand, partial in zip(node.operands, node.partials):
            operand.grad += node.grad * partial
""",
        ),
        (
            "In between, every pass starts from 0",
            """
def my_backward(order):
    order[0].grad = 1.0
    for node in order:
        for operand, partial in zip(node.operands, node.partials):
            operand.grad += node.grad * partial
""",
        ),
        (
            "should have twice",
            """
def my_backward(order):
    for node in order:
        for operand in node.operands:
            operand.grad = 0.0
    order[0].grad = 1.0
    for node in order:
        for operand, partial in zip(node.operands, node.partials):
            operand.grad += node.grad * partial
""",
        ),
    ],
    [
        (
            "Give the plain number: its .data, or its .grad",
            """
def derivative(w, cases):
    return Value(w)
""",
        ),
        (
            "the mean over the cases",
            """
def derivative(w, cases):
    return sum(2 * (w * x - d) * x for x, d in cases) / len(cases)
""",
        ),
        (
            "the last case alone",
            """
def derivative(w, cases):
    for x, d in cases:
        leaf = Value(w)
        ((leaf * x - d) ** 2).backward()
    return leaf.grad
""",
        ),
        (
            "a second call gives another number",
            """
leaf = Value(0.5)


def derivative(w, cases):
    leaf.data = w
    for x, d in cases:
        ((leaf * x - d) ** 2).backward()
    return leaf.grad
""",
        ),
        (
            "this error has no factor of 1/2",
            """
def derivative(w, cases):
    return sum((w * x - d) * x for x, d in cases)
""",
        ),
        (
            "the first case alone. Does the `return` stand inside",
            """
def derivative(w, cases):
    w = Value(w)
    for x, d in cases:
        ((w * x - d) ** 2).backward()
        return w.grad
""",
        ),
        (
            "derivative gave None",
            """
def derivative(w, cases):
    w = Value(w)
    for x, d in cases:
        ((w * x - d) ** 2).backward()
    w.grad
""",
        ),
        (
            "Only a Value has .data",
            """
def derivative(w, cases):
    for x, d in cases:
        ((w * x - d) ** 2).backward()
    return w.grad
""",
        ),
        (
            "that is the error itself",
            "def derivative(w, cases):\n    return sum((w * x - d) ** 2 for x, d in cases)",
        ),
        (
            "but gradcheck sees the error move",
            """
def derivative(w, cases):
    return sum(3 * (w * x - d) * x for x, d in cases)
""",
        ),
    ],
]
