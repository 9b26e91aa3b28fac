"""What students get wrong in notebook 10: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("a share for each score", "def my_softmax(scores):\n    return 1.0"),
        (
            "divided by their sum",
            "def my_softmax(scores):\n    return [s / sum(scores) for s in scores]",
        ),
        (
            "not by that of the scores",
            "def my_softmax(scores):\n    return [math.exp(s) / sum(scores) for s in scores]",
        ),
        ("my_softmax gave None", "def my_softmax(scores):\n    [math.exp(s) for s in scores]"),
        ("real number, not list", "def my_softmax(scores):\n    return math.exp(scores)"),
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
                ("Something is divided by 0", "score - 1000"),
            ]
        ),
    ],
    [
        ("a share for each score", "def tempered(scores, temperature):\n    return 1.0"),
        *(
            (words, f"def tempered(scores, temperature):\n    return {shares}")
            for words, shares in [
                ("softmax is missing", "[s / temperature for s in scores]"),
                ("without a temperature", "softmax(scores)"),
                ("you multiplied", "softmax([s * temperature for s in scores])"),
                ("Divide the scores", "[s / temperature for s in softmax(scores)]"),
                ("without a temperature", "softmax([s - temperature for s in scores])"),
            ]
        ),
    ],
]
