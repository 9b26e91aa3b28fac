"""What students get wrong in notebook 2b: for each exercise, the check's words and the code."""

CLASS = """
class Mine:
    def __init__(self, data, operands=(), partials=()):
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.partials = partials

    def __add__(self, other):
        other = other if isinstance(other, Mine) else Mine(other)
        return Mine(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Mine) else Mine(other)
        return Mine(self.data * other.data, (self, other), (other.data, self.data))

    __radd__, __rmul__ = __add__, __mul__

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for operand in node.operands:
                    visit(operand)
                order.append(node)

        visit(self)
        for node in order:
            node.grad = 0.0 if node.operands else node.grad
        self.grad = 1.0
        for node in reversed(order):
            for operand, partial in zip(node.operands, node.partials):
                operand.grad += node.grad * partial
"""


def but(old, new):
    """The class with a mistake in it."""
    assert old in CLASS
    return CLASS.replace(old, new)


def sigmoid(partial, value="1 / (1 + math.exp(-x.data))"):
    return f"def sigmoid(x):\n    y = {value}\n    return Value(y, (x,), ({partial},))"


MISTAKES = [
    [
        ("write the class", "class Mine: ..."),
        ("expected your class", "Mine = 7.0"),
        ("microbp's own Value", "Mine = microbp.Value"),
        ("x.__rmul__(4)", but("__radd__, __rmul__ = __add__, __mul__", "__radd__ = __add__")),
        (
            "no attribute 'data'",
            but("other = other if isinstance(other, Mine) else Mine(other)\n", "pass\n"),
        ),
        ("x * y gives 6.0, and should", but("return Mine(self.data * other.data, (self, other), "
                                            "(other.data, self.data))",
                                            "return self.data * other.data")),
        ("x * y is 6, and yours is 5", but("self.data * other.data", "self.data + other.data")),
        ("changed no grad", but("reversed(order)", "[]").replace("self.grad = 1.0", "pass")),
        ("the root has 0", but("self.grad = 1.0", "for leaf in order:\n            "
                               "leaf.grad = 2.0 if leaf is not self else 0.0")),
        ("+= and not =", but("operand.grad += node.grad", "operand.grad = node.grad")),
        ("w has 12 and should have 8", but("(other.data, self.data)", "(self.data, other.data)")),
        ("w should have 16, and has 32", but("node.grad = 0.0 if node.operands else node.grad",
                                             "pass")),
        ("twice as much", but("node.grad = 0.0 if node.operands else node.grad",
                              "node.grad = 0.0")),
        (
            "gives 12 for dy/dx, and should give 30",
            but(
                "                seen.add(node)\n",
                "                seen.add(node)\n                order.insert(0, node)\n",
            ).replace("                order.append(node)\n", ""),
        ),
        ("no attribute 'backward'", but("def backward(", "def reverse(")),
        ("no attribute 'grad'", but("        self.grad = 0.0\n", "").replace(
            "node.grad = 0.0 if node.operands else node.grad", "pass")),
    ],
    [
        ("return a Value in place", "def sigmoid(x):\n    return ..."),
        ("is no Value of this notebook", "def sigmoid(x):\n    return 1 / (1 + math.exp(-x.data))"),
        ("unary -: 'Value'", "def sigmoid(x):\n    return 1 / (1 + math.exp(-x))"),
        ("at 0.5 the sigmoid is 0.6225", sigmoid("y * (1 - y)", "1 / (1 + math.exp(x.data))")),
        (
            "no derivative reaches x",
            "def sigmoid(x):\n    return Value(1 / (1 + math.exp(-x.data)))",
        ),
        ("You have put x for y", sigmoid("x.data * (1 - x.data)")),
        ("the factor 1 - y is missing", sigmoid("y")),
        ("by your partial", sigmoid("1 - y * y")),
        ("gave None", "def sigmoid(x):\n    Value(1 / (1 + math.exp(-x.data)))"),
    ],
    [
        ("return a list in place", "def order_of(root):\n    return ..."),
        (
            "too many for a function that calls itself",
            """
def order_of(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for operand in node.operands:
                visit(operand)
            order.append(node)

    visit(root)
    return order[::-1]
""",
        ),
        (
            "comes before",
            """
def order_of(root):
    order = [root]
    for node in order:
        order += [x for x in dict.fromkeys(node.operands) if x not in order]
    return order
""",
        ),
        (
            "more than once",
            """
def order_of(root):
    order = [root]
    for node in order:
        order += node.operands
    return order
""",
        ),
        ("is missing", "def order_of(root):\n    return [root]"),
    ],
]  # fmt: skip
