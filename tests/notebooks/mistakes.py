"""What students get wrong in the notebooks: for each exercise, the check's words and the code."""

BACKWARDS = "reversed(range(first, len(numbers)))"

MISTAKES = {
    "01": [
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
    ],
    "02": [
        [
            ("not yet", 'adjoints = {"d": 5, "t": 1, "p": ..., "q": ...}'),
            ("wrong way round", 'adjoints = {"d": 1, "t": 5, "p": 6, "q": 4}'),
            ("begin with d and t", 'adjoints = {"d": 0, "t": 1, "p": 6, "q": -4}'),
            ("told something by both", 'adjoints = {"d": 5, "t": 1, "p": 5, "q": -5}'),
            ("4 for p", 'adjoints = {"d": 5, "t": 1, "p": 4, "q": -4}'),
            ("q by q is -1", 'adjoints = {"d": 5, "t": 1, "p": 6, "q": 6}'),
            ("the sign of q", 'adjoints = {"d": 5, "t": 1, "p": 6, "q": 4}'),
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
                "return the number, .grad",
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
                "but gradcheck sees the error move",
                """
def derivative(w, cases):
    return sum((w * x - d) * x for x, d in cases)
""",
            ),
        ],
    ],
    "03": [
        [
            ("the slope of the sigmoid", "def slope_of_tanh(y):\n    return y * (1 - y)"),
            ("no second tanh", "def slope_of_tanh(y):\n    return 1 - math.tanh(y) ** 2"),
            (
                "at x = -0.7, where y = -0.6044, you say 1.604, but y moves 0.6347",
                "def slope_of_tanh(y):\n    return 1 - y",
            ),
            ("at x = -0.7", "def slope_of_tanh(y):\n    return 1 - y * abs(y)"),
            ("at x = 0.0", "def slope_of_tanh(y):\n    return 2 - y * y"),
        ],
        [
            (
                "equation (7). Equation (5) is still to come",
                "def hidden_dE_dx(y, above):\n    return sum(d * w for d, w in above)",
            ),
            (
                "the first unit above alone",
                """
def hidden_dE_dx(y, above):
    for d, w in above:
        return d * w * y * (1 - y)
""",
            ),
            (
                "the last unit above alone",
                """
def hidden_dE_dx(y, above):
    for d, w in above:
        dE_dy = d * w
    return dE_dy * y * (1 - y)
""",
            ),
            (
                "left out the weights",
                "def hidden_dE_dx(y, above):\n    return sum(d for d, w in above) * y * (1 - y)",
            ),
            (
                "y (1 - y), and not y",
                "def hidden_dE_dx(y, above):\n    return sum(d * w for d, w in above) * y",
            ),
            (
                "a sum, and not a mean",
                """
def hidden_dE_dx(y, above):
    return sum(d * w for d, w in above) / len(above) * y * (1 - y)
""",
            ),
            ("but backward finds", "def hidden_dE_dx(y, above):\n    return 0.0"),
        ],
        [
            ("Look at equation (6), not at (5)", "input_without_gradient = 1000.0"),
            ("See equation (6)", "input_without_gradient = 1"),
        ],
    ],
    "04": [
        [
            ("return two numbers", "def momentum_step(w, *rest):\n    return w"),
            (
                "downhill is against",
                """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = lr * gradient + momentum * velocity
    return w + velocity, velocity
""",
            ),
            (
                "downhill is against",
                """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = -lr * gradient + momentum * velocity
    return w - velocity, velocity
""",
            ),
            (
                "not by the old one",
                """
def momentum_step(w, velocity, gradient, lr, momentum):
    return w + velocity, -lr * gradient + momentum * velocity
""",
            ),
            (
                "by all of it",
                """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = -lr * gradient + momentum * velocity
    return w + lr * velocity, velocity
""",
            ),
            (
                "in sweep 2 the velocity forgets",
                """
def momentum_step(w, velocity, gradient, lr, momentum):
    return w - lr * gradient, -lr * gradient
""",
            ),
            (
                "the old velocity counts whole",
                """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity -= lr * gradient
    return w + velocity, velocity
""",
            ),
            (
                "in sweep 1 got",
                """
def momentum_step(w, velocity, gradient, lr, momentum):
    velocity = -lr * (1 - momentum) * gradient + momentum * velocity
    return w + velocity, velocity
""",
            ),
        ],
        [
            ("Which of the two directions", "largest_lr = 20"),
            ("lands right at the bottom", "largest_lr = 1 / 4"),
            ("too little", "largest_lr = 0.4"),
            ("lr is above 0", "largest_lr = 0"),
        ],
        [
            ("not yet", "my_lr, my_momentum = 0.5, ..."),
            ("below 1", "my_lr, my_momentum = 0.5, 1.0"),
            ("goes uphill", "my_lr, my_momentum = -0.1, 0.5"),
            ("the error grows", "my_lr, my_momentum = 1.5, 0.8"),
            ("not there after", "my_lr, my_momentum = 0.001, 0.5"),
            ("68 sweeps", "my_lr, my_momentum = 0.5, 0.8"),
        ],
    ],
    "08": [
        [
            ("the truncation: the step is too large", "my_step = 1e-5"),
            ("the rounding: it is too small", "my_step = 1e-12"),
            ("is 1 for the computer", "my_step = 1e-17"),
            ("a step is above 0", "my_step = -1e-8"),
        ],
        [
            ("the slope is the sigmoid, 0.9526", "wrong_at = 3"),
            ("the sigmoid is 1, too", "wrong_at = 50"),
            ("Try another", 'wrong_at = float("inf")'),
        ],
        [
            (
                "let no large exp arise",
                "def slope(m, x):\n    return m.exp(x) / (1 + m.exp(x))",
            ),
            (
                "1 to all digits",
                "def slope(m, x):\n    return 1 - 1 / (1 + m.exp(x))",
            ),
            (
                "at x = 0 you say 0.25, and gradcheck 0.5",
                "def slope(m, x):\n    return m.sigmoid(x) * m.sigmoid(-x)",
            ),
        ],
    ],
    "09": [
        [
            (
                "your if was decided at x = 1",
                "def leaky(x):\n    return x if x > 0 else 0.1 * x",
            ),
            ("That is relu", "def leaky(x):\n    return microbp.relu(x)"),
            ("The sign of x stays", "def leaky(x):\n    return abs(x)"),
            ("[3.0, -2.0]", "def leaky(x):\n    return x"),
            ("return a Value", "def leaky(x):\n    return x.data"),
        ],
        [
            (
                "Copy it first",
                """
def forward(tape, numbers):
    for operation, *places in tape:
        a, b = numbers[places[0]], numbers[places[-1]]
        numbers.append({"mul": a * b, "add": a + b, "tanh": math.tanh(a)}[operation])
    return [*numbers]
""",
            ),
            (
                "each of 3 operations adds one",
                """
def forward(tape, numbers):
    return [math.tanh(numbers[0] * numbers[1] + numbers[2])]
""",
            ),
            (
                "at place 3 there is 5 and should be 6, mul of the numbers at (0, 1)",
                """
def forward(tape, numbers):
    numbers = list(numbers)
    for operation, *places in tape:
        numbers.append(sum(numbers[place] for place in places))
    return numbers
""",
            ),
            (
                "at place 0",
                """
def forward(tape, numbers):
    results = []
    for operation, *places in tape:
        a, b = (numbers + results)[places[0]], (numbers + results)[places[-1]]
        results.append({"mul": a * b, "add": a + b, "tanh": math.tanh(a)}[operation])
    return results + numbers
""",
            ),
            (
                "a longer one is not",
                """
def forward(tape, numbers):
    x, w, b = numbers
    return [x, w, b, w * x, w * x + b, math.tanh(w * x + b)]
""",
            ),
        ],
        [
            (
                "start with it",
                "def backward(tape, numbers):\n    return [1.0] + [0.0] * (len(numbers) - 1)",
            ),
            *(
                (
                    words,
                    f"""
def backward(tape, numbers):
    adjoints = [0.0] * len(numbers)
    first = len(numbers) - len(tape)
    adjoints[-1] = 1.0
    for result in {order}:
        operation, *places = tape[result - first]
        a, b = numbers[places[0]], numbers[places[-1]]
        partials = {{"mul": {mul}, "add": [1.0, 1.0], "tanh": [{tanh}]}}[operation]
        for place, partial in zip(places, partials):
            adjoints[place] {assign} adjoints[result] * partial
    return adjoints
""",
                )
                for words, order, mul, tanh, assign in [
                    (
                        "from the end",
                        "range(first, len(numbers))",
                        "[b, a]",
                        "1 - numbers[-1] ** 2",
                        "+=",
                    ),
                    ("wrong way round", BACKWARDS, "[a, b]", "1 - math.tanh(a) ** 2", "+="),
                    ("at place 0", BACKWARDS, "[b, a]", "1 - a ** 2", "+="),
                    ("used twice", BACKWARDS, "[b, a]", "1 - math.tanh(a) ** 2", "="),
                ]
            ),
        ],
    ],
    "05": [
        [
            ("not yet", "my_sizes = (1, ..., 4)"),
            ("Expected three whole numbers", "my_sizes = (1, 2, 10)"),
            ("Expected three whole numbers", "my_sizes = (1, 2, 4, 8)"),
            ("+ 1 + 2 - 3 = 0", "my_sizes = (1, 2, 3)"),
            ("+ 5 - 5 = 0", "my_sizes = (5, 7, 5)"),
            ("this is 1 : 2 : 4", "my_sizes = (8, 2, 4)"),
            ("this is 2 : 3 : 4", "my_sizes = (4, 6, 8)"),
        ],
        [
            ("1 or more", "fourth = 0.5"),
            ("+ 1 + 4 - 5 = 0", "fourth = 5"),
            ("+ 1 + 2 - 3 = 0", "fourth = 3"),
            ("a smaller number does, too", "fourth = 9"),
        ],
        [
            ("4 is for six bits", "error_of_no = 4"),
            ("a factor of 1/2", "error_of_no = 16"),
            ("to which no is right", "error_of_no = 120"),
            ("most of the 256 rows", "error_of_no = 128"),
            ("Count the symmetric rows", "error_of_no = 1"),
        ],
    ],
    "06": [
        [
            ("a list of names", "def grandfathers(family, person):\n    return 'Andrew'"),
            (
                "the father of Colin",
                """
def grandfathers(family, person):
    return relatives(family, person)["father"]
""",
            ),
            *(
                (
                    words,
                    f"""
def grandfathers(family, person):
    mine = relatives(family, person)
    found = []
    for parent in {parents}:
        found += {found}
    return found
""",
                )
                for words, parents, found in [
                    (
                        "the mother's side counts",
                        'mine["father"]',
                        'relatives(family, parent)["father"]',
                    ),
                    (
                        "Christine is no grandfather",
                        'mine["father"] + mine["mother"]',
                        'sum([relatives(family, parent)[r] for r in ("father", "mother")], [])',
                    ),
                    (
                        "a name twice",
                        '2 * (mine["father"] + mine["mother"])',
                        'relatives(family, parent)["father"]',
                    ),
                ]
            ),
        ],
        [
            ("above 0", "half_life = -346"),
            ("of what is left", "half_life = 250"),
            ("0.368 of it is left", "half_life = 500"),
        ],
        [
            ("expected 24 numbers", "is_a_man = [1, 0] * 6"),
            ("only 0 and 1", "is_a_man = [1, -1] * 12"),
            ("Arthur is a man", "is_a_man = [1, 0, 0] * 8"),
            (
                "Colin is a man",
                "is_a_man = [n in [c.husband for c in ENGLISH + ITALIAN]"
                " for n in family_data.PEOPLE]",
            ),
        ],
    ],
    "07": [
        [
            (words, f"def derivative(w, y0, n):\n    return {formula}")
            for words, formula in [
                ("that is one copy", "w ** (n - 1) * y0"),
                ("that is the output itself", "w**n * y0"),
                ("what it starts from", "n * w ** (n - 1)"),
                ("one of the n factors w is gone", "n * w**n * y0"),
                ("backward finds 96, you say 7", "7.0"),
            ]
        ],
        [
            ("8 is not one of 1 to 6", "steps_that_work = [2, 4, 8]"),
            ("after 4 steps it is right as well", "steps_that_work = [2]"),
            ("turned over 1 times", "steps_that_work = [1, 3, 5]"),
            ("turned over 3 times", "steps_that_work = [2, 3, 4, 6]"),
        ],
    ],
    "10": [
        [
            ("a share for each score", "def my_softmax(scores):\n    return 1.0"),
            (
                "divided by their sum",
                "def my_softmax(scores):\n    return [s / sum(scores) for s in scores]",
            ),
            ("not to 1", "def my_softmax(scores):\n    return [math.exp(s) for s in scores]"),
            (
                "you say [1.0, 0.0, 0.0]",
                "def my_softmax(scores):\n    return [float(s == max(scores)) for s in scores]",
            ),
            *(
                (
                    words,
                    f"""
def my_softmax(scores):
    exps = [math.exp({score}) for score in scores]
    return [e / sum(exps) for e in exps]
""",
                )
                for words, score in [
                    ("for [1000.0, 1001.0]: math range error", "score"),
                    ("for [-1000.0, -1001.0]: ", "min(score, score - 1000, key=abs)"),
                    ("for [2.0, 1.0, -1.0]: ", "score - 1000"),
                ]
            ),
        ],
        [
            ("all *scores* are 0", "result_of_no_query = 0"),
            ("don't attract", "result_of_no_query = 30"),
            ("that is the sum", "result_of_no_query = 3 + 6 + 30"),
            ("what does the softmax make of them", "result_of_no_query = 6"),
        ],
        [
            ("a share for each score", "def tempered(scores, temperature):\n    return 1.0"),
            *(
                (words, f"def tempered(scores, temperature):\n    return {shares}")
                for words, shares in [
                    ("softmax is missing", "[s / temperature for s in scores]"),
                    ("you multiplied", "softmax([s * temperature for s in scores])"),
                    ("Divide the scores", "[s / temperature for s in softmax(scores)]"),
                    ("at temperature 0.5", "softmax([s - temperature for s in scores])"),
                ]
            ),
        ],
    ],
}
