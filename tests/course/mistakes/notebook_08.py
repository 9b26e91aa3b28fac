"""What students get wrong in notebook 08: for each exercise, the check's words and the code."""

BY_HAND = """
def my_gradient(W1, b1, W2, b2):
    hidden = sigmoid(cases @ W1 + b1)
    output = sigmoid(hidden @ W2 + b2)
    d_output = (output - targets) * output * (1 - output)
    d_hidden = d_output @ W2.T{}
    db1 = {}
    return cases.T @ d_hidden, db1, hidden.T @ d_output, d_output.sum(axis=0)
"""
MISTAKES = [
    [
        ("the truncation: the step is too large", "my_step = 1e-5"),
        ("the rounding: it is too small", "my_step = 1e-12"),
        ("is 1 for the computer", "my_step = 1e-17"),
        ("a step is above 0", "my_step = -1e-8"),
    ],
    [
        ("the slope is the sigmoid, 0.9526", "wrong_at = 3"),
        ("the sigmoid is 1, too", "wrong_at = 50"),
        ("should be a finite number", 'wrong_at = float("inf")'),
        ("but by 2e-09 only, which is too little for gradcheck to be sure", "wrong_at = 20"),
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
            "or m.exp(x)",
            "def slope(m, x):\n    return 1 / (1 + math.exp(-Value(x)))",
        ),
        ("slope gave None", "def slope(m, x):\n    m.sigmoid(x)"),
        ("math range error", "def slope(m, x):\n    return 1 / (1 + math.exp(-x))"),
        (
            "at x = 0 you say 0.25, and gradcheck 0.5",
            "def slope(m, x):\n    return m.sigmoid(x) * m.sigmoid(-x)",
        ),
    ],
    [
        ("begin with d_hidden", BY_HAND.format("", "d_hidden.sum(axis=0)")),
        ("averaged over 5", BY_HAND.format(" * hidden * (1 - hidden)", "d_hidden.mean(axis=0)")),
        ("expected shape (4,)", BY_HAND.format(" * hidden * (1 - hidden)", "d_hidden.sum(axis=1)")),
        ("the shapes don't fit", BY_HAND.format(" * hidden.T", "d_hidden.sum(axis=0)")),
    ],
]
