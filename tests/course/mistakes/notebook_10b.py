"""What students get wrong in notebook 10b: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("all *scores* are 0", "result_of_no_query = 0"),
        ("large values don't attract", "result_of_no_query = 30"),
        ("small values don't attract", "result_of_no_query = 3"),
        ("that is the sum", "result_of_no_query = 3 + 6 + 30"),
        ("that is each share", "result_of_no_query = 1 / 3"),
        ("what does the softmax make of them", "result_of_no_query = 6"),
    ],
    [
        ("it still knows their places", "without_place = gpt"),
        ("it sees the last letter alone", "without_place = net_of_last_letter"),
        (
            "expected scores for each of 5",
            "def without_place(letters):\n    return gpt(letters)[-1:]",
        ),
        ("expected 22 scores", "def without_place(letters):\n    return [[0.0] for _ in letters]"),
    ],
]
