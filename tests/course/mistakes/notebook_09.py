"""What students get wrong in notebook 09: for each exercise, the check's words and the code."""

BACKWARDS = "reversed(range(first, len(numbers)))"

MISTAKES = [
    [
        (
            "your if was decided at x = 1",
            "def leaky(x):\n    return x if x > 0 else 0.1 * x",
        ),
        ("That is relu", "def leaky(x):\n    return microbp.relu(x)"),
        ("The sign of x stays", "def leaky(x):\n    return abs(x)"),
        ("[3.0, -2.0]", "def leaky(x):\n    return x"),
        ("return a Value", "def leaky(x):\n    return x.data"),
        ("leaky gave None", "def leaky(x):\n    if x < 0:\n        return 0.1 * x"),
        ("write microbp.exp(x)", "def leaky(x):\n    return math.fabs(x)"),
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
]
