"""What students get wrong in notebook 01: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("x is also an operand of the sum", "answer_1 = 3 + 3"),
        ("two arrows from x", "answer_1 = 3 + 1"),
        ("12 is y itself", "answer_1 = 3 * 3 + 3"),
        ("9 is x * x itself", "answer_1 = 3 * 3"),
        ("one of the two arrows", "answer_1 = 3"),
        ("the arrow from x into the sum", "answer_1 = 1"),
        ("a partial of 3 each", "answer_1 = 2 + 3"),
        ("add over paths", "answer_1 = 3 * 3 * 3"),
        ("'7' is text. Write the number without the quotes", "answer_1 = '7'"),
        ("Give the plain number", "answer_1 = Value(7.0)"),
        ("expected one number, got [3, 3, 1]", "answer_1 = [3, 3, 1]"),
        ("is None", "answer_1 = None"),
        ("three paths", "answer_1 = -7"),
    ],
    [
        ("lacks the factor 3", "def partial_of_cube(x):\n    return x**2"),
        *(
            (words, f"def partial_of_cube(x):\n    return {formula}")
            for words, formula in [
                ("the factor is 3", "2 * x**2"),
                ("goes down by 1", "3 * x**3"),
                ("the slope of the slope", "6 * x"),
                ("a factor, and no summand", "3 + x**2"),
                ("only x is squared", "(3 * x) ** 2"),
                ("the other way round", "x**4 / 4"),
                ("3 is the power", "3"),
                ("75 is right at x = 5 alone", "75.0"),
                ("x to the power of 2 is x**2", "3*x^2"),
                ("stops at `return 3*x^2`", "3*x^2"),
                ("A product needs its *", "x(3 * x)"),
                ("name 'X' is not defined. Is it spelled right", "3 * X**2"),
                ("Only a Value has .data", "3 * x.data**2"),
                ("'3*x**2' is text", "'3*x**2'"),
                ("got [75.0]", "[3 * x**2]"),
                ("ZeroDivisionError", "1 / 0"),
            ]
        ),
        ("partial_of_cube gave None", "def partial_of_cube(x):\n    3 * x**2"),
        ("Keep its first line", "def partial_of_cube():\n    return 75.0"),
        ("can't be called with 1 argument", "def partial_of_cube(x, y):\n    return 3 * x * y"),
        ("expected your function, got 75.0", "partial_of_cube = 75.0"),
        ("calls itself without end", "def partial_of_cube(x):\n    return partial_of_cube(x)"),
        ("there is still a ...", "def partial_of_cube(x):\n    return 3 * ..."),
        ("straight line", "def partial_of_cube(x):\n    return 3 * x"),
        ("the value itself", "def partial_of_cube(x):\n    return x**3"),
        (
            "at x = -1.5 your partial is -6.75, but x**3 moves 6.75 times",
            "def partial_of_cube(x):\n    return 3 * x * abs(x)",
        ),
    ],
    [
        ("the root y itself is missing", "def in_order(root):\n    return []"),
        (
            "an operand of y, is missing",
            "def in_order(root):\n    return [root]",
        ),
        (
            "h comes before v, which uses it",
            """
def in_order(root, seen=None):
    seen = [] if seen is None else seen
    if root not in seen:
        seen.append(root)
        for operand in root.operands:
            in_order(operand, seen)
    return seen
""",
        ),
        (
            "h is in the list more than once",
            """
def in_order(root):
    return [root] + [node for operand in root.operands for node in in_order(operand)]
""",
        ),
        (
            "the order of the forward pass, operands first. Reverse the list",
            """
def in_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node.operands:
                visit(operand)
            order.append(node)

    visit(root)
    return order
""",
        ),
        ("return a list of Values", "def in_order(root):\n    return {root}"),
        ("return a list of Values", "def in_order(root):\n    return ['y', 'u', 'v', 'h', 'x']"),
        ("expected a list of Values", "def in_order(root):\n    return 'y u v h x'"),
        (
            "Leaves belong in the list, too",
            """
def in_order(root):
    order, seen = [], set()

    def visit(node):
        if node.operands and node not in seen:
            seen.add(node)
            for operand in node.operands:
                visit(operand)
            order.append(node)

    visit(root)
    return order[::-1]
""",
        ),
        (
            "gave None and not a list",
            """
def in_order(root):
    order = [root]
    return order.reverse()
""",
        ),
        ("name 'order' is not defined", "def in_order(root):\n    return order"),
    ],
]
