"""What students get wrong in notebook 07: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        (words, f"def derivative(w, y0, n):\n    return {formula}")
        for words, formula in [
            ("that is one copy", "w ** (n - 1) * y0"),
            ("that is the output itself", "w**n * y0"),
            ("what it starts from", "n * w ** (n - 1)"),
            ("one of the n factors w is gone", "n * w**n * y0"),
            ("backward finds 240, you say 7", "7.0"),
        ]
    ],
    [
        ("8 is not one of 1 to 6", "steps_that_work = [2, 4, 8]"),
        ("after 4 steps it is right as well", "steps_that_work = [2]"),
        ("inverted 1 time", "steps_that_work = [1, 3, 5]"),
        ("inverted 3 times", "steps_that_work = [2, 3, 4, 6]"),
        ("expected a list", "steps_that_work = 2"),
        ("is text", "steps_that_work = ['2', '4', '6']"),
    ],
    [
        ("below a hundredth", "smallest_init = 4"),
        ("4.5, reach is 1.5e-02 already", "smallest_init = 5"),
        ("steps of a half", "smallest_init = 4.3"),
        ("much too large", "smallest_init = 1000"),
    ],
]
