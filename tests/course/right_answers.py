"""Right answers, spelled in other ways than the solutions: an exercise, and the code."""

from tests.course.mistakes.notebook_02b import CLASS, sigmoid

RIGHT = [
    ("01.1", "answer_1 = 7.0"),
    ("01.1", "from fractions import Fraction\nanswer_1 = Fraction(14, 2)"),
    ("01.1", "import numpy as np\nanswer_1 = np.float32(7)"),
    ("01.1", "from decimal import Decimal\nanswer_1 = Decimal(7)"),
    ("01.2", "partial_of_cube = lambda x: 3 * x * x"),
    ("01.2", "def partial_of_cube(x):\n    return 3 * math.pow(x, 2)"),
    ("01.2", "def partial_of_cube(x):\n    return x**2 + x**2 + x * x"),
    ("01.2", "def partial_of_cube(x):\n    return microbp.grad(lambda v: v**3)(x)"),
    ("01.2", "import numpy as np\ndef partial_of_cube(x):\n    return np.power(x, 2) * 3"),
    (
        "01.3",
        """
def in_order(root):
    users, nodes = {}, [root]
    for node in nodes:
        for operand in node.operands:
            if operand not in users:
                nodes.append(operand)
            users[operand] = users.get(operand, 0) + 1
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for operand in node.operands:
            users[operand] -= 1
            if users[operand] == 0:
                ready.append(operand)
    return order
""",
    ),
    ("02.1", 'adjoints = {"q": -4.0, "p": 6, "t": 1, "d": 5, "E": 1}'),
    (
        "02.3",
        """
def derivative(w, cases):
    return 2 * sum(x * (w * x - d) for x, d in cases)
""",
    ),
    (
        "02.3",
        """
def derivative(w, cases):
    w = Value(w)
    sum((w * x - d) ** 2 for x, d in cases).backward()
    return w.grad
""",
    ),
    ("02b.1", CLASS),
    ("02b.2", sigmoid("math.exp(-x.data) * y * y")),
    ("03.1", "slope_of_tanh = lambda y: (1 - y) * (1 + y)"),
    (
        "03.2",
        """
def hidden_dE_dx(y, above):
    total = 0
    for dE_dx, w in above:
        total += dE_dx * w
    return (y - y * y) * total
""",
    ),
    ("03.3", "input_without_gradient = -0.0"),
    (
        "04.1",
        """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity *= momentum
    velocity -= lr * gradient
    w += velocity
    return [w, velocity]
""",
    ),
    ("04.2", "largest_lr = 0.5"),
    ("04.3", "my_lr, my_momentum = 0.88, 0.74"),
    ("05.1", "my_sizes = [9, 3, 5]"),
    ("05.1", "import numpy as np\nmy_sizes = np.array([1, 3, 9])"),
    ("05.2", "fourth = 2**3"),
    ("05.2", "fourth = 8.0"),
    ("05.4", "my_study = found()"),
    ("06.1", "def grandfathers(f, p):\n    both = relatives(f, p)\n"
             "    return tuple(g for r in ('father', 'mother') for x in both[r]\n"
             "                 for g in relatives(f, x)['father'])"),
    ("06.2", "half_life = 346"),
    ("06.2", "half_life = 347"),
    ("06.3", "import numpy as np\nis_a_man = np.array([n in men for n in family_data.PEOPLE])"),
    ("07.1", "def derivative(w, y0, n):\n    w = Value(w)\n    (w**n * y0).backward()\n"
             "    return w.grad"),
    ("07.2", "steps_that_work = {6, 4, 2}"),
    ("07.2", "steps_that_work = range(2, 7, 2)"),
    ("07.3", "smallest_init = 9 / 2"),
    ("08.1", "my_step = 2e-8"),
    ("08.2", "wrong_at = 4.5"),
    ("08.2", "wrong_at = 10"),
    ("08.3", "def slope(m, x):\n    return m.sigmoid(x)"),
    ("08.3", "def slope(m, x):\n    if x > -1:\n        return (1 + m.tanh(x / 2)) / 2\n"
             "    return m.exp(x) / (1 + m.exp(x))"),
    ("09.1", "def leaky(x):\n    return microbp.maximum(0.1 * x, x)"),
    ("09.1", "def leaky(x):\n    return microbp.relu(x) - 0.1 * microbp.relu(-x)"),
    ("10.1", "import numpy as np\ndef my_softmax(s):\n    e = np.exp(np.array(s) - max(s))\n"
             "    return e / e.sum()"),
    ("10.2", "tempered = lambda s, t: [x.data for x in map(Value, softmax([a / t for a in s]))]"),
    ("10b.1", "result_of_no_query = 13.0"),
]  # fmt: skip
