"""What students get wrong in notebook 11: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("with zero_grad", "w_after_three = 0.8**3"),
        ("after one step", "w_after_three = 0.8"),
        ("after two steps", "w_after_three = 0.44"),
        ("that of the new w", "w_after_three = 1 - 0.1 * (2 + 4 + 6)"),
        ("that of the new w", "w_after_three = 1 - 3 * 0.2"),
        ("before the second step", "w_after_three = 0.3"),
    ],
    [
        ("what it should give", "sum_of_squares = 4 * 0.25"),
        ("there are 16 differences", "sum_of_squares = 16"),
        ("Square it", "sum_of_squares = 16 * 0.5"),
        ("don't cancel", "sum_of_squares = 0"),
        ("each square", "sum_of_squares = 0.25"),
        ("How many differences", "sum_of_squares = 2"),
    ],
]
