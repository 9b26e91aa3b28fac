"""What students get wrong in notebook 03: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("the slope of the sigmoid", "def slope_of_tanh(y):\n    return y * (1 - y)"),
        ("no second tanh", "def slope_of_tanh(y):\n    return 1 - math.tanh(y) ** 2"),
        (
            "at x = -0.7, where y = -0.6044, you say 1.604, but y moves 0.6347",
            "def slope_of_tanh(y):\n    return 1 - y",
        ),
        ("at x = -0.7", "def slope_of_tanh(y):\n    return 1 - y * abs(y)"),
        ("slope_of_tanh gave None", "def slope_of_tanh(y):\n    1 - y * y"),
        ("there is a minus", "def slope_of_tanh(y):\n    return 1 + y * y"),
        ("y squared is y * y", "def slope_of_tanh(y):\n    return 1 - 2 * y"),
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
        (
            "the sign",
            "def hidden_dE_dx(y, above):\n    return -sum(d * w for d, w in above) * y * (1 - y)",
        ),
        ("but backward finds", "def hidden_dE_dx(y, above):\n    return 0.0"),
        ("must be equally many", "def hidden_dE_dx(y, above):\n    d, w = above\n    return d * w"),
    ],
    [
        (
            "the unit is so sure that the slope in (5) is next to nothing",
            "input_without_gradient = 1000",
        ),
        ("the gradient is small, as the input is", "input_without_gradient = 1e-9"),
        ("See equation (6)", "input_without_gradient = 1"),
    ],
]
