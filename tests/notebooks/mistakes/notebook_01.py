"""What students get wrong in notebook 01: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("x is also an operand of the sum", "answer_1 = 3 + 3"),
        ("two arrows from x", "answer_1 = 3 + 1"),
        ("12 is y itself", "answer_1 = 3 * 3 + 3"),
        ("three paths", "answer_1 = -7"),
    ],
    [
        ("lacks the factor 3", "def partial_of_cube(x):\n    return x**2"),
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
            "comes before",
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
    ],
]
